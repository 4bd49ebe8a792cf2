/* Remembers text size and colours. Never needed: without it the choice holds for one page, by CSS alone. */
(function () {
  "use strict";
  var page = document, root = page.documentElement, names = ["size", "theme"];
  function saved(name) {
    try { return localStorage.getItem("gocua." + name); } catch (refused) { return null; }
  }
  names.forEach(function (name) {
    var value = saved(name);
    if (/^[a-z1-3]{1,5}$/.test(value || "")) { root.setAttribute("data-" + name, value); }
  });
  page.addEventListener("DOMContentLoaded", function () {
    names.forEach(function (name) {
      var radio = page.getElementById(name + "-" + root.getAttribute("data-" + name));
      if (radio) { radio.checked = true; }
    });
  });
  page.addEventListener("change", function (event) {
    var name = (event.target.name || "").replace("comfort-", "");
    if (event.target.name === "comfort-" + name && names.indexOf(name) >= 0) {
      root.setAttribute("data-" + name, event.target.value);
      try { localStorage.setItem("gocua." + name, event.target.value); } catch (refused) { /* private window */ }
    }
  });
})();
