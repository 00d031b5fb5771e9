// Keeps the public pages on the phone, sends what waits there, shows reminders. It keeps nothing personal: an answer marked
// no-store is never stored, and pages are kept as a stranger sees them, fetched without cookies. Pages come from the net first.
// webapp/views/pwa.py puts two lines in front of this file: KEPT {version, pages, instead, patient, files, icon, badge}, and the import of
// static/js/phone.js (Phone: what this phone holds for its owner, sealed).

const SHELL = `sitthi-shell-${KEPT.version}`; // what the offline page needs: all of it, or this version is not installed
const PAGES = "sitthi-pages"; // the other public pages, as the net allows
const LOOK = "/kept-as"; // the language and look to keep them in
const OFFLINE = "/offline";
const PATIENCE_MS = 8000; // then the kept copy of the same page; three times as long where what we have instead says less

const mayBeKept = (answer) => answer.ok && answer.type === "basic" && !answer.redirected && !/no-store/.test(answer.headers.get("Cache-Control") ?? "");
const withoutCookies = (address) => fetch(address, { credentials: "omit", cache: "no-cache" });

// Keeping

async function keepFiles() {
  const cache = await caches.open(SHELL);
  for (const address of KEPT.files) {
    const answer = await withoutCookies(address);
    if (!mayBeKept(answer)) throw new Error(`${address} may not be kept`);
    await cache.put(address, answer);
  }
}

