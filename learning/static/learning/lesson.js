/* Never needed. Plays a step's voice in place instead of opening it, and remembers on this phone where one was. */
(function () {
  "use strict";
  var page = document, playing = null, key = "gocua.lesson";
  function store(value) {
    try {
      if (value === undefined) { return JSON.parse(localStorage.getItem(key)); }
      if (value) { localStorage.setItem(key, JSON.stringify(value)); } else { localStorage.removeItem(key); }
    } catch (refused) { /* private window */ }
    return null;
  }
  page.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-voice]");
    if (!link || !window.Audio) { return; }
    event.preventDefault();
    if (playing) { playing.pause(); }
    if (playing && playing.from === link && !playing.ended) { playing = null; return; }
    playing = new Audio(link.href);
    playing.from = link;
    playing.play().catch(function () { window.location.href = link.href; });
  });
  var lesson = page.querySelector("[data-lesson]");
  if (lesson) {
    var step = lesson.getAttribute("data-step"), url = lesson.getAttribute("data-lesson");
    var kept = store();
    if (step) { store({ url: url + "?buoc=" + step, title: lesson.getAttribute("data-title") }); }
    else if (kept && kept.url.split("?")[0] === url) { store(null); }
  }
  var door = page.querySelector("[data-continue]"), last = door && store();
  if (last && /^\/(en\/)?bai-hoc\//.test(last.url) && typeof last.title === "string") {
    door.querySelector("a").href = last.url;
    door.querySelector("small").textContent = last.title;
    door.hidden = false;
  }
})();
