/* Keyboard shortcuts: an element with data-shortcut="j" is clicked (a field: focused)
   by that key. “?” lists them; they can be turned off for this computer. */

(function () {
  "use strict";

  const SWITCH = "jiheng-shortcuts-off";
  const dialog = document.getElementById("shortcuts");
  const off = dialog ? dialog.querySelector("[data-shortcuts-off]") : null;

  function isOff() {
    return window.localStorage.getItem(SWITCH) === "yes";
  }

  function isTyping(target) {
    return target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function nameOf(element) {
    return element.getAttribute("aria-label") || element.textContent.trim();
  }

  function lineOf(element) {
    const key = document.createElement("dt");
    key.append(document.createElement("kbd"));
    key.firstChild.textContent = element.dataset.shortcut;
    const words = document.createElement("dd");
    words.textContent = nameOf(element);
    return [key, words];
  }

  function list() {
    const lines = [...document.querySelectorAll("[data-shortcut]")].flatMap(lineOf);
    dialog.querySelector("[data-shortcut-list]").replaceChildren(...lines);
    off.checked = isOff();
    dialog.showModal();
  }

  function reach(element) {
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  }

  if (off) {
    off.addEventListener("change", () => window.localStorage.setItem(SWITCH, off.checked ? "yes" : "no"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (dialog && event.key === "?" && !dialog.open) {
      event.preventDefault();
      list();
      return;
    }
    if (isOff() || (dialog && dialog.open)) return;
    const element = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!element) return;
    event.preventDefault();
    reach(element);
  });
})();
