/* Not needed: the browser's own menu prints too. Shows the button and lets it print. */
(function () {
  "use strict";
  var buttons = document.querySelectorAll("[data-print]"), i;
  function go() { window.print(); }
  for (i = 0; window.print && i < buttons.length; i += 1) {
    buttons[i].hidden = false;
    buttons[i].addEventListener("click", go);
  }
})();
