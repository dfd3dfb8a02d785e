// A year of days, or a row of them, is one tab stop: arrow keys move by a day, and in a year
// also by a week. Where the year is
// wider than the screen, its newest days are in view.
"use strict";

for (const heat of document.querySelectorAll("[data-heat], [data-row]")) {
  const across = "heat" in heat.dataset ? 7 : 1;
  const days = [...heat.querySelectorAll("a")];
  const box = heat.closest(".scroll"), newest = days.at(-1);
  if (box && newest) box.scrollLeft += newest.getBoundingClientRect().right - box.getBoundingClientRect().right + 16;
  heat.addEventListener("keydown", (e) => {
    const at = days.indexOf(document.activeElement);
    const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -across, ArrowRight: across, Home: -at, End: days.length - 1 - at }[e.key];
    const day = days[at + step];
    if (at < 0 || step === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    if (!day) return;
    days[at].setAttribute("tabindex", "-1");
    day.setAttribute("tabindex", "0");
    day.focus();
  });
}
