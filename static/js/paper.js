/* paper.js: the editor of a paper, <form data-paper>. It counts as one types and saves now and then. Without it the
   page counts and saves by its buttons. The sentences come from the server. */
(function () {
  "use strict";
  const QUIET = 2000; /* milliseconds without a key before a draft is saved */
  const language = document.documentElement.lang || "zh-Hans";

  function start(form) {
    const parts = Array.from(form.querySelectorAll("[data-paper-part]"));
    const figure = form.querySelector("[data-paper-count]");
    const bar = form.querySelector("[data-paper-progress]");
    const status = form.querySelector("[data-paper-status]");
    const revision = form.elements.revision;
    let timer = 0, dirty = false, halted = false, running = null;

    function count() {
      const n = parts.reduce((sum, part) => sum + globalThis.countCharacters(part.value), 0);
      if (figure) figure.textContent = n.toLocaleString(language);
      if (bar) {
        bar.value = n;
        bar.classList.toggle("ok", n >= bar.max);
      }
    }

    function body() {
      const data = new FormData(form);
      data.delete("file");
      return data;
    }

    async function save() {
      if (halted || !dirty) return;
      dirty = false;
      const answer = await fetch(form.action || location.href, {
        method: "POST", body: body(), headers: { "X-Autosave": "1" }, redirect: "error",
      }).catch(() => null);
      const told = answer && (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
      if (told && answer.ok) {
        revision.value = told.revision;
        status.textContent = told.message;
        return;
      }
      dirty = true; /* nothing was taken: leaving still asks first */
      if (told) {
        halted = answer.status === 409; /* saved elsewhere: the reader chooses, by the button */
        status.textContent = told.message;
      } else {
        status.textContent = (document.getElementById("texts") || { dataset: {} }).dataset.offline || "";
        timer = setTimeout(run, QUIET * 5);
      }
    }

    function run() {
      if (running) return;
      running = save().finally(() => {
        running = null;
        if (dirty && !halted && !timer) later();
      });
    }

    function later() {
      clearTimeout(timer);
      timer = setTimeout(() => { timer = 0; run(); }, QUIET);
    }

    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      dirty = true;
      count();
      later();
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (running) { /* its revision must come back first, or the page would conflict with itself */
        event.preventDefault();
        event.stopImmediatePropagation();
        const button = event.submitter;
        running.finally(() => form.requestSubmit(button));
        return;
      }
      halted = true;
      dirty = false;
    }, true);
    window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
    count();
  }

  document.querySelectorAll("form[data-paper]").forEach(start);
})();
