// The service worker of the tools, behind KEPT (apps.tools.views.worker). It answers below /tools/ only. What it keeps
// is the same for everybody: style, scripts, and one page that was fetched without cookies. The network comes first;
// a page of somebody who is signed in is passed on and never kept.

/* global KEPT */
const PREFIX = "woodshed-tools-";
const NAME = PREFIX + [...JSON.stringify(KEPT)].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)) >>> 0, 7).toString(36);
const PATIENCE_MS = 4000;
const kept = new Set(KEPT.files.map((file) => new URL(file, self.location).pathname));

const asNobody = (address) => new Request(address, { credentials: "omit", cache: "reload" });

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    await cache.addAll([KEPT.page, ...KEPT.files].map(asNobody));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

const hasWaited = () => new Promise((_resolve, reject) => { setTimeout(() => reject(new Error("too slow")), PATIENCE_MS); });

// A page: from the network while it answers, else the one that was kept.
async function page(request) {
  try {
    return await Promise.race([fetch(request), hasWaited()]);
  } catch {
    return (await caches.match(KEPT.page)) ?? Response.error();
  }
}

// A file: the network's, which is kept anew; else the kept one.
async function file(request) {
  const cache = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request.url, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request.url)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (kept.has(pathname)) event.respondWith(file(request));
});
