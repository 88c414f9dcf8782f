// Pages of /v/ work without this. It takes the code out of the address, counts answers and characters, and keeps a
// second tap from sending a ballot twice.
(function () {
  "use strict";

  const typed = document.getElementById("code-form");
  const ballot = document.getElementById("ballot");

  // The fragment never reaches a server; out of the address it goes into no history, bookmark or shared link either.
  function takeCode() {
    const code = location.hash.slice(1);
    if (!/^[0-9A-Za-z-]{16,40}$/.test(code)) return;
    history.replaceState(null, "", location.pathname + location.search);
    typed.elements.code.value = code;
    typed.submit();
  }

  function countAnswers() {
    const names = new Set();
    ballot.querySelectorAll("input[type=radio]").forEach((choice) => names.add(choice.name));
    const asked = ballot.elements.asked;
    const all = names.size + (asked ? 1 : 0);
    const done = ballot.querySelectorAll("input:checked").length + (asked && asked.value.trim() ? 1 : 0);
    const line = ballot.querySelector(".done");
    line.hidden = false;
    line.textContent = done === all ? line.dataset.all
      : line.dataset.text.replace("{done}", done).replace("{left}", all - done);
  }

  function countCharacters() {
    const comment = ballot.elements.comment;
    if (!comment) return;
    const line = ballot.querySelector(".count");
    line.hidden = false;
    line.textContent = `${comment.value.length} / ${comment.maxLength}`;
  }

  function count() {
    countAnswers();
    countCharacters();
  }

  function once() {
    const button = ballot.querySelector("[data-busy]");
    const words = button.textContent;
    let busy = false;
    function free() {
      busy = false;
      button.textContent = words;
    }
    ballot.addEventListener("submit", (event) => {
      if (busy) {
        event.preventDefault();
        return;
      }
      busy = true;
      if (event.submitter === button) button.textContent = button.dataset.busy;
      setTimeout(free, 15000); // the line may have gone: the ballot can then be sent again
    });
    addEventListener("pageshow", free);
  }

  if (typed) {
    takeCode();
    addEventListener("hashchange", takeCode);
  }
  if (ballot) {
    ballot.addEventListener("input", count);
    count();
    once();
    const faults = document.getElementById("faults");
    if (faults) faults.focus();
  }
})();
