/* A button that copies a field's text. Without script the field itself can be marked and copied by hand. */
(function () {
  "use strict";
  if (!navigator.clipboard) { return; }
  document.querySelectorAll("[data-copy-from]").forEach(function (place) {
    var field = document.getElementById(place.getAttribute("data-copy-from"));
    var button = place.querySelector("button");
    var label = button && button.querySelector("span");
    if (!field || !label) { return; }
    place.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(field.value).then(function () {
        label.textContent = place.getAttribute("data-copied");
      }, function () { field.select(); });
    });
  });
}());
