/* order.js: the items of a bulletin put into order by drag (mouse or finger) or by Alt and the arrow keys, and items of
   the reports dragged in. <form data-order>; the new order is saved once, a moment after the last step. Without it the
   arrows and buttons of the page do the same. An item never leaves the page while it moves (its neighbours do): the
   keyboard keeps its place in the text, and the finger its hold. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-order]");
  if (!form) return;
  const { fill, language, changed } = globalThis.shell;
  const PAUSE = 800; /* milliseconds after the last step */
  const EDGE = 100; /* pixels from the window's edge at which it scrolls by itself */
  const list = document.getElementById("printed");
  const line = document.getElementById("order-line");
  const { version, order } = form.elements;
  let timer = 0, running = null, again = false, halted = false, typed = false, said = "";

  function items() {
    return Array.from(list.querySelectorAll("[data-item]"));
  }
  function title(item) {
    return item.querySelector("[name^=title-]").value;
  }

  /* ---- moving */
  function shift(item, to) {
    const all = items(), from = all.indexOf(item);
    if (to < 0 || to >= all.length || to === from) return false;
    if (to < from) item.after(...all.slice(to, from));
    else item.before(...all.slice(from + 1, to + 1));
    return true;
  }
  function number() {
    items().forEach((item, index, all) => {
      const n = (index + 1).toLocaleString(language);
      const [up, down] = item.querySelectorAll("button[value^=up-], button[value^=down-]");
      item.querySelector(".item-no").textContent = n;
      [up, down].forEach((arrow) => arrow.setAttribute("aria-label", arrow.getAttribute("aria-label").replace(/\d+/, n)));
      up.disabled = index === 0;
      down.disabled = index === all.length - 1;
      item.querySelectorAll(".item-acts .visually-hidden").forEach((place) => { place.textContent = ` ${n}`; });
      item.querySelectorAll("label").forEach((label) => { label.firstChild.textContent = label.firstChild.textContent.replace(/\d+/, n); });
    });
  }
  function moved(item) {
    const all = items();
    number();
    order.value = all.map((one) => one.dataset.item).join(",");
    changed.add(form);
    said = fill(form.dataset.moved, { n: all.indexOf(item) + 1, all: all.length, title: title(item) });
    line.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }
  function step(item, by) {
    if (!shift(item, items().indexOf(item) + by)) return;
    moved(item);
    item.scrollIntoView({ block: "nearest" });
  }

  /* ---- saving: the order alone; what is typed goes with the page's buttons */
  function save() {
    clearTimeout(timer);
    if (halted) return;
    if (running) { again = true; return; }
    running = send().finally(() => {
      running = null;
      if (again) { again = false; save(); }
    });
  }
  async function send() {
    const body = new FormData();
    [version, order, form.elements.csrfmiddlewaretoken].forEach((field) => body.set(field.name, field.value));
    const reply = await fetch(location.pathname, { method: "POST", body, headers: { "X-Autosave": "1" } }).catch(() => null);
    const json = reply && (reply.headers.get("Content-Type") || "").includes("json");
    const told = json ? await reply.json() : null;
    // Where it stands stays to be read; the order stays in the form, for its buttons.
    line.replaceChildren(said, " ", told ? told.message : form.dataset.unsaved);
    if (told && reply.ok) {
      version.value = told.version;
      if (!typed && !again) changed.delete(form);
    } else {
      halted = Boolean(told); /* somebody else was here: the page's own answer shows what there is to compare */
    }
  }
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running) return;
    event.preventDefault(); /* the version must come back first, or the page would conflict with itself */
    event.stopImmediatePropagation();
    again = false;
    running.finally(() => form.requestSubmit(event.submitter));
  }, true);

  /* ---- by keyboard, and by the arrows */
  form.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    step(item, event.key === "ArrowUp" ? -1 : 1);
  });
  form.addEventListener("click", (event) => {
    const arrow = event.target.closest("[data-item] button[value^=up-], [data-item] button[value^=down-]");
    if (!arrow) return;
    event.preventDefault();
    step(arrow.closest("[data-item]"), arrow.value.startsWith("up-") ? -1 : 1);
    if (arrow.disabled) arrow.closest("[data-item]").focus(); /* at the end: the keyboard must stay somewhere */
  });

  /* ---- by drag */
  function place(y, but) {
    return items().filter((item) => item !== but && y > middle(item)).length;
  }
  function middle(item) {
    const { top, height } = item.getBoundingClientRect();
    return top + height / 2;
  }
  function drag(grip, event) {
    const item = grip.closest("[data-item]"), candidate = grip.closest("[data-candidate]");
    const start = item ? items().indexOf(item) : 0;
    const mark = document.createElement("div");
    let y = event.clientY;
    mark.className = "drop-mark";
    items().forEach((one) => { one.querySelector(".item-name").textContent = title(one); });

    // Texts are folded while something moves, and what is held stays under the finger: by scrolling, and where the
    // page ends, by room that is left free.
    const top = grip.getBoundingClientRect().top;
    const off = () => grip.getBoundingClientRect().top - top;
    form.classList.add("ordering");
    (item || candidate).classList.add("dragged");
    window.scrollBy({ top: off(), behavior: "instant" });
    const short = off();
    if (short < 0) list.style.marginTop = `${-short}px`;
    if (short > 0) form.style.paddingBottom = `${short}px`;
    window.scrollBy({ top: off(), behavior: "instant" });
    grip.setPointerCapture(event.pointerId);

    function follow() {
      if (y < EDGE) window.scrollBy({ top: -12, behavior: "instant" });
      else if (y > window.innerHeight - EDGE) window.scrollBy({ top: 12, behavior: "instant" });
      if (item) { shift(item, place(y, item)); return; }
      const { top: first, bottom: last } = list.getBoundingClientRect();
      if (y < first || y > last) { mark.remove(); return; }
      const next = items()[place(y, null)] || list.querySelector("details.item-part");
      if (mark.nextElementSibling !== next) next.before(mark);
    }
    function move(motion) { y = motion.clientY; follow(); }
    function key(stroke) { if (stroke.key === "Escape") end(false); }
    function end(dropped) {
      clearInterval(scroll);
      ["pointermove", "pointerup", "pointercancel"].forEach((kind) => grip.removeEventListener(kind, listeners[kind]));
      document.removeEventListener("keydown", key);
      const at = mark.isConnected ? place(mark.getBoundingClientRect().top, null) : -1;
      mark.remove();
      const before = grip.getBoundingClientRect().top;
      list.style.marginTop = form.style.paddingBottom = "";
      form.classList.remove("ordering");
      (item || candidate).classList.remove("dragged");
      window.scrollBy({ top: grip.getBoundingClientRect().top - before, behavior: "instant" });
      if (item && !dropped) shift(item, start);
      else if (item && items().indexOf(item) !== start) moved(item);
      else if (candidate && dropped && at >= 0) putIn(candidate, at);
    }
    const listeners = { pointermove: move, pointerup: () => end(true), pointercancel: () => end(false) };
    Object.entries(listeners).forEach(([kind, act]) => grip.addEventListener(kind, act));
    document.addEventListener("keydown", key);
    const scroll = setInterval(follow, 40);
  }
  function putIn(candidate, at) { /* the server makes its fields; all that is typed goes along */
    const own = candidate.querySelector("button[value^=put-]");
    own.value = `put-${candidate.dataset.candidate}-${at}`;
    form.requestSubmit(own);
  }
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0 || form.classList.contains("ordering")) return;
    event.preventDefault();
    drag(grip, event);
  });

  form.querySelectorAll("[data-grip], .order-hint").forEach((part) => { part.hidden = false; });
})();
