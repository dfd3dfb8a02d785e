// Charts of an activity: lanes of uPlot in place of the drawing of a figure, over the
// samples at its data-samples. Maps share the recording, its cursor and its chosen part.
"use strict";

{
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // figures of a part: what each column has in it. A sample counts by its weight, the time to
  // the next one, so that the last one of a part has none.
  function figuresOf(rec, from, to) {
    return rec.columns.map((c) => {
      let sum = 0, weight = 0, low = Infinity, high = -Infinity, base = null, climb = 0;
      for (let i = from; i <= to; i++) {
        const v = c.values[i];
        if (v === null) continue;
        const w = i < to ? rec.weights[i] : 0;
        sum += w * (c.pace ? 1 / v : v); // a mean pace is time by distance
        weight += w;
        low = Math.min(low, v);
        high = Math.max(high, v);
        base = Math.min(base ?? v, v);
        if (v - base >= c.noise) {
          climb += v - base;
          base = v;
        }
      }
      const mean = c.pace ? weight / sum : sum / weight;
      return { column: c, n: weight, mean, low, high, climb };
    });
  }

  // Lanes are the charts of a figure.
  class Lanes {
    constructor(figure, rec) {
      this.figure = figure;
      this.rec = rec;
      this.plots = [];
      const link = document.querySelector('[data-x][aria-current="true"]');
      this.axis = rec.axes[link?.dataset.x] ? link.dataset.x : Object.keys(rec.axes)[0];
      this.frame();
      this.keys();
      rec.addEventListener("cursor", () => this.showCursor());
      rec.addEventListener("part", () => this.showPart());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
      new MutationObserver(() => this.repaint()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
      new ResizeObserver(() => this.fit()).observe(this.box);
    }

    get x() { return this.rec.axes[this.axis].x; }

    frame() {
      const tool = (text, name, act) => {
        const b = element("button", { type: "button", "aria-label": name, title: name }, text);
        b.addEventListener("click", act);
        return b;
      };
      this.out = element("output", { "aria-live": "off" }, "Point at a chart, or press ← → here, to read values.");
      this.read = element("div", { class: "readout", "data-readout": "", role: "slider", tabindex: "0",
        "aria-label": "Moment of the activity", "aria-valuemin": "0", "aria-valuemax": String(this.rec.t.length - 1),
        "aria-valuenow": "0", "aria-valuetext": "nothing read yet" }, this.out);
      this.live = element("p", { class: "sr", "aria-live": "polite", "data-spoken": "" });
      this.stats = element("p", { class: "part", "data-part": "", hidden: "" });
      this.box = element("div", { class: "lanes uplots" });
      const tools = element("div", { class: "plot-tools", role: "group", "aria-label": "Zoom" },
        tool("+", "Zoom in", () => this.zoom(0.5)), tool("−", "Zoom out", () => this.zoom(2)),
        tool("All", "Show all", () => this.reset()));
      const drawing = this.figure.querySelector("[data-drawing]");
      drawing.before(tools, this.read, this.stats, this.live, this.box);
      drawing.classList.add("replaced");
      this.holders = this.rec.columns.map((c, i) => this.holder(c, i === this.rec.columns.length - 1));
      for (const a of document.querySelectorAll("[data-x]")) a.addEventListener("click", (e) => this.turn(e, a));
    }

    // holder has the room of a lane, so that nothing below moves when it is drawn.
    holder(c, last) {
      const holder = element("div", { class: "uplane" });
      holder.style.minHeight = `calc(${heightOf(c, last)}px + 0.5rem)`;
      this.box.append(element("div", { class: "lane" },
        element("div", { class: "lane-head" }, element("h3", {}, c.label), element("p", {}, c.unit)), holder));
      return holder;
    }

    // draw draws the lanes one by one: each takes a slow phone a while.
    async draw() {
      for (const [i, holder] of this.holders.entries()) {
        await breath();
        this.lane(this.rec.columns[i], holder, i === this.holders.length - 1);
      }
      this.showCursor(true);
    }

    lane(c, holder, last) {
      const alone = c.values.map((v, i) => i).filter((i) =>
        c.values[i] !== null && c.values[i - 1] == null && c.values[i + 1] == null);
      const axis = (more) => ({ stroke: () => colour("muted"), font: "12px system-ui, sans-serif", ...more,
        grid: { stroke: () => colour("rule"), width: 1 }, ticks: { show: false } });
      const ink = () => seriesColour(c.name);
      const u = new uPlot({
        width: holder.clientWidth || 600, height: heightOf(c, last),
        padding: [8, 24, last ? 0 : 8, 0],
        legend: { show: false },
        select: { show: true, left: 0, top: 0, width: 0, height: 0 },
        cursor: { y: false, drag: { x: false, y: false }, bind: unbound,
          points: { size: 8, width: 2, stroke: ink, fill: () => colour("surface") } },
        scales: {
          x: { time: false, range: (_, min, max) => [min, max] },
          y: { dir: c.invert ? -1 : 1, range: (_, min, max) => min === null ? [0, 1] : roomy(min, max) },
        },
        series: [{}, { stroke: ink, width: 1.5, spanGaps: false,
          points: { show: false, filter: () => alone, size: 4 } }],
        axes: [
          axis({ size: last ? 28 : 0, incrs: () => this.steps(), values: (_, list) => last ? list.map((v) =>
            this.rec.axes[this.axis].tick(v)) : [] }),
          axis({ size: 44, space: 24,
            values: (_, list) => list.map((v) => write({ ...c, decimals: wholes(list) }, v)) }),
        ],
        hooks: { drawClear: [(u) => this.ground(u)] },
      }, [this.x, c.values], holder);
      if (this.plots.length) {
        const [min, max] = this.window(); // which may have been chosen before this lane was there
        u.setScale("x", { min, max });
      }
      this.plots.push(u);
      this.pointers(u);
    }

    steps() {
      return this.rec.axes[this.axis].time
        ? [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200]
        : [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200];
    }

    // ground draws what stands behind a line: pauses, gaps, laps and the chosen part.
    ground(u) {
      const { ctx, bbox } = u;
      const at = (t) => u.valToPos(this.x[nearest(this.rec.t, t)], "x", true);
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.fillStyle = colour("raised");
      for (const p of this.rec.pauses) ctx.fillRect(at(p.from), bbox.top, at(p.to) - at(p.from), bbox.height);
      ctx.strokeStyle = colour("edge");
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash([1.5 * devicePixelRatio, 3.5 * devicePixelRatio]);
      for (const g of this.rec.gaps) {
        for (let x = at(g.from); x < at(g.to); x += 5 * devicePixelRatio) line(ctx, x, bbox);
      }
      ctx.strokeStyle = colour("rule");
      ctx.setLineDash([4, 4]);
      for (const l of this.rec.laps.slice(1)) line(ctx, at(l.from), bbox);
      const [first, end] = this.window();
      if (this.rec.part && (this.x[this.rec.part.from] > first || this.x[this.rec.part.to] < end)) {
        const [from, to] = [this.rec.part.from, this.rec.part.to].map((i) => u.valToPos(this.x[i], "x", true));
        ctx.fillStyle = colour("accent");
        ctx.globalAlpha = 0.14;
        ctx.fillRect(from, bbox.top, to - from, bbox.height);
      }
      ctx.restore();
    }

    // pointers: a mouse reads, and drags to choose and zoom; a finger reads, two zoom.
    pointers(u) {
      const down = new Map();
      let began = null, tapped = 0, pinch = null;
      const left = (e) => e.clientX - u.over.getBoundingClientRect().left;
      const index = (px) => nearest(this.x, u.posToVal(px, "x"));
      const spread = () => [...down.values()].map((px) => u.posToVal(px, "x")).sort((a, b) => a - b);
      u.over.addEventListener("pointerdown", (e) => {
        down.set(e.pointerId, left(e));
        u.over.setPointerCapture(e.pointerId);
        if (down.size === 1) began = left(e);
        else if (down.size === 2) pinch = spread();
        if (e.pointerType !== "mouse") this.rec.move(index(left(e)));
      });
      u.over.addEventListener("pointermove", (e) => {
        if (down.has(e.pointerId)) down.set(e.pointerId, left(e));
        if (pinch) return this.pinch(u, pinch, [...down.values()].sort((a, b) => a - b));
        this.rec.move(index(left(e)));
        if (e.pointerType === "mouse" && down.size) this.brush(began, left(e));
      });
      const up = (e) => {
        const end = left(e), far = Math.abs(end - began) > 5;
        if (e.type === "pointerup" && e.pointerType === "mouse" && down.size && far) {
          const [from, to] = [index(began), index(end)].sort((a, b) => a - b);
          this.rec.choose({ from, to, name: "Part" });
          this.show(this.x[from], this.x[to]);
        } else if (e.type === "pointerup" && !pinch && !far) {
          if (e.timeStamp - tapped < 350) this.reset();
          tapped = e.timeStamp;
        }
        this.brush(0, 0);
        down.delete(e.pointerId);
        if (!down.size) pinch = null;
      };
      u.over.addEventListener("pointerup", up);
      u.over.addEventListener("pointercancel", up);
    }

    brush(a, b) {
      for (const u of this.plots) {
        u.setSelect({ left: Math.min(a, b), width: Math.abs(b - a), top: 0, height: u.over.clientHeight }, false);
      }
    }

    // pinch keeps the values that were under two fingers under them.
    pinch(u, values, px) {
      if (px.length < 2 || px[1] - px[0] < 8) return;
      const per = (values[1] - values[0]) / (px[1] - px[0]);
      const min = values[0] - px[0] * per;
      this.show(min, min + per * u.over.clientWidth);
    }

    keys() {
      this.read.addEventListener("keydown", (e) => {
        if (e.altKey || e.ctrlKey || e.metaKey) return;
        const { rec } = this;
        const [first, last] = this.window().map((v) => nearest(this.x, v));
        const at = rec.at ?? first;
        const starts = rec.laps.map((l) => nearest(rec.t, l.from));
        const next = {
          ArrowRight: e.shiftKey ? starts.find((i) => i > at) ?? last : at + 1,
          ArrowLeft: e.shiftKey ? starts.findLast((i) => i < at) ?? first : at - 1,
          Home: first, End: last,
        }[e.key];
        if (next === undefined) return;
        e.preventDefault();
        e.stopPropagation();
        rec.move(next);
        this.follow();
      });
      document.addEventListener("keydown", (e) => {
        if (e.key === "Escape" && !e.defaultPrevented && !e.target.closest("dialog")) this.reset();
      });
      document.addEventListener("click", (e) => {
        const lap = e.target.closest("[data-lap]");
        if (lap && !e.defaultPrevented) this.rec.lap(+lap.dataset.lap);
      });
      for (const row of document.querySelectorAll("tr[data-lap]")) {
        if (row.querySelector("a, button")) continue;
        row.tabIndex = 0;
        row.addEventListener("keydown", (e) => { if (e.key === "Enter") this.rec.lap(+row.dataset.lap); });
      }
    }

    // window is what is shown, as values of the axis.
    window() {
      const { min, max } = this.plots[0]?.scales.x ?? {};
      return [min ?? this.x[0], max ?? this.x.at(-1)];
    }

    show(min, max) {
      const first = this.x[0], last = this.x.at(-1);
      const least = (last - first) / Math.max(this.x.length / 8, 2);
      const wide = Math.min(Math.max(max - min, least), last - first);
      min = Math.min(Math.max(min, first), last - wide);
      for (const u of this.plots) u.setScale("x", { min, max: min + wide });
      this.showCursor(true);
    }

    zoom(factor) {
      const [min, max] = this.window();
      const { part } = this.rec;
      if (factor < 1 && part && this.x[part.to] - this.x[part.from] < max - min) {
        return this.show(this.x[part.from], this.x[part.to]);
      }
      const at = this.x[this.rec.at];
      const middle = at >= min && at <= max ? at : (min + max) / 2;
      this.show(middle - (middle - min) * factor, middle + (max - middle) * factor);
    }

    reset() {
      this.rec.choose(null);
      this.show(this.x[0], this.x.at(-1));
    }

    // follow moves the window along with a cursor that leaves it.
    follow() {
      const [min, max] = this.window();
      const at = this.x[this.rec.at];
      if (at < min) this.show(at, at + max - min);
      if (at > max) this.show(at - max + min, at);
    }

    // turn changes the axis without loading the page.
    turn(e, a) {
      if (e.ctrlKey || e.metaKey || e.shiftKey || !this.rec.axes[a.dataset.x]) return;
      e.preventDefault();
      const [from, to] = this.window().map((v) => nearest(this.x, v));
      this.axis = a.dataset.x;
      for (const b of document.querySelectorAll("[data-x]")) b.setAttribute("aria-current", String(b === a));
      history.replaceState(null, "", a.href);
      this.plots.forEach((u, i) => u.setData([this.x, this.rec.columns[i].values], false));
      this.show(this.x[from], this.x[to]);
    }

    fit() {
      for (const u of this.plots) {
        const width = u.root.parentElement.clientWidth;
        if (width && width !== u.width) u.setSize({ width, height: u.height });
      }
      this.showCursor(true);
    }

    repaint() {
      colours.clear();
      for (const u of this.plots) u.redraw(false, true);
    }

    showCursor(quiet) {
      const { at } = this.rec;
      if (at === null) return;
      const [min, max] = this.window(), x = this.x[at];
      for (const u of this.plots) u.setCursor({ left: x < min || x > max ? -10 : u.valToPos(x, "x"), top: 0 }, false);
      if (quiet === true) return;
      this.say(at);
    }

    say(at) {
      const { rec } = this;
      const why = rec.why(at);
      const place = [rec.axes.distance?.write(rec.axes.distance.x[at]), lasting(rec.t[at]),
        rec.axes.clock.write(rec.axes.clock.x[at])].filter(Boolean);
      const bits = [element("b", {}, place.join(" · "))];
      if (why) bits.push(element("span", {}, why));
      for (const c of rec.columns) {
        const v = c.values[at];
        if (v === null && why) continue;
        bits.push(element("span", {}, element("span", { class: "lbl" }, c.label + " "),
          element("b", {}, v === null ? "–" : measured(c, v))));
      }
      this.out.replaceChildren(...bits);
      const text = bits.map((b) => b.textContent).join(", ");
      this.read.setAttribute("aria-valuenow", String(at));
      this.read.setAttribute("aria-valuetext", text);
      // Keys in the read-out speak by its value; what else moves the cursor, here.
      if (document.activeElement !== this.read) this.speak(text);
    }

    speak(text) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => { this.live.textContent = text; }, 400);
    }

    showPart() {
      const { rec } = this;
      for (const u of this.plots) u.redraw(false, false);
      for (const row of document.querySelectorAll("[data-lap]")) {
        row.toggleAttribute("data-chosen", rec.part?.lap === +row.dataset.lap);
      }
      this.stats.hidden = !rec.part;
      this.stats.textContent = rec.part ? this.words(rec.part) : "";
      if (rec.part) this.speak(this.stats.textContent);
    }

    // words are the statistics of a part.
    words({ from, to, name }) {
      const { rec } = this;
      const far = rec.axes.distance;
      const took = [far && far.write(far.x[to] - far.x[from]), lasting(rec.t[to] - rec.t[from])].filter(Boolean);
      const list = figuresOf(rec, from, to).map(({ column: c, n, mean, low, high, climb }) => !n ? c.label + " –"
        : `${c.label} ${write(c, mean)} (${write(c, low)}–${measured(c, high)})` +
          (c.noise ? `, climb ${measured({ ...c, decimals: 0 }, climb)}` : ""));
      return `${name}: ${[took.join(" in "), ...list].join(" · ")}`;
    }
  }

  // uPlot listens to none of these: pointers are ours.
  const unbound = Object.fromEntries(["mousedown", "mouseup", "click", "dblclick", "mousemove", "mouseleave",
    "mouseenter"].map((name) => [name, () => null]));

  // heightOf is that of a lane in pixels; the last one has the axis.
  const heightOf = (c, last) => (c.name === "heart_rate" ? 160 : 96) + (last ? 28 : 0);

  function line(ctx, x, { top, height }) {
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
  }

  function roomy(min, max) {
    const room = (max - min) * 0.08 || 1;
    return [min - room, max + room];
  }

  // wholes is how many decimals tell the ticks of an axis apart.
  const wholes = (list) => list.length > 1 && list[1] - list[0] < 1 ? (list[1] - list[0] < 0.1 ? 2 : 1) : 0;

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      recordingAt(target.dataset.samples).then(async (rec) => {
        if (rec.t.length > 1 && rec.columns.length) await new Lanes(target, rec).draw();
        requestAnimationFrame(() => performance.mark("charts"));
      }).catch(console.warn); // the drawing stays
    }
  }, { rootMargin: "200px" });
  for (const figure of document.querySelectorAll("[data-samples]:not([data-map])")) seen.observe(figure);
}
