/* A part that is renewed beside the cursor keeps what was typed in it since it was asked for. */

(function () {
  "use strict";

  let cursor = null;

  function fieldsIn(part) {
    return Array.from(part.querySelectorAll("textarea[name], input[name]:not([type=hidden])"));
  }

  // A tick stands for what it names (its value): one for other warnings is not carried over.
  function keepTyped(before, after) {
    fieldsIn(before).forEach((field) => {
      const same = fieldsIn(after).find((other) => other.name === field.name);
      if (!same) return;
      if (field.type !== "checkbox") same.value = field.value;
      else if (same.value === field.value) same.checked = field.checked;
    });
  }

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const before = event.detail.target;
    if (!before.hasAttribute("data-keeps-typed")) return;
    const after = event.detail.fragment.querySelector("[data-keeps-typed]");
    if (after) keepTyped(before, after);
    const field = document.activeElement;
    if (!before.contains(field)) return;
    cursor = { id: field.id, start: field.selectionStart, end: field.selectionEnd };
  });

  document.addEventListener("htmx:oobAfterSwap", () => {
    const field = cursor && document.getElementById(cursor.id);
    if (!field) return;
    field.focus({ preventScroll: true });
    if (field.tagName === "TEXTAREA") field.setSelectionRange(cursor.start, cursor.end);
    cursor = null;
  });
})();
