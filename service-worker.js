// Keeps a few public pages on the phone, so that "where to go in an emergency" can be read without the net.
// Nothing personal is ever kept: an answer marked no-store is not stored, and pages are first fetched without cookies.
// Pages come from the net first; what is kept is shown only when there is none. KEPT {version, pages, files} is put in
// front of this file by webapp/views/pwa.py.

const CACHE = `sitthi-${KEPT.version}`;
const OFFLINE = "/offline";

const mayBeKept = (answer) => answer.ok && answer.type === "basic" && !/no-store/.test(answer.headers.get("Cache-Control") ?? "");

async function fill() {
  const cache = await caches.open(CACHE);
  const wanted = [...KEPT.pages, ...KEPT.files].map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  await Promise.all(wanted.map(async (request) => {
    const answer = await fetch(request);
    if (!mayBeKept(answer)) throw new Error(`${request.url} may not be kept`);
    await cache.put(request.url, answer);
  }));
  await self.skipWaiting();
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("sitthi-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  const { pathname } = new URL(request.url);
  try {
    const answer = await fetch(request);
    if (KEPT.pages.includes(pathname) && mayBeKept(answer)) {
      const copy = answer.clone();
      caches.open(CACHE).then((cache) => cache.put(pathname, copy));
    }
    return answer;
  } catch (noNet) {
    const kept = await caches.match(pathname, { ignoreVary: true }) ?? await caches.match(OFFLINE, { ignoreVary: true });
    if (!kept) throw noNet;
    return kept;
  }
}

const file = async (request) => await caches.match(request.url, { ignoreVary: true }) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (KEPT.files.some((address) => request.url.endsWith(address))) event.respondWith(file(request));
});
