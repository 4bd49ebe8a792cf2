/* The lessons' service worker. Registered only when a learner taps «Tải bài này về máy»; answers only lessons that were
   kept; everything else goes to the network as if it were not there.

   How a kept page is answered. Every page of the site may be five minutes old (max-age=300), so a kept lesson is asked
   for news (goi.json, mostly a 304) at most every five minutes, and waits for the answer at most 2.5 seconds. The copy
   opens at once in between, when there is no network, and for half a minute after a network that did not answer: a dead
   signal costs those seconds once, not at every step. A new version comes from the network and is kept in the background.

   One cache a lesson and version, «gocua-bai|<address>|<version>». Its goi.json is written last: a cache without it is
   half a copy and counts for nothing. A copy that lost a page (phones may throw away what they like) is given up.

   A kept page's forms and «Gọi giúp» lead to khong-mang/ beside the lessons, since a worker may only answer addresses
   within its scope: with a network it sends them on, without one it shows what can be done instead. */
"use strict";

const SCOPE = new URL(self.registration.scope).pathname;
const MARK = "gocua-bai|";
const AWAY = `${SCOPE}khong-mang/`;
const FRESH = 300000, PATIENCE = 2500, PAUSE = 30000; // milliseconds
const CAP = 20000000; // bytes of all kept lessons together
const AT_ONCE = 4; // downloads beside each other
const FORMS = /^\/(?:en\/)?(?:nho-giup|b)\//;

const kept = new Map(); // a lesson's address → {name of the cache, pack, entries by address, three times}
const files = new Map(); // a file's address → [its lesson, the address it lies under]
let loaded = false;
const ready = load();

async function load() {
  try {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(MARK + SCOPE)).map(recall));
  } catch (refused) { /* nothing is kept here */ }
  loaded = true;
}

async function recall(name) {
  const list = await caches.match(`${name.split("|")[1]}goi.json`, { cacheName: name });
  if (list) { know(name, await list.json()); }
}

function know(name, pack) {
  const old = kept.get(pack.url);
  if (old) { forget(old); }
  const entries = new Map([...pack.pages, ...pack.files].map((entry) => [entry.url, entry]));
  kept.set(pack.url, { name, pack, entries, checked: 0, failed: 0, tried: 0 });
  for (const file of pack.files) {
    for (const url of [file.url, ...(file.instead_of || [])]) { files.set(url, [pack.url, file.url]); }
  }
}

function forget(lesson) {
  if (kept.get(lesson.pack.url) === lesson) { kept.delete(lesson.pack.url); }
  for (const [url, place] of files) { if (place[0] === lesson.pack.url) { files.delete(url); } }
}

/* "/bai-hoc/vneid/kich-hoat/" of an address beneath it; "" for everything else. */
function lessonOf(path) {
  if (!path.startsWith(SCOPE)) { return ""; }
  const parts = path.slice(SCOPE.length).split("/");
  return parts.length === 3 && parts[0] && parts[1] && !parts[2] ? path : "";
}

function soon(promise) {
  return Promise.race([promise, new Promise((_done, fail) => { setTimeout(() => fail(new Error("slow")), PATIENCE); })]);
}

self.addEventListener("install", () => { self.skipWaiting(); });
self.addEventListener("activate", (event) => { event.waitUntil(ready.then(sweep).then(() => self.clients.claim())); });

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url), lesson = lessonOf(url.pathname);
  if (url.origin !== self.location.origin) { return; }
  if (request.mode === "navigate" && url.pathname === AWAY) { event.respondWith(away(request, url)); return; }
  if (request.method !== "GET") { return; }
  if (lesson) {
    if (loaded && !kept.has(lesson)) { return; }
    event.respondWith(page(event, lesson, url));
  } else if (loaded ? files.has(url.pathname) : request.mode !== "navigate" && lessonOf(new URL(request.referrer || url).pathname)) {
    event.respondWith(file(request, url));
  }
});

async function page(event, address, url) {
  await ready;
  const lesson = kept.get(address), request = event.request;
  if (!lesson) { return fetch(request); }
  const entry = place(lesson, url), body = await whole(lesson.name, entry);
  if (!body) { event.waitUntil(drop(address)); return fetch(request); }
  if (request.mode === "navigate") {
    const news = await newsOf(lesson);
    if (news === "gone") { event.waitUntil(drop(address)); return fetch(request); }
    if (news) {
      if (Date.now() - lesson.tried > FRESH && !(navigator.connection && navigator.connection.saveData)) {
        lesson.tried = Date.now();
        event.waitUntil(keep(address).catch(() => {}));
      }
      /* no-cache: the browser may hold the page of the version before for five minutes */
      try { return await soon(fetch(request.url, { cache: "no-cache", redirect: "manual" })); } catch (dead) { /* then the copy */ }
    }
    if (!url.search) { event.waitUntil(used(lesson)); }
    if (!isKnown(lesson, url)) { try { return await soon(fetch(request)); } catch (dead) { /* then what comes nearest */ } }
  }
  return adapted(body, address);
}

