// The map of an activity: Leaflet in place of the drawing of its track, over a grid, or
// over the tiles that the household has set. It shares the cursor with the charts.
"use strict";

{
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const metre = 1 / 111195; // in degrees of latitude

  // Grid is lines at whole kilometres or miles, or at a part or a multiple of them.
  const Grid = L.Layer.extend({
    initialize(options) { L.setOptions(this, options); },
    onAdd(map) {
      this.map = map;
      this.lines = L.layerGroup().addTo(map);
      map.on("moveend zoomend resize", this.draw, this);
      this.draw();
    },
    onRemove(map) {
      map.off("moveend zoomend resize", this.draw, this);
      this.lines.remove();
    },
    draw() {
      const { map, lines } = this;
      lines.clearLayers();
      const seen = map.getBounds().pad(0.1);
      const perLat = metre * this.options.unit;
      const perLon = perLat / Math.cos((seen.getCenter().lat * Math.PI) / 180);
      const wide = (seen.getNorth() - seen.getSouth()) / perLat;
      this.step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].find((d) => wide / d <= 8) ?? 5000;
      const style = { color: colour("rule"), weight: 1, interactive: false, renderer: this.options.renderer };
      const from = this.options.origin;
      for (const [at, per, low, high, span] of [
        [from.lat, perLat, seen.getSouth(), seen.getNorth(), (v) => [[v, seen.getWest()], [v, seen.getEast()]]],
        [from.lng, perLon, seen.getWest(), seen.getEast(), (v) => [[seen.getSouth(), v], [seen.getNorth(), v]]],
      ]) {
        const d = this.step * per;
        for (let v = at + Math.ceil((low - at) / d) * d; v < high; v += d) lines.addLayer(L.polyline(span(v), style));
      }
      this.options.say(this.step);
    },
  });

  // Buttons beside those for the zoom.
  const Buttons = L.Control.extend({
    options: { position: "topleft" },
    onAdd(map) {
      const bar = element("div", { class: "leaflet-bar", role: "group", "aria-label": "Map" });
      for (const [text, name, act] of this.options.list) {
        const b = element("button", { type: "button", "aria-label": name, title: name }, text);
        b.addEventListener("click", () => act(map, b));
        bar.append(b);
      }
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });

  class Track {
    constructor(box, rec) {
      this.box = box;
      this.rec = rec;
      this.at = rec.lat.map((lat, i) => lat === null || rec.lon[i] === null ? null : L.latLng(lat, rec.lon[i]));
      this.placed = rec.lat.flatMap((lat, i) => this.at[i] ? [i] : []);
      this.build();
      rec.addEventListener("cursor", () => this.showCursor());
      rec.addEventListener("part", () => this.showPart());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
      new MutationObserver(() => this.paint()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    }

    // levels are the pieces of each level of the chosen colour: rising, or of a pace the faster
    // the higher.
    levels() {
      const column = this.rec.columns.find((c) => c.name === this.box.dataset.colour);
      if (!column) return [];
      const cuts = this.box.dataset.cuts.split(" ").filter(Boolean).map(Number);
      const out = Array.from({ length: cuts.length + 1 }, () => []);
      let before = null;
      this.at.forEach((place, i) => {
        const v = column.values[i], from = this.at[i - 1];
        if (!place || !from || v === null) return before = null;
        const below = cuts.filter((cut) => cut <= v).length;
        const level = column.invert ? cuts.length - below : below;
        if (level !== before) out[level].push([from]);
        out[level].at(-1).push(place);
        before = level;
      });
      return out;
    }

    // ways draws arrows along what is seen of the track, so many pixels apart.
    ways() {
      const { map } = this, seen = map.getBounds().pad(0.1), step = 90, size = 5;
      const out = [];
      let since = step / 2, last = null;
      for (const place of this.at) {
        if (!place) {
          last = null;
          continue;
        }
        const p = map.latLngToLayerPoint(place), by = last && p.subtract(last), length = by ? Math.hypot(by.x, by.y) : 0;
        if (last && length < size) continue;
        if (last && (since += length) >= step) {
          since = 0;
          const along = by.divideBy(length / size), aside = L.point(-along.y, along.x);
          if (seen.contains(place)) {
            out.push([p.add(along), p.subtract(along).add(aside), p.subtract(along).subtract(aside)]
              .map((q) => map.layerPointToLatLng(q)));
          }
        }
        last = p;
      }
      this.arrows.setLatLngs(out.map((ring) => [ring]));
    }

    // pieces are stretches with places from one sample to another: lines do not cross
    // where there are none.
    pieces(from, to) {
      const out = [];
      for (let i = from; i <= to; i++) {
        if (!this.at[i]) continue;
        if (i === from || !this.at[i - 1]) out.push([]);
        out.at(-1).push(this.at[i]);
      }
      return out;
    }

    build() {
      const drawing = this.box.firstElementChild;
      const holder = element("div", { class: "track-map", role: "application", tabindex: "0",
        "aria-label": "Map of the track. Arrows move it, plus and minus zoom." });
      this.note = element("p", { class: "small muted", "data-map-note": "" });
      this.box.append(holder, this.note);
      drawing?.classList.add("replaced");
      this.holder = holder;
      const renderer = L.canvas({ padding: 0.3, tolerance: 8 });
      const map = this.map = L.map(holder, { renderer, preferCanvas: true, zoomControl: false,
        attributionControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile, zoomSnap: 0.25,
        maxZoom: +this.box.dataset.maxZoom || 19,
        fadeAnimation: !still.matches, zoomAnimation: !still.matches, markerZoomAnimation: !still.matches,
        inertia: !still.matches });
      const whole = this.pieces(0, this.at.length - 1);
      const bounds = L.latLngBounds(whole.flat());
      this.fit = () => map.fitBounds(bounds, { padding: [24, 24], animate: !still.matches });
      map.fitBounds(bounds, { padding: [24, 24], animate: false });
      new Buttons({ list: [["+", "Zoom in", () => map.zoomIn(1)], ["−", "Zoom out", () => map.zoomOut(1)],
        ["All", "Show the whole track", () => this.fit()], ["Full", "Full screen", () => this.full()]] }).addTo(map);
      const miles = this.rec.distance_unit === "mi";
      L.control.scale({ imperial: miles, metric: !miles }).addTo(map);
      const ground = { origin: bounds.getCenter(), unit: 1 / this.rec.distance_per_meter, renderer,
        say: (d) => this.say(d) };
      this.grid = new Grid(ground);
      if (this.box.dataset.tiles) this.tiles();
      else this.grid.addTo(map);
      const quiet = { interactive: false, renderer };
      this.casing = L.polyline(whole, { ...quiet, weight: 7 }).addTo(map);
      this.line = L.polyline(whole, { ...quiet, weight: 3 }).addTo(map);
      this.levelled = this.levels().map((list, i) => L.polyline(list, { ...quiet, weight: 2.5 + i }).addTo(map));
      const lost = whole.slice(1).map((piece, i) => [whole[i].at(-1), piece[0]]);
      this.lost = L.polyline(lost, { ...quiet, weight: 2, dashArray: "3 6" }).addTo(map);
      this.chosen = L.polyline([], { ...quiet, weight: 6 }).addTo(map);
      this.arrows = L.polygon([], { ...quiet, weight: 1, fillOpacity: 1 }).addTo(map);
      const spot = (i, radius) => L.circleMarker(this.at[i], { ...quiet, radius, weight: 2, fillOpacity: 1 });
      this.ticks = this.rec.laps.slice(1).map((l) => this.closest(nearest(this.rec.t, l.from))).map((i) =>
        spot(i, 3).addTo(map));
      this.ends = [spot(this.placed[0], 6).addTo(map), this.flag(this.placed.at(-1)).addTo(map)];
      this.cursor = spot(this.placed[0], 8);
      this.paint();
      breath().then(() => {
        this.ways();
        map.on("moveend", () => this.ways());
      });
      map.on("click", (e) => this.rec.move(this.under(e.latlng)));
      holder.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
      if (L.Browser.mobile) this.twoFingers();
    }

    // flag is the end: a square, so that it differs from the start without colour.
    flag(i) {
      return L.marker(this.at[i], { interactive: false, keyboard: false,
        icon: L.divIcon({ className: "track-end", iconSize: [12, 12] }) });
    }

    tiles() {
      const { tiles, attribution, maxZoom } = this.box.dataset;
      const layer = L.tileLayer(tiles, { maxZoom: +maxZoom || 19, referrerPolicy: "strict-origin-when-cross-origin" });
      const source = L.control.attribution({ prefix: false }).addTo(this.map);
      const text = element("span", {}, attribution);
      source.addAttribution(text.innerHTML); // as text: the element has escaped it
      layer.once("tileerror", () => {
        layer.remove();
        source.remove();
        this.grid.addTo(this.map);
        this.failed = true;
        this.say(this.grid.step);
      });
      layer.addTo(this.map);
    }

    say(d) {
      const unit = this.rec.distance_unit;
      const grid = d < 1 && unit === "km" ? d * 1000 + THIN + "m" : d + THIN + unit;
      this.note.textContent = (this.failed ? "The map tiles could not be loaded. " : "") + `Grid of ${grid}.`;
    }

    paint() {
      colours.clear();
      this.casing.setStyle({ color: colour("surface") });
      this.line.setStyle({ color: colour("blue") });
      this.levelled.forEach((line, i) => line.setStyle({ color: colour("series", "track-level-" + i) }));
      this.arrows.setStyle({ color: colour("surface"), fillColor: colour("ink") });
      this.lost.setStyle({ color: colour("edge") });
      this.chosen.setStyle({ color: colour("amber") });
      for (const s of [...this.ticks, this.ends[0], this.cursor]) {
        s.setStyle({ color: colour("ink"), fillColor: colour("surface") });
      }
      this.cursor.setStyle({ fillColor: colour("heart") });
      if (this.map.hasLayer(this.grid)) this.grid.draw();
    }

    // closest is the sample with a place that is nearest to one.
    closest(i) { return this.placed[nearest(this.placed, i)]; }

    // under is the sample that is nearest to a place.
    under(place) {
      const p = this.map.latLngToLayerPoint(place);
      let best = this.placed[0], least = Infinity;
      for (const i of this.placed) {
        const d = p.distanceTo(this.map.latLngToLayerPoint(this.at[i]));
        if (d < least) [best, least] = [i, d];
      }
      return best;
    }

    showCursor() {
      const place = this.at[this.rec.at];
      this.holder.dataset.at = place ? `${place.lat},${place.lng}` : "";
      if (!place) return this.cursor.remove(); // no signal
      this.cursor.setLatLng(place).addTo(this.map).bringToFront();
      if (!this.map.getBounds().contains(place)) this.map.panTo(place, { animate: !still.matches });
    }

    showPart() {
      const { part } = this.rec;
      this.chosen.setLatLngs(part ? this.pieces(part.from, part.to) : []);
      this.holder.toggleAttribute("data-chosen", Boolean(part));
      if (!part) return;
      const bounds = this.chosen.getBounds();
      if (bounds.isValid() && !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { padding: [24, 24] });
    }

    // wheel zooms with Ctrl only: without, the page scrolls.
    wheel(e) {
      if (!e.ctrlKey && !e.metaKey) return;
      e.preventDefault();
      const at = this.map.mouseEventToContainerPoint(e);
      this.map.setZoomAround(at, this.map.getZoom() - Math.sign(e.deltaY) * 0.5, { animate: false });
    }

    // twoFingers move the map; one scrolls the page.
    twoFingers() {
      const { holder, map } = this;
      holder.addEventListener("touchstart", (e) => {
        if (e.touches.length > 1) map.dragging.enable();
      }, { capture: true, passive: true });
      holder.addEventListener("touchend", (e) => {
        if (e.touches.length < 2) map.dragging.disable();
      }, { passive: true });
    }

    full() {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.holder.requestFullscreen?.();
    }
  }

  for (const box of document.querySelectorAll("[data-map]")) {
    recordingAt(box.dataset.samples).then((rec) => {
      if (rec.lat.some((lat) => lat !== null)) new Track(box, rec);
      requestAnimationFrame(() => performance.mark("map"));
    }).catch(console.warn); // the drawing stays
  }
}
