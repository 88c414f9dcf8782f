/* app.js: small comforts on top of pages that work without it. No framework, no words (they stand in #texts).
   1 menus, 2 printing, 3 check all, 4 busy buttons, 5 unsaved changes, 6 character count, 7 htmx answers,
   8 phones: rows as cards, folded filters. What is typed is kept by drafts.js, which stands on globalThis.shell. */
(function () {
  "use strict";

  document.documentElement.classList.add("js");
  const texts = (document.getElementById("texts") || { dataset: {} }).dataset;
  const language = document.documentElement.lang || "zh-Hans";

  function fill(pattern, values) {
    return (pattern || "").replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  function formOf(event) {
    return event.target instanceof HTMLFormElement ? event.target : null;
  }

  /* 1 ---- menus: close on Escape and on a click elsewhere; <details> does the rest */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });

  /* 2 ---- printing */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* 3 ---- check all: <input type="checkbox" data-check-all="NAME">, within its form; <b data-check-count="NAME"> counts */
  function boxes(root, name) {
    return Array.from(root.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(name)}"]:not(:disabled)`));
  }
  function showChecked(root, name) {
    const all = boxes(root, name);
    const chosen = all.filter((box) => box.checked).length;
    root.querySelectorAll("[data-check-all]").forEach((master) => {
      if (master.dataset.checkAll !== name) return;
      master.checked = all.length > 0 && chosen === all.length;
      master.indeterminate = chosen > 0 && chosen < all.length;
    });
    root.querySelectorAll("[data-check-count]").forEach((place) => {
      if (place.dataset.checkCount === name) place.textContent = chosen.toLocaleString(language);
    });
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
    const root = box.form || document;
    if (box.dataset.checkAll) {
      boxes(root, box.dataset.checkAll).forEach((other) => { other.checked = box.checked; });
      showChecked(root, box.dataset.checkAll);
    } else if (box.name) {
      showChecked(root, box.name);
    }
  });

  /* 4 ---- a form that is on its way cannot be sent twice. Forms that only fetch (GET, data-download) are left alone. */
  const labels = new WeakMap();
  function submitters(form) {
    return Array.from(form.elements).filter((field) => field.type === "submit");
  }
  function busy(form, submitter) {
    submitters(form).forEach((button) => {
      if (button.disabled) return;
      labels.set(button, Array.from(button.childNodes));
      button.disabled = true;
      if (button === submitter) {
        button.setAttribute("aria-busy", "true");
        button.replaceChildren(button.dataset.busy || texts.busy || "");
      }
    });
  }
  function idle(form) {
    submitters(form).filter((button) => labels.has(button)).forEach((button) => {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.replaceChildren(...labels.get(button));
      labels.delete(button);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (!form || event.defaultPrevented || form.method !== "post" || "download" in form.dataset) return;
    // After the browser has read the form: a disabled button would not send its name and value.
    setTimeout(() => busy(form, event.submitter), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach(idle);
  });

  /* 5 ---- leaving a form with unsaved changes asks first: <form data-guard> */
  const changed = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && "guard" in form.dataset) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = formOf(event);
    if (form && !event.defaultPrevented) changed.delete(form);
  });
  window.addEventListener("beforeunload", (event) => {
    if (Array.from(changed).some((form) => form.isConnected)) event.preventDefault();
  });

  /* 6 ---- character count: <textarea data-count maxlength="2000"> */
  function showCount(field) {
    let place = field.nextElementSibling;
    if (!place || !place.classList.contains("char-count")) {
      place = document.createElement("span");
      place.className = "char-count";
      field.after(place);
    }
    const n = Array.from(field.value.replace(/\s/g, "")).length;
    const max = Number(field.dataset.count || field.getAttribute("maxlength") || 0);
    place.textContent = max ? fill(texts.charactersMax, { n: n.toLocaleString(language), max: max.toLocaleString(language) })
      : fill(texts.characters, { n: n.toLocaleString(language) });
    place.classList.toggle("over", Boolean(max) && n > max);
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-count], input[data-count]")) showCount(event.target);
  });

  /* 7 ---- htmx: what a failed fetch says, and what happens when the session has ended meanwhile */
  function tell(sentence) {
    const place = document.getElementById("messages");
    if (!place) return;
    const note = document.createElement("div");
    note.className = "note note-bad";
    note.setAttribute("role", "alert");
    const sign = document.createElement("i");
    sign.className = "ti ti-alert-triangle";
    sign.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.textContent = sentence;
    note.append(sign, words);
    place.replaceChildren(note);
    note.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr.responseURL;
    if (answer && texts.signIn && new URL(answer).pathname === texts.signIn && location.pathname !== texts.signIn) {
      event.detail.shouldSwap = false;
      location.reload();
    }
  });
  document.addEventListener("htmx:sendError", () => tell(texts.offline));
  document.addEventListener("htmx:responseError", () => tell(texts.refused));

  /* 8 ---- on a phone: each cell of a table.cards carries the heading of its column, and a filter that filters nothing
     makes room for what it would filter */
  function labelCells(table) {
    const heads = Array.from(table.querySelectorAll("thead tr:last-child > *"), (head) => (head.querySelector(".visually-hidden") ? "" : head.textContent.trim()));
    table.querySelectorAll("tbody tr, tfoot tr").forEach((row) => {
      let column = 0;
      Array.from(row.cells).forEach((cell) => {
        if (cell.tagName === "TD" && heads[column] && cell.colSpan === 1) cell.dataset.label = heads[column];
        cell.classList.toggle("blank", !cell.textContent.trim() && !cell.querySelector("input, select, svg, progress"));
        column += cell.colSpan;
      });
    });
  }
  function foldFilters(form) {
    const submit = form.querySelector("button[type=submit]");
    if (!submit || form.getAttribute("role") === "search" || "active" in form.dataset || form.querySelector(".is-invalid, .invalid-feedback")) return;
    if (form.querySelectorAll("input:not([type=hidden]), select").length < 2) return;
    const open = button("", () => {
      form.classList.remove("folded");
      open.remove();
      form.querySelector("input:not([type=hidden]), select").focus();
    });
    open.classList.add("unfold");
    open.setAttribute("aria-expanded", "false");
    open.append(...Array.from(submit.childNodes, (node) => node.cloneNode(true)));
    form.classList.add("folded");
    form.prepend(open);
  }

  /* ---- what a new piece of page needs, at first and after each htmx swap */
  function ready(root) {
    root.querySelectorAll("textarea[data-count], input[data-count]").forEach(showCount);
    root.querySelectorAll("[data-check-all]").forEach((master) => showChecked(master.form || document, master.dataset.checkAll));
    if (window.matchMedia("(max-width: 767px)").matches) root.querySelectorAll("form.filters").forEach(foldFilters);
    root.querySelectorAll("table.cards").forEach(labelCells);
    const summary = root.querySelector(".error-sum");
    if (summary) summary.focus();
  }
  globalThis.shell = { texts, language, fill, button, changed, showCount, tell };
  ready(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) ready(event.target);
  });
})();
