// Two minutes before a session ends, say so and offer one tap. The form works by itself; with JavaScript the page stays as
// it is, so that nothing typed is lost. Time is counted from what the server said was left.

const WARN_SECONDS = 120;
const box = document.getElementById("session");
const words = box.querySelector("[data-words]");
const form = box.querySelector("form");
let endsAt = performance.timeOrigin + Number(box.dataset.endsIn) * 1000;
let said = "";

// Leaving a half-filled page by a link would lose it; sending its form does not: the server keeps it over the sign-in.
const isTyping = [...document.querySelectorAll("main form[method=post]")]
  .some((other) => other !== form && other.querySelector("input:not([type=hidden]),select,textarea"));

const secondsLeft = () => (endsAt - Date.now()) / 1000;

function show(text, announce) {
  words.textContent = text;
  if (said !== text) announce(text);
  said = text;
}

function look(announce) {
  const left = secondsLeft();
  box.hidden = left > WARN_SECONDS;
  if (box.hidden) { said = ""; return; }
  const over = left <= 0;
  form.hidden = over;
  box.querySelector("[data-sign-in]").hidden = !over || isTyping;
  show(over ? (isTyping ? box.dataset.overForm : box.dataset.over) : box.dataset.said.replace("#m", Math.ceil(left / 60)), announce);
}

async function extend(event, announce) {
  event.preventDefault();
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "text/plain" } }).catch(() => null);
  if (!answer) { form.submit(); return; }
  const epoch = Number(answer.headers.get("Session-Ends-At"));
  const server = Date.parse(answer.headers.get("Date") ?? "");
  if (answer.status === 401) endsAt = Date.now();
  else if (epoch && server) endsAt = Date.now() + epoch * 1000 - server;
  else { form.submit(); return; }
  look(announce);
  if (secondsLeft() > WARN_SECONDS) announce(box.dataset.longer);
}

export function start(announce) {
  form.addEventListener("submit", (event) => extend(event, announce));
  setInterval(() => look(announce), 5000);
  document.addEventListener("visibilitychange", () => look(announce));
  look(announce);
}
