// Single-key shortcuts. The dialog that ? opens names them; without it they are off.
"use strict";

{
  const dialog = document.querySelector("dialog[data-keys]");
  let going = -Infinity; // when g was pressed

  const people = () => {
    const menu = document.querySelector(".who");
    if (menu?.tagName === "DETAILS") menu.open = true;
    menu?.querySelector("input[type=search], a")?.focus();
  };

  const table = (at) => {
    const twin = at.closest("figure")?.querySelector("details.twin") ?? document.querySelector("main details.twin");
    if (!twin) return;
    twin.open = !twin.open;
    twin.querySelector("summary").focus();
  };

  const acts = {
    "?": () => dialog.showModal(),
    "/": () => document.querySelector("main input[type=search], main [role=search] input, .search input")?.focus(),
    ".": people,
    t: table,
  };

  function press(e) {
    if (e.altKey || e.ctrlKey || e.metaKey || e.defaultPrevented || dialog.open) return;
    if (e.target.closest("input, select, textarea, [contenteditable]")) return;
    const gone = e.timeStamp - going < 1500;
    going = -Infinity;
    if (gone) {
      const link = dialog.querySelector(`[data-go="${CSS.escape(e.key)}"]`);
      if (!link) return;
      e.preventDefault();
      location.assign(link.href);
    } else if (e.key === "g") {
      going = e.timeStamp;
    } else if (Object.hasOwn(acts, e.key)) {
      e.preventDefault(); // else / and the others are typed into what they open
      acts[e.key](e.target);
    }
  }

  if (dialog) document.addEventListener("keydown", press);
}
