/* kept.js: what is kept on this device of a form that is being written, for drafts.js and offline.js.
   Never passwords, files or hidden fields; a week long. draft:USER:KEY = { at, title, about, path, fields, labels,
   version (of the server's record, when it was typed), tried (sent to the server, and not answered), wanted (sending was
   asked for, without connection), older (a draft of before, offered and not answered) }. */
(function () {
  "use strict";
  const ALL = "draft:";
  const WEEK = 7 * 24 * 3600 * 1000;
  const SENT = "draft-sent"; /* which draft is on its way; without the user, for the sign-in page must see it too */
  const OWNER = "draft-user"; /* for whom the last page was made: the page without connection comes from no server */

  function store() {
    try { return window.localStorage; } catch (error) { return null; } /* switched off by policy: nothing is kept then */
  }
  function read(name) {
    try { return JSON.parse(store().getItem(name)); } catch (error) { return null; }
  }
  function put(name, value) {
    if (!store()) return false;
    try {
      store().setItem(name, JSON.stringify(value));
      return true;
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error; /* it is full: the page says so */
      return false;
    }
  }
  function remove(name) {
    if (store()) store().removeItem(name);
  }
  function names(prefix) {
    return store() ? Object.keys(store()).filter((name) => name.startsWith(prefix)) : [];
  }
  function tidy() { /* whosever they are: nobody's text lies about on a shared computer for longer */
    names(ALL).filter((name) => Date.now() - ((read(name) || {}).at || 0) > WEEK).forEach(remove);
  }

  function fields(form) {
    return Array.from(form.elements).filter((field) => field.name && !field.disabled
      && !["password", "file", "hidden", "submit", "button", "reset"].includes(field.type));
  }
  function snapshot(form) {
    return fields(form).map((field) => {
      if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
      if (field.multiple) return [field.name, Array.from(field.selectedOptions, (option) => option.value)];
      return [field.name, field.value];
    });
  }
  function restore(form, saved) {
    const places = {};
    saved.forEach(([name, value, checked]) => {
      const same = fields(form).filter((field) => field.name === name);
      if (checked !== undefined) {
        same.filter((field) => field.value === value).forEach((field) => { field.checked = checked; });
        return;
      }
      const field = same[places[name] = (places[name] === undefined ? 0 : places[name] + 1)];
      if (!field) return;
      if (field.multiple) Array.from(field.options).forEach((option) => { option.selected = value.includes(option.value); });
      else field.value = value;
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function labels(form) { /* of what is typed: the page without connection shows it under them */
    const typed = fields(form).filter((field) => field.matches("textarea, input[type=text]"));
    return Object.fromEntries(typed.map((field) => [field.name, name(field)]));
  }
  function name(field) {
    return (field.labels && field.labels[0] ? field.labels[0].textContent : "").replace(/\*\s*$/, "").trim();
  }

  function words(saved) { /* the texts alone, as the server keeps them */
    const texts = saved.filter(([, value, checked]) => checked === undefined && typeof value === "string");
    return Object.fromEntries(texts.map(([name, value]) => [name, value.replace(/\r\n/g, "\n").trim()]));
  }
  function same(saved, contents) { /* is this snapshot what the server keeps? */
    const [ours, theirs] = [words(saved), words(Object.entries(contents))];
    return Object.keys(theirs).every((name) => (ours[name] || "") === theirs[name]);
  }
  function plain(saved) { /* to compare two snapshots: the server takes blanks off at both ends */
    return JSON.stringify(saved.map((row) => row.map((part) => (typeof part === "string" ? part.trim() : part))));
  }

  globalThis.kept = { SENT, OWNER, read, put, remove, names, tidy, snapshot, restore, labels, words, same, plain };
})();
