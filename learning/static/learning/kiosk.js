/* The kiosk: leaves no history and keeps nothing; asks after 45 s without a touch, goes to the start after 60 s. */
(function () {
  "use strict";
  var page = document, home = page.body.getAttribute("data-home"), dialog = page.querySelector(".idle");
  var ASK = 45000, LEAVE = 60000, asking = null, leaving = null, sound = null, from = null, i;
  function inside(url) { return url.origin === window.location.origin && url.pathname.indexOf(home) === 0; }

  /* One entry of history for the whole visit: «back» never shows what the person before was looking at. */
  function go(address) { window.location.replace(address); }
  function reset() {
    if (window.location.pathname === home && !window.location.search) {
      page.querySelectorAll("input").forEach(function (field) { field.value = ""; });
      window.scrollTo(0, 0);
      wake();
    } else { go(home); }
  }
  function ask() {
    if (window.location.pathname === home && !window.location.search) { return; }
    dialog.hidden = false;
    dialog.querySelector("button").focus();
  }
  function wake() {
    dialog.hidden = true;
    window.clearTimeout(asking);
    window.clearTimeout(leaving);
    asking = window.setTimeout(ask, ASK);
    leaving = window.setTimeout(reset, LEAVE);
  }
  ["pointerdown", "touchstart", "keydown", "scroll", "input", "wheel"].forEach(function (name) {
    window.addEventListener(name, wake, { passive: true });
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { go(home); } else { wake(); } });

  /* Voice: one tap plays, the next stops. Who listens is still there. */
  function silent() {
    if (sound) { sound.pause(); from.classList.remove("on"); sound = from = null; }
  }
  function play(link) {
    var again = from === link;
    silent();
    if (again) { return; }
    sound = new Audio(link.href);
    from = link;
    link.classList.add("on");
    sound.ontimeupdate = wake;
    sound.onended = silent;
    sound.play().catch(silent);
  }
  var voices = page.querySelectorAll("a[data-voice]");
  for (i = 0; window.Audio && i < voices.length; i += 1) { voices[i].hidden = false; }
  var prints = page.querySelectorAll("[data-print]");
  for (i = 0; window.print && i < prints.length; i += 1) { prints[i].hidden = false; }

  page.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link) {
      if (event.target.closest("[data-print] button")) { window.print(); }
      return;
    }
    event.preventDefault();
    if (link.hasAttribute("data-voice")) { play(link); return; }
    var url = new URL(link.href);
    if (inside(url) || (link.classList.contains("tongue") && url.origin === window.location.origin)) { go(url.href); }
  });
  page.addEventListener("submit", function (event) {
    event.preventDefault();
    var field = event.target.querySelector("[name=q]");
    go(event.target.action + "?q=" + encodeURIComponent(field.value));
  });
  wake();
})();
