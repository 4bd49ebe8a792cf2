/* Never needed. Plays voices, remembers where one was, counts, fetches the next step early. */
(function () {
  "use strict";
  var page = document, here = window.location, net = navigator, key = "gocua.lesson", playing = null, onward = false;
  function keep(store, name, value) {
    try {
      if (value === undefined) { return window[store].getItem(name); }
      if (value === null) { window[store].removeItem(name); } else { window[store].setItem(name, value); }
    } catch (refused) { /* private window */ }
    return null;
  }

  /* Voice. */
  function silent() {
    if (playing) { playing.pause(); playing.from.classList.remove("on"); playing = null; }
  }
  function play(link, tapped) {
    silent();
    count(link.heard ? "a" : "h");
    var sound = new Audio(link.href);
    sound.from = link;
    link.heard = true;
    playing = sound;
    link.classList.add("on");
    sound.onended = silent;
    sound.play().catch(function () { if (playing === sound) { silent(); if (tapped) { here.href = link.href; } } });
  }
  page.addEventListener("gocua:speak", function (event) { play(event.target); });

  /* Where one was. */
  var lesson = page.querySelector("[data-lesson]");
  function told(name) { return lesson && lesson.getAttribute("data-" + name); }
  var step = told("step"), url = told("lesson"), kept = keep("localStorage", key);
  if (step) {
    keep("localStorage", key, JSON.stringify({ url: url + here.search, title: told("title") }));
  } else if (step === "" && kept && kept.indexOf('"' + url + "?") > 0) { keep("localStorage", key, null); }
  var door = page.querySelector("[data-continue]"), last = null;
  try { last = door && JSON.parse(kept); } catch (broken) { }
  if (last && /^\/(en\/)?bai-hoc\//.test(last.url) && typeof last.title === "string") {
    door.querySelector("a").href = last.url;
    door.querySelector("small").textContent = last.title;
    door.hidden = false;
  }

  /* How often what happened here: no person, no time. Sent when the lesson is left, kept while offline. */
  var id = told("id"), spot = id || (step === "" ? "end" : "cover"), tally = "gocua.counts";
  var number = url === here.pathname && told("number"); // not in an editor's preview
  var post = number && url.replace(/bai-hoc.*/, "b/" + number + "/dem/");
  function counts() {
    try { return JSON.parse(keep("localStorage", tally)) || {}; } catch (broken) { return {}; }
  }
  function count(letter) {
    if (!post) { return; }
    var all = counts(), own = all[post] = all[post] || {};
    own[spot] = ((own[spot] || "") + letter).slice(0, 20);
    keep("localStorage", tally, JSON.stringify(all));
  }
  function send() {
    if (onward || net.onLine === false) { return; }
    var all = counts();
    keep("localStorage", tally, null);
    Object.keys(all).forEach(function (to) {
      var body = JSON.stringify(all[to]);
      if (net.sendBeacon && net.sendBeacon(to, body)) { return; }
      if (window.fetch) { fetch(to, { method: "POST", body: body, keepalive: true }); }
    });
  }
  var before = keep("sessionStorage", "gocua.seen") || "";
  if (post && before.indexOf(post + spot) < 0) { // once a visit
    keep("sessionStorage", "gocua.seen", before + post + spot);
    count("s");
  }
  window.addEventListener("pagehide", send);
  page.addEventListener("visibilitychange", function () { if (page.hidden) { send(); } });

  page.addEventListener("click", function (event) {
    var hit = event.target.closest && event.target.closest("a[href],.hint>summary");
    if (!hit) { return; }
    var to = (hit.getAttribute("href") || "#").split("?")[0];
    if (hit.matches("[data-voice]") && window.Audio) {
      event.preventDefault();
      keep("sessionStorage", "gocua.heard", "1");
      if (playing && playing.from === hit) { silent(); } else { play(hit, 1); }
    }
    onward = !event.defaultPrevented && (!to || to === url);
    if (hit.rel === "prev") { count("b"); }
    if (hit.matches("[data-miss],[data-pick='0']")) { count("m"); }
    if (id && to === "#" && !hit.parentNode.open) { count("t"); }
    /* Which phone: chosen once, then every step opens that way. */
    if (hit.matches(".switch a")) { keep("localStorage", "gocua.phone", /may=iphone/.test(hit.href) ? "iphone" : "android"); }
  });
  var other = page.querySelector(".switch a:not([aria-current])");
  if (other && !/may=/.test(here.search) && keep("localStorage", "gocua.phone") === "iphone") {
    onward = true;
    here.replace(other.href);
  }

  /* The next step, once there is nothing to do; never when the phone saves data. */
  var next = page.querySelector(".foot-bar a[rel=next], a[data-next]");
  if (next && !(net.connection || {}).saveData) {
    window.addEventListener("load", function () {
      (window.requestIdleCallback || setTimeout)(function () {
        var link = page.createElement("link");
        link.rel = "prefetch";
        link.href = next.href;
        page.head.appendChild(link);
      });
    });
  }
})();
