/* pick.js: for pages where people are tapped by name. They work without it: every name is there, nothing is hidden.
   1 finding a name, 2 showing only the boxes of the chosen action, 3 setting and counting attendance. */
(function () {
  "use strict";

  /* 1 ---- <input data-find-in="ID"> narrows the rows [data-find] of that list by name, spelling or initials */
  function narrow(input) {
    const list = document.getElementById(input.dataset.findIn);
    if (!list) return;
    const wanted = input.value.trim().toLowerCase();
    list.querySelectorAll("[data-find]").forEach((row) => {
      row.hidden = Boolean(wanted) && !row.dataset.find.toLowerCase().includes(wanted);
    });
    list.querySelectorAll("details").forEach((group) => {
      const some = Boolean(group.querySelector("[data-find]:not([hidden])"));
      group.hidden = !some;
      if (wanted && some) group.open = true;
    });
  }

  /* 2 ---- <select data-reveal="points"> shows <fieldset data-part-of="points" data-for="VALUE"> and disables the rest */
  function reveal(select) {
    document.querySelectorAll("[data-part-of]").forEach((part) => {
      if (part.dataset.partOf !== select.dataset.reveal) return;
      const shown = part.dataset.for === select.value;
      part.hidden = !shown;
      part.disabled = !shown;
    });
  }

  /* 3 ---- <button data-set-all="present"> for every row; <b data-state-count="present"> counts */
  function count(form) {
    form.querySelectorAll("[data-state-count]").forEach((place) => {
      const state = place.dataset.stateCount;
      place.textContent = form.querySelectorAll(`input[type="radio"][value="${CSS.escape(state)}"]:checked`).length;
    });
  }

  /* a draft that was taken up again tells only the form: let everything that shows the boxes follow */
  function follow(form) {
    form.querySelectorAll("select[data-reveal]").forEach(reveal);
    count(form);
    const box = form.querySelector("input[type=checkbox][name=present]");
    if (box) box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-find-in]")) narrow(event.target);
    if (event.target instanceof HTMLFormElement) follow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find-in]")) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-reveal]")) reveal(event.target);
    if (event.target.matches('input[type="radio"]') && event.target.form) count(event.target.form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-all]");
    if (!button || !button.form) return;
    const wanted = `input[type="radio"][value="${CSS.escape(button.dataset.setAll)}"]`;
    button.form.querySelectorAll(wanted).forEach((radio) => { radio.checked = true; });
    button.form.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.querySelectorAll("select[data-reveal]").forEach(reveal);
  document.querySelectorAll("form").forEach(count);
})();
