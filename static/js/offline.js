/* offline.js: the page without connection. Shows the drafts of the last person for whom a page was made on this device,
   lets one read, copy and go on writing. Nothing comes from the server; all of it is in kept.js's store. */
(function () {
  "use strict";
  const { read, put, names, OWNER } = globalThis.kept;
  const { fill, language } = globalThis.shell;
  const place = (id) => document.getElementById(id);
  const line = place("line");
  const owner = read(OWNER);
  const all = names("draft:");
  const own = owner ? all.filter((name) => name.startsWith(`draft:${owner}:`)) : [];

  function time(at) {
    return new Date(at).toLocaleString(language, { month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
  }
  function editor(name, row, label, id) {
    const made = place("text").content.cloneNode(true);
    const field = made.querySelector("textarea");
    made.querySelector("label").textContent = label;
    made.querySelector("label").htmlFor = field.id = id;
    field.value = row[1];
    field.addEventListener("input", () => {
      const draft = read(name); /* another tab may have written meanwhile */
      const at = Date.now();
      const fields = draft.fields.map((kept) => (kept[0] === row[0] && kept.length === 2 ? [kept[0], field.value] : kept));
      if (put(name, { ...draft, at, fields })) line.textContent = fill(line.dataset.saved, { time: time(at) });
    });
    made.querySelector("button").addEventListener("click", async () => {
      field.select();
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else document.execCommand("copy"); /* old browsers */
      line.textContent = line.dataset.copied;
    });
    return made;
  }
  function show(name, number) {
    const draft = read(name);
    const made = place("draft").content.cloneNode(true);
    const whole = made.querySelector("details");
    const labels = draft.labels || {};
    made.querySelector("summary b").textContent = draft.title || name.split(":").slice(2).join(":");
    made.querySelector("summary span").textContent = time(draft.at);
    made.querySelector(".about").textContent = draft.about || "";
    made.querySelector(".unsent").hidden = !draft.wanted;
    const texts = draft.fields.filter((row) => row.length === 2 && typeof row[1] === "string" && labels[row[0]]);
    texts.forEach((row, index) => {
      made.querySelector(".texts").append(editor(name, row, labels[row[0]], `text-${number}-${index}`));
    });
    if (draft.path) made.querySelector(".open").href = draft.path;
    // What was asked for comes open.
    whole.open = own.length === 1 || draft.path === location.pathname + location.search;
    place("list").append(made);
  }
  function links() {
    document.querySelectorAll(".open[href]").forEach((link) => { link.hidden = !navigator.onLine; });
  }

  own.sort((one, other) => read(other).at - read(one).at).forEach(show);
  place("drafts").hidden = own.length === 0;
  place("none").hidden = all.length > 0;
  place("others").hidden = all.length === own.length;
  place("others").textContent = fill(place("others").dataset.said, { n: (all.length - own.length).toLocaleString(language) });
  links();
  ["online", "offline"].forEach((kind) => window.addEventListener(kind, () => {
    links();
    line.textContent = navigator.onLine ? line.dataset.back : "";
  }));
})();
