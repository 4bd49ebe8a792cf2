/* Live fragments (house.md D12), loaded last. The socket tells what is stale; without it, polling.
   data-watch: topics; data-live: words to announce; data-done: stop. */
(() => {
  "use strict";
  const tags = new WeakMap(), busy = new Map(), region = document.createElement("p");
  let tries = 0, poll = 0;
  const parts = () => [...document.querySelectorAll("[data-fragment]:not([data-done])")];
  const topics = (part) => (part.dataset.watch || "").split(/\s+/).filter(Boolean);

  function swap(part, html) {
    const held = part.contains(document.activeElement) && document.activeElement;
    // Somebody writes here: their words come first.
    if (held && held.matches("input, select, textarea")) return false;
    const key = held && (held.id ? "#" + CSS.escape(held.id) : `[href="${CSS.escape(held.getAttribute("href"))}"]`);
    const { scrollX, scrollY } = window;
    part.innerHTML = html;
    const again = key && part.querySelector(key);
    if (again) again.focus({ preventScroll: true });
    scrollTo(scrollX, scrollY);
    if (part.querySelector("[data-done]")) part.dataset.done = "";
    if (part.dataset.live) region.textContent = part.dataset.live;
    return true;
  }

  async function refresh(part) {
    if (busy.has(part)) return busy.set(part, 1);
    busy.set(part, 0);
    try {
      const tag = tags.get(part);
      const answer = await fetch(part.dataset.fragment, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.redirected || [401, 403, 404].includes(answer.status)) part.dataset.done = "";
      else if (answer.status === 200 && swap(part, await answer.text())) tags.set(part, answer.headers.get("ETag"));
    } catch { /* no network: the next round asks */ }
    const again = busy.get(part);
    busy.delete(part);
    if (again) refresh(part);
  }

  const round = () => document.hidden || parts().forEach(refresh);
  function polling(pause) {
    clearInterval(poll);
    poll = parts().length && setInterval(round, pause);
  }

  function connect() {
    const watch = [...new Set(parts().flatMap(topics))];
    polling(15000);
    if (!watch.length) return;
    const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/live/");
    socket.onopen = () => {
      tries = 0;
      polling(parts().every((part) => topics(part).length) ? 60000 : 15000); // hints get lost
      socket.send(JSON.stringify({ watch }));
      round();
    };
    socket.onmessage = ({ data }) => {
      const { stale = [] } = JSON.parse(data);
      parts().filter((part) => topics(part).some((one) => stale.includes(one))).forEach(refresh);
    };
    socket.onclose = ({ code }) => {
      polling(15000);
      // 1 s, 2 s, 4 s … a minute at most, and never all browsers at once.
      if (code !== 4401) setTimeout(connect, Math.min(60, 2 ** tries++) * 500 * (1 + Math.random()));
    };
  }

  region.className = "visually-hidden";
  region.ariaLive = "polite";
  document.body.append(region);
  addEventListener("visibilitychange", () => poll && round());
  connect();
})();
