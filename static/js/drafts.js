/* drafts.js: nothing typed is lost. <form data-draft="KEY"> keeps it on this device until the server has taken it (the
   store is kept.js); with data-autosave the server keeps the draft as well. One line in the form says at every moment
   where the text is. Why so: docs/adr/0008-drafts-without-connection.md.
   1 the line, 2 saving on the server, 3 sending, 4 taking up again, 5 after the page, 6 without connection. */
(function () {
  "use strict";
  const { texts, language, fill, button, changed, showCount, tell } = globalThis.shell;
  const { read, put, remove, names, tidy, snapshot, restore, labels, words, same, plain, SENT, OWNER } = globalThis.kept;
  const PREFIX = `draft:${texts.user || ""}:`;
  const PAUSE = 400; /* milliseconds without a key before the device has it */
  const QUIET = 2000; /* the same before the server gets it */
  const AGAIN = 15000; /* before a failed save is tried again */
  const PATIENCE = 10000; /* a line that answers no sooner counts as none */
  const forms = [];
  let forgotten = false;

  function line(selector) {
    const place = document.querySelector(selector);
    return place ? place.textContent.replace(/\s+/g, " ").trim() : "";
  }
  function clock(at) {
    return new Date(at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });
  }
  async function ask(address, options) {
    const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    return fetch(address, { signal, ...options }).catch(() => null);
  }
  function isSignIn(reply) {
    return new URL(reply.url).pathname === texts.signIn;
  }

  function keep(form) {
    const name = PREFIX + form.dataset.draft;
    const version = form.elements.version;
    const auto = "autosave" in form.dataset;
    let initial = JSON.stringify(snapshot(form)); /* what the server has */
    // A page that shows errors already carries what was typed, and the server has not taken it.
    let returned = Boolean(form.querySelector(".is-invalid, .error-sum"));
    let pending = null; /* a draft of before that is offered and neither taken up nor discarded */
    let timer = 0, later = 0, running = null, halted = false, sending = false, cleared = false;
    let tried = null, wanted = false, through = true, at = 0;

    function differs() {
      return returned || JSON.stringify(snapshot(form)) !== initial;
    }
    function linked() {
      return navigator.onLine && through;
    }

    /* 1 ---- the line */
    const place = form.querySelector("[data-draft-status]") || document.createElement("p");
    place.classList.add("draft-status");
    place.setAttribute("role", "status");
    if (!place.isConnected) {
      const bar = form.querySelector(".act-bar");
      if (bar) bar.prepend(place);
      else form.append(place);
    }
    function show(state, sentence, ...more) {
      if (place.dataset.state === state && place.dataset.said === sentence) return; /* it would be read out again */
      place.dataset.state = state;
      place.dataset.said = sentence;
      place.replaceChildren(sentence, ...more);
    }
    function say(state, key, ...more) {
      show(state, fill(texts[key], { time: clock(at || Date.now()) }), ...more);
    }
    function where(done) {
      if (!done) say("bad", "unkept");
      else if (wanted && linked()) say("bad", "back", sendNow());
      else if (wanted) say("bad", "held");
      else if (!linked()) say("offline", auto ? "lineAuto" : "line");
      else say("kept", "kept");
    }

    /* ---- on this device, at once */
    function clear() {
      if (pending) put(name, pending);
      else if (!forgotten) remove(name);
    }
    function write() {
      clearTimeout(timer);
      timer = 0;
      if (!differs() && !wanted) {
        clear();
        if (place.dataset.state !== "server") show("", "");
        return;
      }
      const about = { title: line("h1"), about: line(".page-sub"), path: location.pathname + location.search };
      const draft = { ...about, at: at || Date.now(), fields: snapshot(form), labels: labels(form), tried, wanted, older: pending };
      if (version) draft.version = version.value;
      const done = !forgotten && put(name, draft);
      if (!halted) where(done);
    }
    form.addEventListener("input", () => {
      at = Date.now();
      clearTimeout(timer);
      timer = setTimeout(write, PAUSE);
      if (auto) soon(QUIET);
    });

    /* 2 ---- saving on the server: over the version that this page knows, never over anybody's text */
    function soon(wait) {
      clearTimeout(later);
      later = setTimeout(save, wait);
    }
    function save() {
      clearTimeout(later);
      if (!running) running = attempt().finally(() => { running = null; });
      return running;
    }
    async function attempt(renewed) {
      if (timer) write();
      if (halted) return "moved";
      if (!differs()) return "saved";
      if (!navigator.onLine) { write(); return "offline"; }
      const sent = snapshot(form);
      const body = new FormData(form);
      body.set("do", "autosave");
      const { is, told } = await answer(body);
      through = is !== "unknown";
      if (is === "saved") return saved(sent, told);
      if (is === "moved") return moved(told);
      if (is === "stale" && !renewed && await renew()) return attempt(true);
      if (is === "stale" || is === "out") return out();
      if (is === "unknown") { /* it may have arrived all the same */
        tried = sent;
        write();
      } else if (told) {
        show("bad", told.message);
      } else {
        say("bad", "unsaved");
      }
      if (!told) soon(AGAIN);
      return is === "unknown" ? "offline" : "failed";
    }
    async function answer(body) {
      // Not form.action: a field of that name would stand in its place.
      const reply = await ask(form.getAttribute("action") || location.href, { method: "POST", body, headers: { "X-Autosave": "1" } });
      if (!reply) return { is: "unknown" };
      if (isSignIn(reply)) return { is: "out" };
      const json = (reply.headers.get("Content-Type") || "").includes("json");
      const told = json ? await reply.json().catch(() => null) : null;
      if (told && reply.ok) return { is: "saved", told };
      if (told && reply.status === 409) return { is: "moved", told };
      return { is: reply.status === 403 ? "stale" : "failed", told };
    }
    async function renew() { /* signed in again in another tab: the old page's token is void, but not its text */
      const reply = await ask(location.href);
      if (!reply || isSignIn(reply)) return false;
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const token = page.querySelector("[name=csrfmiddlewaretoken]"), who = page.getElementById("texts");
      if (!token || !who || who.dataset.user !== texts.user) return false; /* somebody else sits here now */
      document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token.value; });
      return true;
    }
    function saved(sent, told) {
      tried = null;
      returned = false;
      initial = JSON.stringify(sent);
      version.value = told.version;
      if (differs() || wanted) {
        write();
        if (differs()) soon(QUIET);
        return "saved";
      }
      clear();
      changed.delete(form);
      show("server", told.message);
      return "saved";
    }
    function moved(told) {
      if (tried && same(tried, told.contents)) { /* our own save, whose answer was lost on the way: go on from there */
        tried = null;
        version.value = told.version;
        return attempt(true);
      }
      halted = true;
      const compare = button(texts.compare, () => {});
      compare.type = "submit";
      compare.name = "do";
      compare.value = "save"; /* the server shows both texts and puts neither over the other */
      show("bad", told.message, compare);
      return "moved";
    }
    function out() {
      write();
      const link = document.createElement("a");
      link.href = `${texts.signIn}?next=${encodeURIComponent(location.pathname)}`;
      link.textContent = texts.signInAgain;
      say("bad", "out", link);
      return "out";
    }

    /* 3 ---- sending: never into nowhere, never twice */
    function sendNow() {
      const made = button(texts.sendNow, () => {
        form.requestSubmit(Array.from(form.elements).find((field) => field.type === "submit" && field.value === wanted));
      });
      made.classList.add("btn-primary");
      return made;
    }
    function hold(submitter) {
      wanted = submitter ? submitter.value : "";
      if (wanted === "") wanted = true;
      write();
      place.scrollIntoView({ block: "nearest" });
    }
    async function send(submitter) {
      sending = true;
      show("sending", texts.busy);
      const outcome = await save();
      sending = false;
      // Where another text stands, or nobody is signed in any more, the server answers with a page that says so.
      if (outcome === "offline" || outcome === "failed") {
        hold(submitter);
      } else {
        cleared = true;
        form.requestSubmit(submitter);
      }
    }
    form.addEventListener("submit", (event) => {
      if (!cleared && (sending || !navigator.onLine || (auto && !halted && differs()))) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (sending) return;
        if (navigator.onLine) send(event.submitter);
        else hold(event.submitter);
        return;
      }
      cleared = false;
      write();
      clearTimeout(later);
      put(SENT, name);
    }, true);

    /* 4 ---- taking up again */
    function takeUp(draft) {
      if (version && draft.version !== undefined && !(draft.tried && same(draft.tried, words(snapshot(form))))) {
        version.value = draft.version; /* what was saved elsewhere since then is not overwritten unseen */
      }
      tried = draft.tried || null;
      restore(form, draft.fields);
      form.querySelectorAll("textarea[data-count], input[data-count]").forEach(showCount);
      changed.add(form);
    }
    function offer(draft) {
      pending = draft;
      const note = document.createElement("div");
      note.className = `note note-${draft.wanted ? "late" : "info"} draft-note`;
      note.setAttribute("role", "status");
      const sign = document.createElement("i");
      sign.className = `ti ti-${draft.wanted ? "alert-circle" : "info-circle"}`;
      sign.setAttribute("aria-hidden", "true");
      const said = document.createElement("span");
      const time = new Date(draft.at).toLocaleString(language, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
      const older = version && draft.version !== undefined && draft.version !== version.value;
      said.textContent = fill(draft.wanted ? texts.wanted : older ? texts.draftOlder : texts.draft, { time });
      const done = (act) => () => {
        pending = null;
        note.remove();
        act();
        if (draft.older) offer(draft.older);
      };
      said.append(button(texts.restore, done(() => takeUp(draft))), button(texts.discard, done(write)));
      note.append(sign, said);
      form.prepend(note);
    }
    const before = read(name);
    if (before && !returned) {
      if (plain(before.fields) !== plain(snapshot(form))) {
        offer(before);
      } else if (before.wanted) { /* the server has the text, and still waits for it to be sent */
        [wanted, at] = [before.wanted, before.at];
        write();
      } else {
        remove(name);
      }
    }
    if (!navigator.onLine && !wanted) say("offline", auto ? "lineAuto" : "line");

    forms.push({
      write: () => { if (timer) write(); },
      line: () => {
        through = true;
        if (at) write();
        else if (navigator.onLine) show("", "");
        else say("offline", auto ? "lineAuto" : "line");
        if (auto && at && navigator.onLine) save();
      },
    });
  }

  /* 5 ---- after the page: what was taken is answered by a redirect to a page of the application. The sign-in page, an
     error page, a page that complains and the form itself with its errors all mean that it was not. */
  function settleSent() {
    const name = read(SENT);
    if (!name) return;
    remove(SENT);
    const [visit] = performance.getEntriesByType("navigation");
    const redirected = Boolean(visit) && visit.redirectCount > 0 && location.pathname !== texts.signIn;
    if (redirected && !document.querySelector("[data-failed], .is-invalid, .error-sum, #messages [role=alert]")) remove(name);
  }
  document.addEventListener("submit", (event) => {
    if (!("forget" in event.target.dataset)) return;
    forms.forEach((one) => one.write());
    const own = names(PREFIX);
    const sure = () => window.confirm([texts.forget, ...own.map((name) => (read(name) || {}).title || "")].join("\n"));
    if (!navigator.onLine || (own.length && !sure())) {
      event.preventDefault();
      if (!navigator.onLine) tell(texts.stay); /* the server could not hear of it, and the drafts would be gone */
      return;
    }
    forgotten = true;
    changed.clear();
    own.concat(OWNER).forEach(remove);
  }, true);

  /* 6 ---- without connection: a phone may close the page at any moment */
  window.addEventListener("pagehide", () => forms.forEach((one) => one.write()));
  document.addEventListener("visibilitychange", () => { if (document.hidden) forms.forEach((one) => one.write()); });
  ["online", "offline"].forEach((kind) => window.addEventListener(kind, () => forms.forEach((one) => one.line())));

  // A worker for this part of the site only: never `/`, so that no ballot and no public page is under it.
  function register() {
    const scope = (texts.scopes || "").split(" ").find((part) => part && location.pathname.startsWith(part));
    if (scope && "serviceWorker" in navigator && window.isSecureContext) {
      navigator.serviceWorker.register(texts.worker, { scope }).catch((error) => console.warn("worker:", error.message));
    }
  }
  function ready(root) {
    root.querySelectorAll("form[data-draft]").forEach((form) => {
      if (form.dataset.kept) return;
      form.dataset.kept = "1";
      keep(form);
    });
  }
  tidy();
  if (texts.user) put(OWNER, texts.user);
  else if (location.pathname === texts.signIn) remove(OWNER); /* whoever sits here is not known yet */
  settleSent();
  ready(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) ready(event.target);
  });
  if (forms.length && texts.user) register();
})();
