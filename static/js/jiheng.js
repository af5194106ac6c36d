/* Small helps on top of pages that work without them: live sums, a guard for
   what is typed and not saved, one submit per click, messages for failed parts. */

(function () {
  "use strict";

  /* --- sums: in hundredths, so that 0.1 + 0.2 adds up as on paper ---------- */

  function hundredths(element) {
    const text = element.dataset.figure ?? element.value ?? "";
    const figure = Number(text.trim());
    return text.trim() === "" || Number.isNaN(figure) ? 0 : Math.round(figure * 100);
  }

  function refreshSums(changed) {
    document.querySelectorAll("output[data-sum-of]").forEach((output) => {
      const name = output.dataset.sumOf;
      if (!changed.startsWith(name)) return;
      let sum = 0;
      document.querySelectorAll(`[data-sum^="${name}"]`).forEach((part) => {
        sum += hundredths(part);
      });
      output.textContent = (sum / 100).toFixed(2);
    });
  }

  function markBeyondMost(input) {
    const beyond = Number(input.value) > Number(input.dataset.most) || Number(input.value) < 0;
    input.classList.toggle("beyond-most", beyond);
  }

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (input.dataset.sum) refreshSums(input.dataset.sum);
    if (input.dataset.most) markBeyondMost(input);
    const form = input.form;
    if (form && form.hasAttribute("data-guard-unsaved")) form.dataset.unsaved = "yes";
  });

  /* --- what is typed and not saved ------------------------------------------- */

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-unsaved]")) event.preventDefault();
  });

  /* --- one submit per click ---------------------------------------------------- */

  function freeAgain(form) {
    delete form.dataset.sending;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many-submits")) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    delete form.dataset.unsaved;
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    // A download or a lost connection leaves the page standing: let people try again.
    window.setTimeout(() => freeAgain(form), 10000);
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(freeAgain);
  });

  // A page that is being left asks for nothing more: its answer would come too late.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form");
    if (form && form.dataset.sending) event.preventDefault();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form");
    if (form) freeAgain(form);
  });

  /* --- a part that could not be fetched: say so, keep the page ------------------- */

  function sayThatItFailed() {
    const region = document.getElementById("messages");
    const words = document.getElementById("request-failed");
    if (region && words) region.replaceChildren(words.content.cloneNode(true));
  }

  document.addEventListener("htmx:responseError", sayThatItFailed);
  document.addEventListener("htmx:sendError", sayThatItFailed);

  /* --- demonstration accounts fill the form of the login page ---------------------- */

  document.addEventListener("click", (event) => {
    const account = event.target.closest("[data-username]");
    if (!account) return;
    event.preventDefault();
    document.getElementById("id_username").value = account.dataset.username;
    const password = document.getElementById("id_password");
    password.value = account.dataset.password;
    document.querySelectorAll("[data-username]").forEach((other) => other.removeAttribute("aria-current"));
    account.setAttribute("aria-current", "true");
    document.getElementById("login-button").focus();
  });
})();
