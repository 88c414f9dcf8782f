/* exam.js: counts the time down that the server said was left; the server alone decides what it still takes. */
(function () {
  "use strict";
  const place = document.querySelector("[data-seconds]");
  if (!place) return;
  const end = Date.now() + Number(place.dataset.seconds) * 1000;
  function show() {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    place.classList.toggle("over", left < 60);
    if (left) window.setTimeout(show, 500);
  }
  show();
})();