async function keepPages(name, query) {
  const answer = await withoutCookies(`/pages-to-keep?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error("no pages to keep");
  const { policy, made, pages } = await answer.json();
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy, Date: made };
  const cache = await caches.open(name);
  for (const [path, html] of Object.entries(pages)) await cache.put(path, new Response(html, { headers }));
}

// `as`: {language, root, worn, day, author, lessData} of the page that asks; `root` is its <html> tag, which carries letters and colours;
// `worn` names what of the look a page is made with ("simple looped").
async function keepInLook(as) {
  const cache = await caches.open(PAGES);
  const before = await look();
  const isKept = ["language", "day", "lessData", "worn"].every((name) => before[name] === as[name]) && before.version === KEPT.version;
  const note = (done) => cache.put(LOOK, Response.json({ ...as, done, version: KEPT.version }));
  await note(isKept && before.done);
  if (isKept && before.done) return;
  const worn = Object.fromEntries((as.worn ?? "").split(" ").filter(Boolean).map((name) => [name, 1]));
  await keepPages(PAGES, { language: as.language, ...worn, ...(as.lessData && { needed: 1 }) });
  await note(true);
}

async function look() {
  const noted = await (await caches.open(PAGES)).match(LOOK);
  return noted ? noted.json() : {};
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("sitthi-") && ![SHELL, PAGES].includes(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// Answering

async function keptCopy(path) {
  const cache = await caches.open(PAGES);
  return await cache.match(path, { ignoreVary: true }) ?? caches.match(path, { ignoreVary: true, cacheName: SHELL });
}

async function inItsStead(asked) {
  const start = Object.keys(KEPT.instead).find((one) => asked.startsWith(one));
  return (start && await keptCopy(KEPT.instead[start])) ?? keptCopy(OFFLINE);
}

// Of what was told to everybody, a copy goes on telling what is not over by its own time; the rest would only mislead.
function stillTold(band) {
  const left = band.replace(/<div class="nt \w+" data-until="([^"]+)">.*?<\/div><\/div>/gs, (one, until) => (Date.parse(until) < Date.now() ? "" : one));
  return left.includes('<div class="nt') ? left : "";
}

async function asOf(kept) {
  const day = new Date(kept.headers.get("Date") ?? Date.now());
  const { root } = await look();
  const html = (await kept.text())
    .replace(/<html [^>]*>/, (tag) => root?.replace(/<\/html>$/, "") ?? tag)
    .replace(/(<div class="bar" id="net") hidden/, "$1")
    .replace(/<section class="told.*?<\/section>/s, stillTold)
    .replace(/<!--as-of (.*?)#time(.*?)-->/g, (_, before, after) => {
      const [, language] = /lang="(\w+)"/.exec(before) ?? [, "th"];
      const said = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" };
      return `${before}${day.toLocaleString({ th: "th-TH", en: "en-GB" }[language] ?? language, said)}${after}`;
    });
  return new Response(html, { headers: kept.headers });
}

function inTime(answer, milliseconds) {
  return new Promise((done, fail) => {
    answer.then(done, fail);
    if (milliseconds) setTimeout(() => fail(new Error("too slow")), milliseconds);
  });
}

async function renew(path, answer) {
  if (KEPT.pages.includes(path) && mayBeKept(answer)) await (await caches.open(PAGES)).put(path, answer);
}

async function page(event) {
  const { pathname, search } = new URL(event.request.url);
  const kept = event.request.method === "GET" ? await keptCopy(pathname) : undefined;
  try {
    const asked = fetch(event.request);
    if (!search) event.waitUntil(asked.then((answer) => renew(pathname, answer.clone())).catch(() => {}));
    const answer = await inTime(asked, event.request.method === "GET" ? PATIENCE_MS * (kept && !search && !KEPT.patient.includes(pathname) ? 1 : 3) : 0);
    return kept && answer.status >= 500 ? await asOf(kept) : answer;
  } catch (noNet) {
    const shown = kept ?? await inItsStead(pathname);
    if (!shown) throw noNet;
    return asOf(shown);
  }
}

// A kept page may still name the files of the version before, which go when this one begins: without the net ours stand in for them.
async function file(request) {
  const ours = await caches.match(request.url, { ignoreVary: true });
  return ours ?? fetch(request).catch(async (noNet) => await caches.match(request.url, { ignoreVary: true, ignoreSearch: true }) ?? Promise.reject(noNet));
}

// A try that came to nothing must fail here: only then does the browser try again by itself.
async function sendWaiting() {
  const tried = await Phone.sendAll();
  if (tried.some(({ outcome }) => outcome === "no_net" || outcome === "later")) throw new Error("still waiting");
}

// Telling

const SOMETHING_NEW = { title: "สิทธิ Sitthi", body: "มีเรื่องใหม่ เปิดดูในแอป\nSomething new: open the app", navigate: "/reminders", tag: "unreadable" };

function told(data) {
  try {
    const { notification: { title, body, navigate, lang, tag, dir }, app_badge: badge } = data.json();
    if (typeof title !== "string" || !title) return SOMETHING_NEW;
    const texts = Object.entries({ body, navigate, lang, tag }).filter(([, value]) => typeof value === "string");
    return { title, ...Object.fromEntries(texts), dir: ["ltr", "rtl"].includes(dir) ? dir : "auto", badge };
  } catch {
    return SOMETHING_NEW;
  }
}

// A path of ours, else the reminders' page. Two strokes at its beginning would make another site's name of it.
function ownPath(address) {
  try {
    const { protocol, origin, pathname, search } = new URL(address, self.location.origin);
    const isOurs = origin === self.location.origin && protocol === self.location.protocol && !pathname.startsWith("//");
    return isOurs ? pathname + search : "/reminders";
  } catch {
    return "/reminders";
  }
}

function show({ title, navigate, badge, ...more }) {
  const path = ownPath(navigate ?? "/reminders");
  return self.registration.showNotification(title, { ...more, icon: KEPT.icon, badge: KEPT.badge, data: { path } });
}

async function tell(data) {
  const news = told(data);
  await show(news).catch(() => show(SOMETHING_NEW));
  if (Number.isSafeInteger(news.badge) && news.badge >= 0) await self.navigator.setAppBadge?.(news.badge).catch(() => {});
}

async function openPage(path) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => ownPath(one.url) === path);
  if (!there) return self.clients.openWindow(path);
  there.postMessage({ kind: "look-again" });
  return there.focus();
}

async function subscribeAgain(event) {
  const { key, wanted } = await (await fetch("/reminders/subscriptions")).json();
  if (!wanted) return;
  const fresh = event.newSubscription ?? await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const body = JSON.stringify({ ...fresh.toJSON(), renew: true, replaces: event.oldSubscription?.endpoint });
  await fetch("/reminders/subscriptions", { method: "POST", headers: { "Content-Type": "application/json" }, body });
}

// Listening

self.addEventListener("install", (event) => event.waitUntil(Promise.all([keepFiles(), keepPages(SHELL, { needed: 1 })])));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname === "/sign-out") event.waitUntil(look().then(({ author }) => Phone.wipe(author)));
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.method === "GET" && KEPT.files.some((address) => address.split("?")[0] === pathname)) event.respondWith(file(request));
});
self.addEventListener("message", (event) => {
  const { kind, ...said } = event.data ?? {};
  if (kind === "keep-in") event.waitUntil(keepInLook(said).catch(() => {})); // the net will come back; the next page asks again
  if (kind === "use-now") self.skipWaiting();
});
self.addEventListener("sync", (event) => { if (event.tag === "send-waiting") event.waitUntil(sendWaiting()); });
self.addEventListener("push", (event) => event.waitUntil(tell(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openPage(ownPath(event.notification.data?.path ?? "/reminders")));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(subscribeAgain(event)));
