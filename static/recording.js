// What charts.js and map.js share: the recording of an activity, and small helpers.
"use strict";

// A recording is one activity by columns, with a cursor (an index of its samples) and a
// chosen part, which everything on the page shares.
class Recording extends EventTarget {
  at = null;
  part = null; // { from, to, name }, indexes

  constructor(json) {
    super();
    Object.assign(this, withBreaks(json));
    this.clockAt = (json.start + json.offset) % 86400;
    this.axes = {};
    if (this.distance.length) {
      const far = rising(this.distance.map((m) => m === null ? null : m * json.distance_per_meter));
      this.axes.distance = { x: far, write: (v) => number(v, 2) + THIN + json.distance_unit,
        tick: (v) => +v.toFixed(2) + THIN + json.distance_unit };
    }
    if (this.moving.length) this.axes.moving = { x: rising(this.moving), time: true, write: lasting, tick: lasting };
    const clock = (s) => timeOfDay(Math.round(s), json.clock);
    this.axes.clock = { x: this.t.map((s) => s + this.clockAt), time: true, write: clock, tick: clock };
  }

  move(i) {
    this.at = Math.min(Math.max(i, 0), this.t.length - 1);
    this.dispatchEvent(new Event("cursor"));
  }

  choose(part) {
    this.part = part && part.to > part.from ? part : null;
    this.dispatchEvent(new Event("part"));
  }

  lap(index) {
    const lap = this.laps.find((l) => l.index === index);
    if (!lap) return;
    const first = (s) => { // the first sample at or after it
      const i = this.t.findIndex((t) => t >= s);
      return i < 0 ? this.t.length - 1 : i;
    };
    this.choose({ from: first(lap.from), to: first(lap.to), lap: index, name: "Lap " + index });
  }

  // Why there may be nothing at a sample.
  why(i) {
    const within = (s) => this.t[i] > s.from && this.t[i] < s.to;
    if (this.pauses.some(within)) return "paused";
    return this.gaps.find(within)?.why ?? "";
  }
}

// breath lets the browser answer taps and scrolling between two pieces of long work.
const breath = () => new Promise((go) => setTimeout(go));

const recordings = {};

// recordingAt fetches the samples of an address once. The request has no headers of its
// own: it is the one that the page preloads.
async function recordingAt(url) {
  const rec = await (recordings[url] ??= recordingOf(url));
  await breath(); // for each who waits: one draws a map, another charts
  return rec;
}

async function recordingOf(url) {
  const res = await fetch(url);
  if (!res.ok) throw new Error(res.statusText);
  const json = await res.json();
  await breath();
  return new Recording(json);
}

// withBreaks adds a sample without values to each stretch that has none, so that no
// line crosses it.
function withBreaks(json) {
  const holes = [...json.gaps, ...json.pauses].map((h) => (h.from + h.to) / 2).sort((a, b) => a - b);
  const rows = []; // of json, or -1
  const t = [];
  json.t.forEach((s, i) => {
    const last = json.t[i - 1];
    while (holes.length && holes[0] < s) {
      const at = holes.shift();
      if (at > last && rows.at(-1) !== -1) {
        rows.push(-1);
        t.push(at);
      }
    }
    rows.push(i);
    t.push(s);
  });
  const pick = (list) => list?.length ? rows.map((i) => i < 0 ? null : list[i]) : [];
  return { ...json, t, weights: pick(json.weights), lat: pick(json.lat), lon: pick(json.lon), distance: pick(json.distance),
    moving: pick(json.moving), columns: json.columns.map((c) => ({ ...c, values: pick(c.values) })) };
}

// rising fills what is missing with what was before: an axis has no holes and goes on.
function rising(list) {
  let most = 0;
  return list.map((v) => most = Math.max(most, v ?? 0));
}

// nearest is the index in a rising list that is nearest to a value.
function nearest(list, v) {
  let lo = 0, hi = list.length - 1;
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (list[mid] < v) lo = mid;
    else hi = mid;
  }
  return v - list[lo] < list[hi] - v ? lo : hi;
}

function number(v, decimals) {
  const [whole, part] = v.toFixed(decimals).replace("-", "−").split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, THIN) + (part ? "." + part : "");
}

function lasting(s) {
  s = Math.round(s);
  const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return (h ? h + ":" + pad(m) : m) + ":" + pad(s % 60);
}

// write is a number of a column as text: minutes as 5:30.
const write = (c, v) => c.pace ? lasting(v * 60) : number(v, c.decimals);
const measured = (c, v) => write(c, v) + (c.unit ? THIN + c.unit : "");

function element(tag, attributes, ...inner) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  el.append(...inner);
  return el;
}

// Colours are those of the style sheet, as the theme has them.
const colours = new Map();
let probe = null;

function colour(name, drawn = "") {
  const key = name + drawn;
  if (!colours.has(key)) {
    probe ??= document.body.appendChild(element("span", { hidden: "" }));
    probe.className = drawn;
    probe.style.color = `var(--${name})`;
    colours.set(key, getComputedStyle(probe).color);
    probe.className = "";
  }
  return colours.get(key);
}

// seriesColour is the colour that the drawing of a measure has.
const seriesColour = (name) => colour("series", "plot plot-" + name);
