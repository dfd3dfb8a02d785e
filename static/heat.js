// A year of days, or a row of them, is one tab stop: arrow keys move by a day, and in a year
// also by a week. Where the year is wider than the screen, its newest days are in view.
"use strict";

for (const days of document.querySelectorAll("[data-heat], [data-row]")) {
  const box = days.closest(".scroll"), newest = [...days.querySelectorAll("a")].at(-1);
  if (box && newest) box.scrollLeft += newest.getBoundingClientRect().right - box.getBoundingClientRect().right + 16;
}

// The document listens, since what is new on a page replaces rows. It does so before other
// listeners, for which these keys turn pages.
document.addEventListener("keydown", (e) => {
  const heat = e.target.closest("[data-heat], [data-row]");
  if (!heat) return;
  const days = [...heat.querySelectorAll("a")], at = days.indexOf(document.activeElement);
  const across = "heat" in heat.dataset ? 7 : 1;
  const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -across, ArrowRight: across, Home: -at, End: days.length - 1 - at }[e.key];
  if (at < 0 || step === undefined) return;
  e.preventDefault();
  e.stopPropagation();
  const day = days[at + step];
  if (!day) return;
  days[at].setAttribute("tabindex", "-1");
  day.setAttribute("tabindex", "0");
  day.focus();
}, true);
