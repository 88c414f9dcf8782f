/* count.js: characters as Chinese offices count them, without spaces and signs that take no room. The server counts
   by the same class (assessments/papers.py); one table of cases holds both to it. */
(function (root) {
  "use strict";
  const BLANK = /[\s\u001c-\u001f\u0085\u00ad\u180e\u200b-\u200f\u2060\ufeff]/g;
  root.countCharacters = function (text) {
    return Array.from(text.replace(BLANK, "")).length;
  };
})(globalThis);
