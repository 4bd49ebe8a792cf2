/* Never needed. Shows the next help, or the words after an answer, without loading a page; the address goes along. */
(function () {
  "use strict";
  var page = document, root = page.querySelector("[data-now]");
  if (!root || !window.history || !history.replaceState || !root.closest) { return; }
  function all(selector, act) { Array.prototype.forEach.call(root.querySelectorAll(selector), act); }
  function now() { return Number(root.getAttribute("data-now")); }
  function show(value) {
    root.setAttribute("data-now", value);
    all("[data-at]", function (part) { part.hidden = part.getAttribute("data-at").split(" ").indexOf(String(value)) < 0; });
    all("a[data-pick]", function (link) {
      if (value && link.getAttribute("data-pick") === String(value)) { link.setAttribute("aria-current", "true"); }
      else { link.removeAttribute("aria-current"); }
    });
  }
  /* Only for those who have listened before: what has just come to light is read to them. */
  function speak(part) {
    var link = null;
    try { link = sessionStorage.getItem("gocua.heard") && part.parentNode.querySelector("[data-at]:not([hidden]) a[data-voice]"); } catch (refused) { /* private window */ }
    if (link && typeof CustomEvent === "function") { link.dispatchEvent(new CustomEvent("gocua:speak", { bubbles: true })); }
  }
  root.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-miss],a[data-pick]"), value, part;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    if (link.hasAttribute("data-pick")) { value = Number(link.getAttribute("data-pick")); } else { value = Math.min(now() + 1, 3); }
    show(value);
    history.replaceState(null, "", link.getAttribute("href").replace(/sai=\d.*/, "sai=" + value));
    part = root.querySelector(value ? ".say[data-at]:not([hidden])" : "a[data-pick]");
    if (!part) { return; }
    if (value) { speak(part); } else { part.focus(); }
    if (value === 2) { part = root.querySelector(".here") || part; } /* the place that shows itself comes into sight */
    if (part.scrollIntoView) { part.scrollIntoView({ block: part.id ? "center" : "nearest" }); }
  });
  /* A kept copy of the page may have been drawn without the state that its address names. */
  var asked = /[?&](?:sai|chon)=(\d+)/.exec(window.location.search);
  if (asked) {
    var most = root.querySelector("a[data-miss]") ? 3 : root.querySelectorAll(".pick").length;
    if (Math.min(Number(asked[1]), most) !== now()) { show(Math.min(Number(asked[1]), most)); }
  }
})();
