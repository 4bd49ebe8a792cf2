/* Remembers on this phone whom a commune wants to be called (a public number), and shows it where there is no network. */
(function () {
  "use strict";
  var page = document, KEY = "gocua.help", told = page.querySelector("[data-help-keep]"), known = null;
  try { known = JSON.parse(localStorage.getItem(KEY)); } catch (broken) { /* somebody else's */ }
  function good(one) { return one && /^\+?[0-9]{3,15}$/.test(one.phone) && typeof one.name === "string" && !!one.name; }
  if (told && (told.getAttribute("data-help-keep") === "always" || !good(known))) {
    known = { name: told.getAttribute("data-name"), phone: told.getAttribute("data-phone") };
    try {
      if (good(known)) { localStorage.setItem(KEY, JSON.stringify(known)); } else { localStorage.removeItem(KEY); }
    } catch (refused) { /* private window */ }
  }
  if (!good(known)) { return; }
  page.querySelectorAll("[data-help-contact]").forEach(function (link) {
    link.href = "tel:" + known.phone;
    link.querySelector("[data-help-name]").textContent = known.name;
    link.hidden = false;
  });
  page.querySelectorAll("[data-help-unknown]").forEach(function (part) { part.hidden = true; });
})();
