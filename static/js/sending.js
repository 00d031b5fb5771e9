// A form that must not get lost: it lies on this phone before the first try, so that an app closed or killed during it loses nothing, and
// leaves it for a receipt. Where there is no net, or no answer, it goes on waiting there.
// The key that makes it one request is made here, on the phone. What the server wants to say about a form (a mistake, a
// changed date, sign in first) it says itself: then the form is sent the plain way and its page comes.
// That it waits is told by the list on this phone; where the phone has not kept that page, the form's own page tells it.
// A form says what it is in its data: `receipt` how its receipt's address begins, `needs` the fields it cannot do without, `title` and
// `when` what the list says of it. So one mechanism serves every form that may wait.

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

const parts = (form, name) => [form.elements.namedItem(name) ?? []].flatMap((found) => (found instanceof RadioNodeList ? [...found] : found));

// What it needs and has not. What the style sheet hides, because it does not apply, is not asked for.
function missing(form, fields) {
  const isShown = (name) => parts(form, name).some((field) => field.getClientRects().length);
  return (form.dataset.needs ?? "").split(" ").filter((name) => name && !fields[name]?.trim() && isShown(name));
}

// What the server would send back at once must not wait for the net until it is too late: the browser asks for it, and stops asking once
// something else is typed, since that may be what makes it needless.
function askFor(names, form, unsay) {
  unsay();
  delete form.dataset.busy;
  const fields = names.flatMap((name) => parts(form, name));
  const ask = (isAsked) => fields.forEach((field) => { field.required = isAsked; });
  for (const field of fields) if (!field.value.trim()) field.value = ""; // blanks are nothing
  ask(true);
  form.reportValidity();
  form.addEventListener("input", () => ask(false), { once: true });
}

async function submit(event, form, announce) {
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  const unsay = sayOnTheButton(event.submitter, form.dataset.sending);
  announce(form.dataset.sending);
  const { action, dataset: { author, receipt, title, when } } = form;
  const fields = Object.fromEntries(new FormData(form));
  const facts = { action, author, receipt, title, when, fields, page: location.pathname, at: Date.now() };
  const lacking = missing(form, fields);
  const isHeld = !lacking.length && await self.Phone.put("waiting", fields.key, facts).then(() => true, () => false);
  const { outcome, address } = navigator.onLine ? await self.Phone.send(facts) : { outcome: "no_net" };
  if (isUnanswered(outcome) && isHeld) return wait({ ...facts, outcome }, form, unsay);
  if (isUnanswered(outcome) && lacking.length) return askFor(lacking, form, unsay);
  if (outcome === "not_yours" && isHeld) { // another person has signed in since the page was opened: it waits for its author
    await self.Phone.note("waiting", fields.key, { ...facts, outcome });
    return location.assign(`${LIST}?anothers=1`);
  }
  if (isHeld) await self.Phone.drop("waiting", fields.key);
  if (outcome === "sent") location.assign(address); else form.submit();
}

// Opened from the list because something has to be looked at again: as it was written, under the key it waits with. A declaration is
// made anew, and what the page itself has put in stays.
async function fillAgain(form) {
  const id = location.hash.slice(1);
  const isIt = (one) => one.id === id && one.action === form.action && one.author === form.dataset.author;
  const held = id && (await self.Phone.all("waiting")).find(isIt);
  if (!held) return;
  form.elements.namedItem("key").value = id;
  for (const field of form.elements) {
    const text = held.fields[field.name];
    if (field.type === "radio") field.checked = field.value === text;
    else if (text !== undefined && !["hidden", "checkbox"].includes(field.type)) field.value = text;
  }
}

export function start(announce) {
  if (!self.Phone.canHold()) return;
  for (const form of document.querySelectorAll("form[data-receipt]")) {
    newKey(form);
    fillAgain(form).catch(() => {}); // it still waits in the list
    addEventListener("pageshow", ({ persisted }) => { if (persisted) { delete form.dataset.busy; newKey(form); } });
    form.addEventListener("submit", (event) => submit(event, form, announce));
  }
}
