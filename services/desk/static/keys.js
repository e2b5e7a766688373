// Single keys, while nobody types. They can be turned off.
import { press, writeAnswer } from "./conversation.js";
import { step } from "./inbox.js";

const KEPT = "rapport-desk-keys";
const what = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("accept"),
  d: () => press("decline"),
  t: () => press("transfer"),
  b: () => press("hand-back"),
  w: () => press("wrap-up"),
  n: () => press("note"),
  r: () => writeAnswer(),
  s: () => document.getElementById("suggest")?.click(),
};

export function startKeys() {
  const help = document.getElementById("help-dialog");
  const on = document.getElementById("keys-on");
  on.checked = localStorage.getItem(KEPT) !== "off";
  on.addEventListener("change", () => localStorage.setItem(KEPT, on.checked ? "on" : "off"));
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape" && typing) typing.blur();
    if (typing || document.querySelector("dialog[open]")) return;
    if (event.key === "?") help.showModal();
    else if (on.checked && what[event.key]) {
      event.preventDefault();
      what[event.key]();
    }
  });
}
