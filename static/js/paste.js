/* Cells copied from a spreadsheet, pasted into a field of the indicator table, fill rows and
   columns from there. The server reads them, as it does without JavaScript from the box below
   the table; the table as it was is kept aside, so that the paste can be undone. */

(function () {
  "use strict";

  const before = [];

  function table() {
    return document.getElementById("indicators-table");
  }

  function isManyCells(text, field) {
    const body = text.replace(/[\r\n]+$/, "");
    // Lines belong into a field of several lines as they are.
    return body.includes("\t") || (body.includes("\n") && field.tagName !== "TEXTAREA");
  }

  function paste(text, field) {
    const box = document.getElementById("pasted-rows");
    box.value = text;
    box.form.elements.namedItem("pasted_at").value = field.name;
    box.form.dataset.unsaved = "yes";
    document.querySelector("[data-paste-rows]").click();
  }

  document.addEventListener("paste", (event) => {
    const field = event.target;
    const isCell = field.matches && field.matches("[name^='indicators-']") && table().contains(field);
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!isCell || !isManyCells(text, field)) return;
    event.preventDefault();
    paste(text, field);
  });

  /* --- the table as it was ------------------------------------------------------ */

  function isPaste(event) {
    return event.detail.requestConfig && event.detail.requestConfig.elt.matches("[data-paste-rows]");
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isPaste(event) || !event.detail.shouldSwap || !table()) return;
    // A deep copy forgets what was typed: the elements themselves go aside, a copy is swapped.
    const kept = table();
    const standIn = kept.cloneNode(true);
    kept.replaceWith(standIn);
    const box = kept.querySelector("#pasted-rows");
    before.push({ kept: kept, at: kept.querySelector("[name='pasted_at']").value });
    box.value = "";
    event.detail.target = standIn;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!isPaste(event) || before.length === 0) return;
    const button = document.querySelector("[data-undo-paste]");
    if (button) button.hidden = false;
    focusOn(before[before.length - 1].at);
  });

  function focusOn(name) {
    const field = name ? document.querySelector(`[name="${CSS.escape(name)}"]`) : null;
    if (field) field.focus();
  }

  function undo() {
    const last = before.pop();
    table().replaceWith(last.kept);
    window.htmx.process(last.kept);
    last.kept.querySelector("[name='pasted_at']").value = "";
    last.kept.dispatchEvent(new Event("input", { bubbles: true }));
    typedSince = false;
    focusOn(last.at);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-undo-paste]") && before.length > 0) undo();
  });

  /* --- Ctrl+Z takes the paste back as long as nothing was typed after it ------------ */

  let typedSince = false;

  document.addEventListener("input", (event) => {
    if (table() && table().contains(event.target)) typedSince = true;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (isPaste(event)) typedSince = false;
  });

  document.addEventListener("keydown", (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (!isUndo || typedSince || before.length === 0) return;
    event.preventDefault();
    undo();
  });
})();
