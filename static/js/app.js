// What every page gains from JavaScript, none of which it needs: Esc closes the text-size list, the focus goes where a
// screen reader should begin, the offline bar tells of the net, and heavier modules come only where a page asks for them.
// One file for all pages, so that a slow line pays for it once.

const own = document.getElementById("app").dataset;
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

function load(address) {
  const script = document.createElement("script");
  script.src = address;
  document.head.append(script);
}

function sayWhatWasSwapped(event) {
  const target = event.detail?.ctx?.target ?? event.target;
  const source = target?.closest?.("[data-status]") ?? target?.querySelector?.("[data-status]");
  if (source) announce(source.dataset.status || source.textContent.trim());
  if (target?.querySelector?.("[data-left]")) import(own.countdown).then((module) => module.start(announce));
}

addEventListener("keydown", closeOpenList);
addEventListener("htmx:after:swap", sayWhatWasSwapped);
beginAtTheRightPlace();
tellOfTheNet();
if (document.querySelector("[hx-get],[hx-post]")) load(own.htmx);
if (document.querySelector("[data-left]")) import(own.countdown).then((module) => module.start(announce));
if (document.getElementById("session")) import(own.session).then((module) => module.start(announce));
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/service-worker.js").catch(() => {}); // a phone that refuses it loses only the offline pages
