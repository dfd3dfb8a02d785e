// Everything here is a convenience: each page works without it.
"use strict";

const THIN = "\u202f";
const pad = (n) => String(n).padStart(2, "0");

// timeOfDay writes seconds after midnight as ui/text/clock.go does: 19:05 or 7:05 pm.
function timeOfDay(s, clock) {
  const h = Math.floor(s / 3600) % 24, m = pad(Math.floor(s / 60) % 60);
  return clock === "12" ? (h % 12 || 12) + ":" + m + THIN + (h < 12 ? "am" : "pm") : pad(h) + ":" + m;
}

// Relative times tick. After a day they stay as they are.
function ago(then, now) {
  const s = Math.floor((now - then) / 1000);
  if (s < 60) return "just now";
  if (s < 3600) return Math.floor(s / 60) + THIN + "min ago";
  if (s < 86400) return Math.floor(s / 3600) + THIN + "h ago";
  return "";
}

function tick() {
  for (const t of document.querySelectorAll("time[data-ago]")) {
    const text = ago(Date.parse(t.dateTime), Date.now());
    if (text && t.textContent !== text) t.textContent = text;
  }
}

// The shared cursor of a day: one line through all lanes, one read-out.
function ribbon(figure) {
  const from = +figure.dataset.from, to = +figure.dataset.to;
  const box = figure.querySelector("[data-lanes]");
  const read = figure.querySelector("[data-readout]");
  const out = read.querySelector("output");
  const spans = (text) => text.split(";").filter(Boolean).map((w) => {
    const [a, b, ...label] = w.split(" ");
    return { from: a * 1000, to: b * 1000, label: label.join(" ") };
  });
  const lanes = [...figure.querySelectorAll("[data-lane]")].map((el) => ({
    title: el.dataset.lane,
    unit: el.dataset.unit,
    step: +el.dataset.step * 1000,
    values: el.dataset.values.split(","),
    words: spans(el.dataset.words),
    reasons: spans(el.dataset.reasons),
    svg: el.querySelector("svg.plot"),
  }));
  const seams = figure.dataset.seams.split(",").filter(Boolean).map((s) => s.split(" ").map(Number));
  let at = null;

  function clock(t) {
    let offset = +figure.dataset.offset;
    let twice = ""; // where the clock was put back, a time comes twice
    for (const [when, o] of seams) {
      const back = (offset - o) * 1000;
      if (t >= when - back && t < when) twice = "a";
      if (t >= when && t < when + back) twice = "b";
      if (t >= when) offset = o;
    }
    const hours = figure.dataset.clock;
    if (hours === "12" && twice) twice = THIN + `(${twice})`;
    return timeOfDay(t / 1000 + offset, hours) + twice;
  }

  function value(lane, t) {
    const here = (w) => t >= w.from && t < w.to;
    const v = lane.values[Math.floor(t / lane.step)];
    if (v) return v.replace(/(\d)-/, "$1–") + (lane.unit ? THIN + lane.unit : "");
    return (lane.words.find(here) || lane.reasons.find(here))?.label ?? "";
  }

  function say(t) {
    const bits = [piece("b", clock(t))];
    for (const lane of lanes) {
      const v = value(lane, t - from);
      if (!v) continue;
      const name = v.toLowerCase() === lane.title.toLowerCase() ? [] : [piece("span", lane.title + " ", "lbl")];
      bits.push(piece("span", "", ...name, piece("b", v)));
    }
    out.replaceChildren(...bits);
    return bits.map((b) => b.textContent).join(", ");
  }

  function piece(tag, text, ...more) {
    const el = document.createElement(tag);
    el.textContent = text;
    if (typeof more[0] === "string") el.className = more.shift();
    el.append(...more);
    return el;
  }

  function move(t) {
    at = Math.min(Math.max(t, from), to - 1);
    const x = (100 * (at - from)) / (to - from) + "%";
    for (const { svg } of lanes) {
      let line = svg.querySelector(".cursor");
      if (!line) {
        line = document.createElementNS(svg.namespaceURI, "line");
        line.setAttribute("class", "cursor");
        line.setAttribute("y1", "0");
        line.setAttribute("y2", "100%");
        svg.append(line);
      }
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
    }
    aria("valuenow", String(Math.round((at - from) / 60000)));
    aria("valuetext", say(at));
  }

  function timeAt(e) {
    const r = lanes[0].svg.getBoundingClientRect();
    return from + ((e.clientX - r.left) / r.width) * (to - from);
  }

  function point(e) {
    const t = timeAt(e);
    if (t >= from && t <= to) move(t);
  }

  // Dragging with a mouse shows a part; on touch screens it scrolls, and the links zoom.
  function dragging(base) {
    let start = null;
    const bounds = (e) => [start, Math.min(Math.max(timeAt(e), from), to)].sort((a, b) => a - b);
    box.addEventListener("mousedown", (e) => {
      const t = timeAt(e);
      if (e.button || t < from || t > to || e.target.closest("a")) return;
      e.preventDefault();
      start = t;
    });
    box.addEventListener("mousemove", (e) => {
      if (start === null) return;
      const [a, b] = bounds(e);
      for (const { svg } of lanes) {
        const part = svg.querySelector(".chosen") ?? document.createElementNS(svg.namespaceURI, "rect");
        const set = { class: "chosen", x: (100 * (a - from)) / (to - from) + "%", width: (100 * (b - a)) / (to - from) + "%", height: "100%" };
        for (const name in set) part.setAttribute(name, set[name]);
        svg.append(part);
      }
    });
    addEventListener("mouseup", (e) => {
      if (start === null) return;
      const [a, b] = bounds(e);
      start = null;
      for (const { svg } of lanes) svg.querySelector(".chosen")?.remove();
      if (b - a > (to - from) / 50) location.href = `${base}?from=${Math.round(a / 1000)}&to=${Math.round(b / 1000)}#over-time`;
    });
  }

  const aria = (name, text) => read.setAttribute("aria-" + name, text);
  read.tabIndex = 0;
  read.setAttribute("role", "slider");
  aria("label", "Moment of the day");
  aria("valuemin", "0");
  aria("valuemax", String(Math.round((to - from) / 60000)));
  aria("valuenow", "0");
  aria("valuetext", "nothing read yet");
  read.hidden = false;
  box.addEventListener("pointermove", point);
  box.addEventListener("pointerdown", point);
  const zoom = figure.closest("[data-zoom]");
  if (zoom) dragging(zoom.dataset.zoom);
  read.addEventListener("keydown", (e) => {
    const step = (e.shiftKey ? 30 : 2) * 60000;
    const noon = (from + to) / 2;
    const next = { ArrowLeft: (at ?? noon) - step, ArrowRight: (at ?? noon) + step, Home: from, End: to }[e.key];
    if (next === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    move(next);
  });
}

// Left and right lead to the neighbouring day, unless something else has the
// keys.
function dayKeys(e) {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || e.defaultPrevented) return;
  if (e.target.closest("input, select, textarea, [tabindex='0']")) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(e.key)}"]`);
  if (link) link.click();
}

