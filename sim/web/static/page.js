// What is open stays open, and the keyboard stays where it was, when a sharper answer takes the place of another.
"use strict";
document.documentElement.classList.add("fd-script");
const mistakes = document.getElementById("mistakes");
if (mistakes) {
  mistakes.focus();
  // And again once the page has gone to the part that its address names.
  addEventListener("load", () => mistakes.focus());
}
let kept = null;
document.addEventListener("htmx:beforeSwap", () => {
  const focused = document.activeElement;
  kept = {
    open: [...document.querySelectorAll("details[open][id]")].map((details) => details.id),
    href: focused && focused.getAttribute("href"),
    label: focused && focused.getAttribute("aria-labelledby"),
    button: focused && focused.closest("#progress") && focused.tagName === "BUTTON",
  };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept) return;
  kept.open.map((id) => document.getElementById(id)).forEach((details) => { if (details) details.open = true; });
  if (document.activeElement === document.body) {
    const places = kept.button ? "#progress button" : kept.label ? `[aria-labelledby="${kept.label}"][tabindex]` : null;
    const again = places && document.querySelector(places);
    if (again) again.focus({ preventScroll: true });
  }
  kept = null;
});
