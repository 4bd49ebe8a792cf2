/* Several learners on one phone, each with a picture and an own place. On this phone only; nothing is sent.
   lesson.js keeps the place of whoever learns now; this script changes it when another one comes. */
(function () {
  "use strict";
  var page = document, box = page.querySelector("[data-people]"), PEOPLE = "gocua.people", PLACE = "gocua.lesson";
  if (!box) { return; }
  var add = box.querySelector("[data-add]"), row = box.querySelector("[data-row]"), all = null;
  var door = page.querySelector("[data-continue]"), forgot = page.querySelector("[data-forgot]");
  function get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch (broken) { return null; }
  }
  function put(key, value) {
    try {
      if (value) { localStorage.setItem(key, JSON.stringify(value)); } else { localStorage.removeItem(key); }
    } catch (refused) { /* private window */ }
  }
  function has(name) { return Object.prototype.hasOwnProperty.call(all ? all.of : {}, name); }

  /* The door «Go on with your lesson» is that of whoever learns now. */
  function open(place) {
    var good = place && /^\/(en\/)?bai-hoc\//.test(place.url) && typeof place.title === "string";
    if (good) {
      door.querySelector("a").href = place.url;
      door.querySelector("small").textContent = place.title;
    }
    door.hidden = !good;
  }
  function draw() {
    row.textContent = "";
    add.querySelectorAll("[data-picture]").forEach(function (button) {
      var name = button.getAttribute("data-picture"), item = button.parentNode, own;
      item.hidden = has(name);
      if (item.hidden) {
        own = row.appendChild(item.cloneNode(true));
        own.hidden = false;
        own.firstElementChild.setAttribute("aria-pressed", all.now === name);
      }
    });
    box.querySelectorAll("[data-when]").forEach(function (part) {
      part.hidden = (part.getAttribute("data-when") === "some") !== !!all;
    });
    add.hidden = !all && !get(PLACE);
  }
  function choose(name) {
    if (all) {
      all.of[all.now] = get(PLACE) || 0;
      put(PLACE, all.of[name]);
    } else { all = { of: {} }; } /* the first one takes over what was begun */
    all.now = name;
    all.of[name] = get(PLACE) || 0;
    put(PEOPLE, all);
    add.open = false;
    begin();
    row.querySelector("[aria-pressed=true]").focus();
  }
  function begin() {
    all = get(PEOPLE);
    if (!all || !all.of || !has(all.now)) { all = null; }
    draw();
    open(get(PLACE));
  }
  box.addEventListener("click", function (event) {
    var button = event.target.closest("button"), name = button && button.getAttribute("data-picture");
    if (name) { choose(name); } else if (button) {
      ["people", "lesson", "phone", "help", "counts"].forEach(function (own) { put("gocua." + own); });
      begin();
      add.open = forgot.hidden = false;
      forgot.focus();
    }
  });
  window.addEventListener("pageshow", function (event) { if (event.persisted) { begin(); } });
  begin();
})();
