// What every page gains from JavaScript, none of which it needs: Esc closes the text-size list, the focus goes where a
// screen reader should begin, the offline bar tells of the net, and heavier modules come only where a page asks for them.
// One file for all pages, so that a slow line pays for it once.

// webapp/web/assets.py puts `own` in front of it: the addresses of the modules and of the style sheet.

const page = document.getElementById("app").dataset;
const status = document.getElementById("status");

function announce(text) {
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 50);
}

function closeOpenList(event) {
  if (event.key !== "Escape") return;
  for (const list of document.querySelectorAll("details.txt[open]")) {
    list.open = false;
    list.querySelector("summary").focus();
  }
}

function beginAtTheRightPlace() {
  const wrong = document.getElementById("errors");
  if (wrong) { wrong.focus(); return; }
  if (location.hash || !document.querySelector("main[data-step]")) return;
  const heading = document.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function tellOfTheNet() {
  const bar = document.getElementById("net");
  if (!bar) return;
  const show = () => {
    bar.hidden = navigator.onLine;
    if (!navigator.onLine) announce(bar.textContent.trim());
  };
  addEventListener("online", show);
  addEventListener("offline", show);
  if (!navigator.onLine) show();
}

// A button that reads aloud shows where the phone has a voice for the page; a phone may name its voices late. Under "less data" only a voice
// that is on the phone counts. The first press speaks at once, of nothing: iPhones allow a voice only to a tap itself.
function offerToRead() {
  const box = document.getElementById("listen"), speech = self.speechSynthesis, { lang, dataset: { a: aloud } } = document.documentElement;
  if (!box || !speech || aloud) return;
  const offer = () => {
    box.hidden = !speech.getVoices().some((voice) => voice.lang.toLowerCase().startsWith(lang) && (voice.localService || !page.lessData));
  };
  speech.addEventListener?.("voiceschanged", offer);
  offer();
  box.querySelector("button").addEventListener("click", () => {
    speech.speak(new SpeechSynthesisUtterance(""));
    import(own.readAloud).then(({ start }) => start(box, announce, page.lessData)).catch(() => { box.hidden = true; });
  }, { once: true });
}

function load(address) {
  return new Promise((done, fail) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: done, onerror: fail }));
  });
}

const holdingPhone = () => (self.Phone ? Promise.resolve() : load(own.phone));

function sayWhatWasSwapped(event) {
  const target = event.detail?.ctx?.target ?? event.target;
  const source = target?.closest?.("[data-status]") ?? target?.querySelector?.("[data-status]");
  if (source) announce(source.dataset.status || source.textContent.trim());
  if (target?.querySelector?.("[data-left]")) import(own.countdown).then((module) => module.start(announce));
}

addEventListener("keydown", closeOpenList);
// The browser's own banner is held back: we offer it once, after something useful (js/install.js).
addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); self.installQuestion = event; });
addEventListener("htmx:after:swap", sayWhatWasSwapped);
beginAtTheRightPlace();
tellOfTheNet();
offerToRead();
if (!page.lessData && document.querySelector("[data-hx-get],[data-hx-post]")) load(own.htmx);
for (const [wanted, module, needsPhone] of [
  ["[data-left]", own.countdown], ["#session", own.session], ["form[data-receipt]", own.sending, true],
  ["#on-this-phone", own.onThisPhone, true], ["#keep-receipt", own.keeping, true], ["section[data-address]", own.share], ["#install-now", own.install],
  ["[data-push]", own.push], ["[data-copy]", own.copy], ["[data-given]", own.upload],
]) {
  if (document.querySelector(wanted)) Promise.resolve(needsPhone && holdingPhone()).then(() => import(module)).then(({ start }) => start(announce));
}

// Signing out takes along what this phone holds of whoever signs out; a phone that becomes a shared one loses all it holds of anybody. Both
// ask first where something was not sent yet.
async function letGo(event) {
  const form = event.target;
  const share = form.querySelector("button[name=shared_phone][value='1']");
  if (!(share || form.matches("form[action='/sign-out']")) || !("indexedDB" in self)) return;
  event.preventDefault();
  try {
    await holdingPhone();
    const unsent = "anyway" in form.dataset ? [] : await self.Phone.all("waiting");
    if (unsent.some(({ author }) => share || author === page.author)) { location.assign(`/on-this-phone?${share ? "sharing" : "leaving"}=1`); return; }
    await self.Phone.wipe(share ? undefined : page.author);
  } catch { /* a phone that holds nothing has nothing to lose */ }
  if (share) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: share.name, value: share.value }));
  form.submit();
}

// Once the page is done: fetch the style sheet as a file, and say so in a cookie, so that the next pages need not bring it along.
async function holdTheStyle() {
  const brought = document.querySelector("head > style");
  if (!brought || !(await fetch(own.style)).ok) return;
  const version = new URL(own.style, location).searchParams.get("v");
  document.cookie = `sitthi-style=${version}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

function whenIdle(work) {
  const later = window.requestIdleCallback ?? ((then) => setTimeout(then, 1500));
  if (document.readyState === "complete") later(work); else addEventListener("load", () => later(work));
}

// The worker keeps the public pages in the language and letters of this page; a newer one waits until it is asked in.
async function meetTheWorker() {
  const workers = navigator.serviceWorker;
  if (!workers || (page.lessData && !(await workers.getRegistration()))) return;
  const registration = await workers.register("/service-worker.js");
  const offer = () => {
    const bar = document.getElementById("newer");
    if (!registration.waiting || !workers.controller || !bar) return;
    bar.hidden = false;
    announce(bar.textContent.trim());
    bar.querySelector("button").addEventListener("click", () => {
      workers.addEventListener("controllerchange", () => { if (isTyping) bar.hidden = true; else location.reload(); });
      if (registration.waiting) registration.waiting.postMessage({ kind: "use-now" }); else location.reload();
    }, { once: true });
  };
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  const { active } = await workers.ready;
  const { lang: language, dataset: { m: mode = "", f: letters = "" } } = document.documentElement;
  const lessData = Boolean(page.lessData || navigator.connection?.saveData);
  const worn = lessData ? mode : `${mode} ${letters}`.trim();
  active.postMessage({ kind: "keep-in", language, root: document.documentElement.cloneNode().outerHTML, worn, day: page.day, author: page.author, lessData });
}

async function sendWhatWaits() {
  if (!page.author || !navigator.onLine || location.pathname === "/on-this-phone") return;
  const held = await indexedDB.databases?.();
  if (held && !held.some(({ name }) => name === "sitthi")) return;
  await holdingPhone();
  const sent = (await self.Phone.sendAll({ own: page.author })).filter(({ outcome }) => outcome === "sent");
  if (sent.length) announce(page.sent);
}

let isTyping = false;
addEventListener("input", () => { isTyping = true; });
addEventListener("submit", letGo);
addEventListener("online", () => sendWhatWaits().catch(() => {}));
whenIdle(() => {
  holdTheStyle().catch(() => {}); // without it the next page brings its style along, as this one did
  meetTheWorker().catch(() => {}); // a phone that refuses the worker loses only the offline pages
  sendWhatWaits().catch(() => {}); // what waits is still there the next time
  if (self.Notification?.permission === "granted") import(own.push).then(({ opened }) => opened(page.unread, () => isTyping)).catch(() => {});
});
