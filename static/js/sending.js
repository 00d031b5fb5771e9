// A form that must not get lost: it lies on this phone before the first try, so that an app closed or killed during it loses nothing, and
// leaves it for a receipt. Where there is no net, or no answer, it goes on waiting there.
// The key that makes it one request is made here, on the phone. What the server wants to say about a form (a mistake, a
// changed date, sign in first) it says itself: then the form is sent the plain way and its page comes.
// That it waits is told by the list on this phone; where the phone has not kept that page, the form's own page tells it.

const RETRY = "send-waiting";
const LIST = "/on-this-phone";

function newKey(form) {
  const field = form.elements.namedItem("key");
  if (field && crypto.randomUUID) field.value = crypto.randomUUID();
}

const isUnanswered = (outcome) => outcome === "no_net" || outcome === "later";
let isTold = false;

function waitHere(form, unsay) {
  unsay();
  delete form.dataset.busy; // pressed again it is the same request, by its key
  const said = document.getElementById("waits");
  said.hidden = false;
  said.focus();
  if (isTold) return;
  isTold = true;
  new BroadcastChannel("sitthi").onmessage = ({ data: { outcome, address } }) => {
    if (!isUnanswered(outcome)) location.assign(outcome === "sent" ? address : LIST);
  };
}

async function wait(facts, form, unsay) {
  await self.Phone.note("waiting", facts.fields.key, facts);
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register(RETRY).catch(() => {}); // without it the request goes when the app is opened, or by its button
  if (worker?.active && await caches.match(LIST, { ignoreVary: true })) location.assign(`${LIST}?waits=1`); else waitHere(form, unsay);
}

// Gives back the way to unsay it.
function sayOnTheButton(button, words) {
  const said = button?.querySelector("span");
  const before = said?.textContent;
  const unsay = () => { if (said) said.textContent = before; };
  if (said) said.textContent = words;
  addEventListener("pageshow", unsay, { once: true }); // come back to by "back"
  return unsay;
}

// What the server would send back at once must not wait for the net until it is too late: the browser asks for it.
function askForTheRest(form, unsay) {
  unsay();
  delete form.dataset.busy;
  form.elements.namedItem(form.dataset.needs).required = true;
  form.reportValidity();
}

async function submit(event, form, announce) {
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const unsay = sayOnTheButton(event.submitter, form.dataset.sending);
  announce(form.dataset.sending);
  const { action, dataset: { author, receipt, title, when, needs } } = form;
  const fields = Object.fromEntries(new FormData(form));
  const facts = { action, author, receipt, title, when, fields, page: location.pathname, at: Date.now() };
  const isWhole = !needs || needs in fields;
  const isHeld = isWhole && await self.Phone.put("waiting", fields.key, facts).then(() => true, () => false);
  const { outcome, address } = navigator.onLine ? await self.Phone.send(facts) : { outcome: "no_net" };
  if (isUnanswered(outcome) && isHeld) return wait({ ...facts, outcome }, form, unsay);
  if (isUnanswered(outcome) && !isWhole) return askForTheRest(form, unsay);
  if (isHeld) await self.Phone.drop("waiting", fields.key);
  if (outcome === "sent") location.assign(address); else form.submit();
}

export function start(announce) {
  if (!self.Phone.canHold()) return;
  for (const form of document.querySelectorAll("form[data-receipt]")) {
    newKey(form);
    addEventListener("pageshow", ({ persisted }) => { if (persisted) { delete form.dataset.busy; newKey(form); } });
    form.addEventListener("submit", (event) => submit(event, form, announce));
  }
}