// Arrows lead from cell to cell of a month, over those without a link.
function cellKeys(e) {
  if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey) return;
  const cell = e.target.closest(".month :is(td, th)");
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
  if (!cell || !step) return;
  e.preventDefault();
  const { rows } = cell.closest("table");
  let row = cell.parentElement.rowIndex, column = cell.cellIndex, next;
  do next = rows[row += step[0]]?.cells[column += step[1]];
  while (next && !next.querySelector("a"));
  next?.querySelector("a").focus();
}

// What is typed into a field hides the entries of a list that are without it.
function filter(list) {
  const plain = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const field = document.getElementById(list.dataset.filter);
  field?.addEventListener("input", () => {
    for (const entry of list.children) entry.hidden = !plain(entry.textContent).includes(plain(field.value));
  });
}

// Buttons that copy a text, and a field with all time zones that the browser knows.
function conveniences() {
  for (const b of document.querySelectorAll("[data-copy]")) {
    b.hidden = false;
    b.ariaLive = "polite";
  }
  for (const f of document.querySelectorAll("[data-zone]")) {
    f.list.replaceChildren(...Intl.supportedValuesOf("timeZone").map((z) => new Option(z, z)));
    if (f.dataset.zone) f.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}

async function copy(e) {
  const b = e.target.closest("[data-copy]");
  if (!b) return;
  const from = document.getElementById(b.dataset.copy);
  if (from.select) from.select();
  else getSelection().selectAllChildren(from);
  // The clipboard is there over HTTPS and on this machine; the command, everywhere.
  const copied = navigator.clipboard
    ? await navigator.clipboard.writeText(from.value ?? from.textContent).then(() => true)
    : document.execCommand("copy");
  b.ariaLabel = b.textContent = copied ? "Copied" : "Selected";
}

// What is new replaces what is shown, unless somebody is busy in it.
async function refresh() {
  const here = document.querySelector("[data-live]");
  const busy = () => here.contains(document.activeElement) && !document.activeElement.dataset.copy;
  if (!here || busy()) return;
  const res = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!res.ok) return;
  const page = new DOMParser().parseFromString(await res.text(), "text/html");
  const fresh = page.querySelector(`[data-live="${here.dataset.live}"]`);
  if (fresh && !busy()) {
    const copied = here.contains(document.activeElement) && document.activeElement.dataset.copy;
    here.replaceWith(fresh);
    conveniences();
    if (copied) document.querySelector(`[data-copy="${copied}"]`)?.focus();
  }
  const say = document.querySelector("[data-say]");
  const text = page.querySelector("[data-say]")?.textContent;
  if (text && say.textContent !== text) say.textContent = text;
  for (const name of [".nav-inbox", ".nav-alerts"]) {
    const nav = document.querySelector(name);
    const newNav = page.querySelector(name);
    if (nav && newNav && nav !== document.activeElement) nav.replaceWith(newNav);
  }
}

// One stream, and only while the page is looked at: browsers allow few
// connections to one host. Changes that come in a crowd are one refresh.
let stream = null;
let timer = 0;

function soon(wait = 1500) {
  timer ||= setTimeout(() => {
    timer = 0;
    refresh().catch(() => {});
  }, wait);
}

// A form leads to another page, and this one may be gone by then, as that of an erased person.
function leave() {
  clearTimeout(timer);
  timer = 0;
  soon(10000); // unless it was a download
}

function listen() {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else if (!stream && document.querySelector("[data-live]")) {
    stream = new EventSource(document.querySelector("[data-live]").dataset.stream || "/events");
    stream.addEventListener("change", () => soon());
  }
}

document.querySelectorAll("[data-from]").forEach(ribbon);
document.querySelectorAll("[data-filter]").forEach(filter);
document.addEventListener("keydown", cellKeys);
document.addEventListener("keydown", dayKeys);
document.addEventListener("click", (e) => copy(e).catch(() => {}));
document.addEventListener("submit", leave);
document.addEventListener("visibilitychange", () => { listen(); tick(); });
setInterval(tick, 20000);
tick();
conveniences();
listen();