/* Whether the copy is what the address asks for; the page's script shows the states within a screen (sai, chon). */
function isKnown(lesson, url) {
  const rest = new URLSearchParams(url.search);
  for (const name of ["sai", "chon", "may"]) { rest.delete(name); }
  const query = rest.toString();
  return lesson.entries.has(lesson.pack.url + url.search) || lesson.entries.has(lesson.pack.url + (query && `?${query}`));
}

/* The kept page of an address; the states of a practice screen or a question are one page, what is unknown is the cover. */
function place(lesson, url) {
  const wanted = [url.search];
  for (const name of ["buoc", "thu", "cau"]) {
    if (url.searchParams.has(name)) { wanted.push(`?${name}=${url.searchParams.get(name)}`); }
  }
  return lesson.entries.get([...wanted, ""].map((query) => lesson.pack.url + query).find((at) => lesson.entries.has(at)));
}

/* The bytes of a kept page or file as they were kept, with their headers; null if they are lost or spoilt. */
async function whole(name, entry) {
  const copy = await caches.match(entry.url, { cacheName: name });
  if (!copy) { return null; }
  const bytes = await copy.arrayBuffer();
  return await hashOf(bytes) === entry.sha256 ? { bytes, headers: copy.headers } : null;
}

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* "" nothing new (or nobody to ask), "new", or "gone": the lesson is not published any more. */
async function newsOf(lesson) {
  const now = Date.now();
  if (now - lesson.checked < FRESH || now - lesson.failed < PAUSE) { return ""; }
  try {
    const answer = await soon(fetch(`${lesson.pack.url}goi.json`, { cache: "no-cache" }));
    if (answer.status === 404 || answer.status === 410) { return "gone"; }
    const version = (await answer.json()).version;
    if (!answer.ok || !version) { throw new Error("no list"); }
    if (version !== lesson.pack.version) { return "new"; }
    lesson.checked = now;
  } catch (dead) { lesson.failed = now; }
  return "";
}

/* Forms and requests for help go by the way of AWAY. */
function adapted(body, address) {
  const text = new TextDecoder().decode(body.bytes).replace(/ (href|action)="([^"]+)"/g, (whole, name, link) => (
    FORMS.test(link) ? ` ${name}="${AWAY}?di=${encodeURIComponent(link.replace(/&amp;/g, "&"))}&amp;ve=${encodeURIComponent(address)}"` : whole));
  return answer(text, body.headers);
}

function answer(body, from, status, more) {
  const headers = new Headers(from);
  headers.delete("Content-Length");
  for (const name of Object.keys(more || {})) { headers.set(name, more[name]); }
  return new Response(body, { status: status || 200, headers });
}

async function away(request, url) {
  const wanted = url.searchParams.get("di") || "", back = url.searchParams.get("ve") || "";
  try {
    if ((await soon(fetch("/healthz", { cache: "no-store" }))).ok && FORMS.test(wanted)) { return Response.redirect(wanted, 307); }
  } catch (dead) { /* no network */ }
  await ready;
  for (const lesson of kept.values()) {
    const entry = lesson.entries.get(AWAY), body = entry && await whole(lesson.name, entry);
    if (body) {
      const text = new TextDecoder().decode(body.bytes);
      return answer(lessonOf(back) ? text.replace(`href="${SCOPE}"`, `href="${encodeURI(back)}"`) : text, body.headers);
    }
  }
  return fetch(request);
}

