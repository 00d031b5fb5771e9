// The page "On this phone": what waits to be sent and which receipts are kept, written by this phone, since the server
// does not know. Words come from the page; what is kept is put in as text, never as HTML.

const place = document.getElementById("on-this-phone");
const words = place.dataset;
const said = (at) => new Date(at).toLocaleString({ th: "th-TH", en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang,
  { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" });

const isAsking = (why) => location.search === `?${why}=1`;

function card(kind, facts) {
  const made = document.getElementById(`one-${kind}`).content.cloneNode(true).firstElementChild;
  for (const spot of made.querySelectorAll("[data-spot]")) {
    const text = facts[spot.dataset.spot];
    if (text) spot.textContent = text; else spot.remove();
  }
  return made;
}

function waiting(one, { refresh, announce }) {
  const made = card("waiting", { title: one.title, when: one.when, since: words.since.replace("#time", said(one.at)), outcome: words[`outcome_${one.outcome}`] });
  const mend = made.querySelector("[data-mend]");
  if (one.outcome === "look_again" || one.outcome === "sign_in") mend.href = one.outcome === "sign_in" ? `/sign-in?next=/on-this-phone` : `${one.page}#${one.id}`;
  else mend.remove();
  made.querySelector("[data-drop]").addEventListener("click", async () => {
    await self.Phone.drop("waiting", one.id);
    announce(words.dropped);
    refresh();
  });
  return made;
}

function kept(one, { refresh, announce }) {
  const made = card("kept", { title: one.title, since: words.asof.replace("#time", said(one.at)) });
  for (const [label, value] of one.rows) made.querySelector("dl").append(row(label, value));
  made.querySelector("[data-drop]").addEventListener("click", async () => {
    await self.Phone.drop("kept", one.id);
    announce(words.dropped);
    refresh();
  });
  return made;
}

function row(label, value) {
  const made = document.createElement("div");
  for (const [kind, text] of [["dt", label], ["dd", value]]) made.append(Object.assign(document.createElement(kind), { textContent: text }));
  return made;
}

async function show(announce) {
  const own = (one) => !words.author || !one.author || one.author === words.author;
  const held = await Promise.all([self.Phone.all("waiting"), self.Phone.all("kept")]);
  const [unsent, receipts] = held.map((list) => list.filter(own));
  const ways = { refresh: () => show(announce), announce };
  document.getElementById("waiting").replaceChildren(...unsent.map((one) => waiting(one, ways)));
  document.getElementById("kept").replaceChildren(...receipts.map((one) => kept(one, ways)));
  for (const spot of place.querySelectorAll("[data-if]")) {
    const counts = { unsent: unsent.length, receipts: receipts.length, nothing: !unsent.length && !receipts.length, something: unsent.length + receipts.length,
      leaving: isAsking("leaving"), sharing: (words.shared || isAsking("sharing")) && held[0].length, anothers: isAsking("anothers"), gone: location.search === "?waits=1" && !unsent.length };
    spot.hidden = !counts[spot.dataset.if];
  }
}

async function sendNow(announce, byHand) {
  const said = document.querySelector("#send-now span");
  said.dataset.idle ??= said.textContent;
  said.textContent = words.sending;
  announce(words.sending);
  const unsent = (await self.Phone.sendAll({ byHand, own: words.author })).find(({ outcome }) => outcome !== "sent");
  said.textContent = said.dataset.idle;
  if (unsent) announce(words[`outcome_${unsent.outcome}`]);
  await show(announce);
}

// Tried by this page, by another or by the worker. Sent: on to its receipt, unless something else still waits here.
async function tried({ outcome, address }, announce) {
  await show(announce);
  if (outcome !== "sent") return;
  announce(words.sent);
  if (!document.getElementById("waiting").childElementCount) location.assign(address);
}

export async function start(announce) {
  place.hidden = false;
  if (words.shared && !(await self.Phone.all("waiting")).length) await self.Phone.wipe(); // switched on by a page without a script
  document.getElementById("send-now").addEventListener("click", () => sendNow(announce, true));
  document.getElementById("drop-all").addEventListener("click", async () => { await self.Phone.wipe(words.author); announce(words.dropped); await show(announce); });
  addEventListener("online", () => sendNow(announce));
  new BroadcastChannel("sitthi").onmessage = ({ data }) => tried(data, announce);
  await show(announce);
  if (navigator.onLine && !words.shared && !isAsking("leaving") && !isAsking("sharing") && document.getElementById("waiting").childElementCount) await sendNow(announce);
}
