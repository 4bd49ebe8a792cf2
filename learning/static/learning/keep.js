/* Never needed. Keeps a lesson on this phone when asked to; lists what is kept. */
(function () {
  "use strict";
  var page = document, MARK = "gocua-bai|", net = navigator.connection || {}, work = navigator.serviceWorker, store = navigator.storage;
  var box = page.querySelector("[data-keep]"), shelf = page.querySelector("[data-kept]");
  var able = work && window.caches && window.crypto && crypto.subtle;
  function each(root, name, act) {
    Array.prototype.forEach.call(root.querySelectorAll("[" + name + "]"), function (part) { act(part, part.getAttribute(name)); });
  }
  function show(state) {
    each(box, "data-when", function (part, states) { part.hidden = states.split(" ").indexOf(state) < 0; });
    box.hidden = false;
  }
  function size(root, bytes) {
    each(root, "data-size", function (part, words) {
      var text = Math.max(bytes / 1e6, 0.1).toFixed(1);
      part.textContent = bytes ? words.replace(/0(.)0/, function (all, point) { return text.replace(".", point); }) : "";
    });
  }
  function kept() {
    return every(function (name) {
      return name.indexOf(MARK) ? null : caches.match(name.split("|")[1] + "goi.json", { cacheName: name });
    }).then(function (lists) {
      return Promise.all(lists.filter(Boolean).map(function (list) { return list.json(); }));
    }).catch(function () { return []; });
  }
  function scope(url) { return url.split("/").slice(0, -3).join("/") + "/"; }
  function every(act) { return caches.keys().then(function (names) { return Promise.all(names.map(act)); }); }
  function drop(url) {
    return every(function (name) { return name.indexOf(MARK + url + "|") || caches.delete(name); }).then(kept).then(function (packs) {
      if (packs.some(function (pack) { return scope(pack.url) === scope(url); })) { return; }
      work.getRegistration(scope(url)).then(function (found) { return found && found.unregister(); });
    });
  }
  function ask(worker, url, news) {
    return new Promise(function (done, fail) {
      var line = new MessageChannel();
      line.port1.onmessage = function (event) {
        var told = event.data;
        if (told.fault) { fail(told.fault); } else if (told.dropped) { done(told.dropped); } else { news(told.part); }
      };
      worker.postMessage(url, [line.port2]);
    });
  }
  function keep(url) {
    var last = -10;
    function news(part) {
      box.querySelector("progress").value = part;
      if (part * 100 < last + 10) { return; }
      last = Math.floor(part * 100);
      each(box, "data-part", function (line, words) { line.textContent = words.replace("#", last); });
    }
    show("work");
    news(0);
    work.register(box.getAttribute("data-worker"), { scope: scope(url) }).then(function () { return work.ready; }).then(function (found) {
      return ask(found.active, url, news);
    }).then(function (titles) {
      each(box, "data-dropped", function (line, words) {
        line.textContent = words.replace("#", titles.join("; "));
        line.hidden = !titles.length;
      });
      if (store && store.persist) { store.persist(); }
      show("kept");
    }).catch(function (fault) { show(/^(network|room)$/.test(fault) ? fault : fault instanceof TypeError ? "network" : "broken"); });
  }

  if (box) {
    var address = box.getAttribute("data-keep"), bytes = Number(box.getAttribute("data-bytes"));
    size(box, bytes);
    if (!able) { show("none"); } else {
      kept().then(function (packs) { show(packs.some(function (pack) { return pack.url === address; }) ? "kept" : "new"); });
    }
    each(box, "data-act", function (button, act) {
      button.addEventListener("click", function () {
        if (act === "now" || (act === "keep" && /wifi|ethernet/.test(net.type) && !net.saveData)) { keep(address); }
        else if (act === "later") { show("new"); }
        else if (act === "drop") { drop(address).then(function () { show("new"); }); }
        else if (bytes) { show("ask"); }
        else {
          fetch(address + "goi.json").then(function (answer) { return answer.json(); }).then(function (pack) {
            bytes = pack.bytes + pack.voice_bytes;
            size(box, bytes);
            show("ask");
          }).catch(function () { show("network"); });
        }
      });
    });
  }

  if (shelf && able) {
    kept().then(function (packs) {
      var row = shelf.querySelector("li"), list = row.parentNode;
      packs.forEach(function (pack) {
        var mine = row.cloneNode(true), link = mine.querySelector("a");
        link.href = pack.url;
        link.firstElementChild.textContent = pack.title;
        size(mine, pack.bytes + pack.voice_bytes);
        mine.querySelector("button").addEventListener("click", function () {
          drop(pack.url).then(function () {
            list.removeChild(mine);
            shelf.hidden = list.children.length < 2;
          });
        });
        mine.hidden = false;
        list.appendChild(mine);
      });
      shelf.hidden = !packs.length;
    });
  }
})();