/* A file from the copy, in parts where the browser asks for parts: Safari plays no sound without. */
async function file(request, url) {
  await ready;
  const [address, at] = files.get(url.pathname) || [], lesson = kept.get(address);
  const body = lesson && await whole(lesson.name, lesson.entries.get(at));
  if (!body) { return fetch(request); }
  const size = body.bytes.byteLength, asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") || "");
  if (!asked || !(asked[1] || asked[2])) { return answer(body.bytes, body.headers, 200, { "Content-Length": size }); }
  const start = asked[1] ? Number(asked[1]) : Math.max(0, size - Number(asked[2]));
  const end = asked[1] && asked[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
  if (start > end) { return answer(null, body.headers, 416, { "Content-Range": `bytes */${size}` }); }
  const more = { "Content-Range": `bytes ${start}-${end}/${size}`, "Content-Length": end - start + 1 };
  return answer(body.bytes.slice(start, end + 1), body.headers, 206, more);
}

/* Keeping ---------------------------------------------------------------------------------------------------------- */

const running = new Map(); // a lesson's address → the download under way

function keep(address, tell) {
  if (!running.has(address)) {
    const work = download(address, tell || (() => {})).finally(() => { running.delete(address); });
    running.set(address, work);
  }
  return running.get(address);
}

/* All or nothing; fails with the reason as its message: "network", "broken", "room". */
async function download(address, tell) {
  await ready;
  const told = await fetch(`${address}goi.json`, { cache: "no-cache" }).catch(() => null);
  if (!told || !told.ok) { throw new Error("network"); }
  const list = await told.text(), pack = JSON.parse(list), old = kept.get(address);
  if (pack.url !== address) { throw new Error("broken"); }
  if (old && old.pack.version === pack.version) { return { dropped: [] }; }
  const dropped = await makeRoom(address, weight(pack));
  const name = `${MARK}${address}|${pack.version}`;
  await caches.delete(name);
  try {
    const cache = await caches.open(name);
    const queue = [...pack.pages, ...pack.files];
    const all = queue.reduce((sum, entry) => sum + entry.bytes, 0);
    let done = 0;
    const work = async () => {
      for (let entry = queue.shift(); entry; entry = queue.shift()) {
        const known = old && old.entries.get(entry.url), same = known && known.sha256 === entry.sha256;
        const body = same && await whole(old.name, known);
        await cache.put(entry.url, body ? answer(body.bytes, body.headers) : await take(entry));
        done += entry.bytes;
        tell({ part: done / all });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    await cache.put(`${address}goi.json`, new Response(list, { headers: { "Content-Type": "application/json" } }));
    know(name, pack);
    kept.get(address).checked = Date.now();
    await used(kept.get(address));
    for (const other of await caches.keys()) {
      if (other.startsWith(`${MARK}${address}|`) && other !== name) { await caches.delete(other); }
    }
  } catch (error) {
    await caches.delete(name);
    throw /quota/i.test(error.name) ? new Error("room") : error;
  }
  return { dropped };
}

/* One file whose hash is right. A browser may still hold an older one for ever: then past its cache. */
async function take(entry) {
  for (const how of ["no-cache", "reload"]) {
    const got = await fetch(entry.url, { cache: entry.kind && how === "no-cache" ? "default" : how }).catch(() => null);
    if (!got || !got.ok) { throw new Error("network"); }
    const bytes = await got.arrayBuffer();
    if (await hashOf(bytes) === entry.sha256) {
      const headers = new Headers(got.headers);
      for (const gone of ["Content-Encoding", "Vary"]) { headers.delete(gone); }
      return answer(bytes, headers);
    }
  }
  throw new Error("broken");
}

/* The lessons that were read longest ago go until the new one has its place. Their titles. */
async function makeRoom(address, need) {
  const all = [], dropped = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(MARK)) { continue; }
    const url = name.split("|")[1], at = { cacheName: name };
    const list = await caches.match(`${url}goi.json`, at), time = await caches.match(`${url}goi.json?luc`, at);
    const pack = list && await list.json();
    if (!pack) { if (!running.has(url)) { await caches.delete(name); } continue; }
    all.push({ url, pack, size: weight(pack), when: time ? Number(await time.text()) : 0 });
  }
  const others = all.filter((one) => one.url !== address).sort((one, two) => one.when - two.when);
  let sum = others.reduce((total, one) => total + one.size, 0);
  const space = navigator.storage && navigator.storage.estimate ? await navigator.storage.estimate() : {};
  let free = space.quota ? space.quota - space.usage : Infinity;
  while (others.length && (sum + need > CAP || free < need * 2)) {
    const oldest = others.shift();
    await drop(oldest.url);
    dropped.push(oldest.pack.title);
    sum -= oldest.size;
    free += oldest.size;
  }
  if (free < need * 2) { throw new Error("room"); }
  return dropped;
}

/* Bytes on the phone: words lie there unpacked. */
function weight(pack) { return pack.bytes * 5 + pack.voice_bytes; }

/* When the lesson was last opened lies beside its list. */
async function used(lesson) {
  const cache = await caches.open(lesson.name);
  await cache.put(`${lesson.pack.url}goi.json?luc`, new Response(String(Date.now())));
}

async function drop(address) {
  const lesson = kept.get(address);
  if (lesson) { forget(lesson); }
  for (const name of await caches.keys()) {
    if (name.startsWith(`${MARK}${address}|`)) { await caches.delete(name); }
  }
}

/* Half copies of a download that was cut off. */
async function sweep() {
  const whole = new Set([...kept.values()].map((lesson) => lesson.name));
  for (const name of await caches.keys()) {
    if (name.startsWith(MARK + SCOPE) && !whole.has(name) && !running.has(name.split("|")[1])) { await caches.delete(name); }
  }
}

/* A lesson's address with a port: {part} while it works, then {dropped} (titles) or {fault}. */
self.addEventListener("message", (event) => {
  const port = event.ports[0];
  if (!port || !lessonOf(String(event.data))) { return; }
  event.waitUntil(keep(event.data, (news) => { port.postMessage(news); }).then(
    ({ dropped }) => { port.postMessage({ dropped }); },
    (error) => { port.postMessage({ fault: error.message }); },
  ));
});
