/* screen.js: the big screen says when fetching itself anew has failed, and takes that back once it works again. */
(function () {
  "use strict";

  const note = document.getElementById("screen-failed");

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) {
      note.hidden = true;
      return;
    }
    const now = new Date();
    const time = [now.getHours(), now.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
    note.textContent = note.dataset.words.replace("{time}", time);
    note.hidden = false;
  });
})();
