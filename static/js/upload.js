// A paper's photo, made smaller on the phone and sent in pieces. The form works without this, whole and as it is.
// A photo is drawn anew, upright, no longer than it has to be to read it: so place and time stay on the phone too. What cannot be
// drawn here (a PDF, HEIC where the browser does not know it) goes as it is, and the server draws it.
// Each piece is as large as the line carried in time before. Where the line drops we wait and ask how much is there. Nothing is kept on the
// phone: after a closed page the same photo, chosen again, gives the same bytes, and the server goes on where it stopped.

const READABLE = { side: 2000, quality: 0.82 }, LIGHT = { side: 1600, quality: 0.72 };
const SMALLEST = 16 * 1024, FIRST = 64 * 1024;
const QUICK_MS = 2000, PATIENCE_MS = 45000, FIRST_WAIT_MS = 1000, LONGEST_WAIT_MS = 30000;
const LOOKS_MS = [1500, 2500, 4000, 8000, 15000, 30000];
const TOLD_AT = [50, 100];

class Answered extends Error {} // the server has said what to do; trying again would not change it

const pause = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

async function smaller(file, { side, quality }) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const photo = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(photo.width, photo.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(photo.width * scale), height: Math.round(photo.height * scale) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // what is see-through becomes paper
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
    photo.close();
    return await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); }) ?? file;
  } catch {
    return file;
  }
}

async function hashOf(data) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await data.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function size(bytes) {
  const [count, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "kilobyte"] : [bytes / 1024 / 1024, "megabyte"];
  return count.toLocaleString(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: unit === "megabyte" ? 1 : 0 });
}

async function asked(address, how) {
  const answer = await fetch(address, { ...how, redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.type === "opaqueredirect") { location.reload(); throw new Answered(); } // signed out meanwhile: the page asks to sign in, and leads back here
  if (answer.status === 422) throw new Answered((await answer.json()).text);
  if (answer.status >= 400 && answer.status < 500 && ![408, 409, 429].includes(answer.status)) throw new Answered();
  if (!answer.ok && answer.status !== 409) throw new Error(`${answer.status}`);
  return answer;
}

class Sending {
  constructor(form, announce) {
    this.form = form;
    this.words = form.dataset;
    this.announce = announce;
    [this.way, this.said, this.bar, this.now] = ["[data-way]", "[data-said]", "progress", "[data-now]"].map((one) => form.querySelector(one));
    this.piece = FIRST;
    this.now.addEventListener("click", () => this.goOn?.());
    addEventListener("online", () => this.goOn?.());
  }

  say(text, aloud) {
    this.said.textContent = text;
    if (aloud) this.announce(text);
  }

  show(sent, whole) {
    const percent = Math.floor((100 * sent) / whole);
    this.bar.value = percent;
    this.say(percent === 100 ? this.words.done : this.words.sent.replace("{percent}", percent).replace("{left}", size(whole - sent)));
    const told = TOLD_AT.findLast((one) => percent >= one) ?? 0;
    if (told > this.told) { this.told = told; this.announce(this.said.textContent); }
  }

  // Whatever the line does: again and again, until the server has answered.
  async patiently(step) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        const done = await step();
        this.now.hidden = true;
        return done;
      } catch (fault) {
        if (fault instanceof Answered) throw fault;
        this.piece = Math.max(SMALLEST, this.piece / 2);
        this.say(this.words.noNet, this.now.hidden);
        this.now.hidden = false;
        await Promise.race([pause(wait), new Promise((done) => { this.goOn = done; })]);
      }
    }
  }

  async send(data) {
    const form = new URLSearchParams({ size: data.size, sha256: await hashOf(data) });
    let { address, offset } = await this.patiently(async () => (await asked(`${this.form.action}/pieces`, { method: "POST", body: form })).json());
    while (offset < data.size) {
      this.show(offset, data.size);
      offset = await this.patiently(() => this.onePiece(address, data, offset).catch(async (fault) => {
        if (fault instanceof Answered) throw fault;
        const { headers } = await asked(address, { method: "HEAD" }); // it may have arrived, and only its answer was lost
        offset = Number(headers.get("Upload-Offset"));
        throw fault;
      }));
    }
    this.show(data.size, data.size);
  }

  async onePiece(address, data, offset) {
    const began = performance.now();
    const headers = { "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
    const answer = await asked(address, { method: "PATCH", headers, body: data.slice(offset, offset + this.piece) });
    const most = Number(this.words.pieces);
    this.piece = performance.now() - began < QUICK_MS ? Math.min(most, 2 * this.piece) : Math.max(SMALLEST, this.piece / 2);
    return Number(answer.headers.get("Upload-Offset"));
  }

  async take(file) {
    this.way.hidden = false;
    this.told = 0;
    this.bar.value = 0;
    this.say(this.words.smaller, true);
    const light = this.words.light || navigator.connection?.saveData;
    const data = await smaller(file, light ? LIGHT : READABLE);
    if (data.size > Number(this.words.most)) throw new Answered(this.words.tooLarge);
    await this.send(data);
  }
}

// What the server holds of this paper now, in place of what stood there; asked again while something of it is being checked.
async function renew(given, announce, looks = [...LOOKS_MS]) {
  const answer = await fetch(given.dataset.given, { headers: { "HX-Request": "true" }, redirect: "manual" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-given]");
  const before = given.textContent;
  given.replaceChildren(...fresh.childNodes);
  given.toggleAttribute("data-waits", "waits" in fresh.dataset);
  if (!("waits" in fresh.dataset)) {
    if (given.textContent !== before) announce(given.querySelector("p").textContent.trim());
  } else if (looks.length && given.isConnected) {
    await pause(looks.shift());
    await renew(given, announce, looks);
  }
}

async function sendAll(form, input, announce) {
  const sending = (form.sending ??= new Sending(form, announce));
  const given = form.closest("section").querySelector("[data-given]");
  const files = [...input.files];
  input.disabled = true;
  try {
    for (const file of files) await sending.take(file);
    form.reset();
  } catch (fault) {
    sending.bar.value = 0;
    sending.say(fault.message || sending.words.broken, true);
    form.querySelector("[data-plain]").hidden = Boolean(fault.message);
  } finally {
    input.disabled = false;
    renew(given, announce).catch(() => {}); // it stands on the page when that is opened next
  }
}

export function start(announce) {
  for (const given of document.querySelectorAll("[data-given][data-waits]")) renew(given, announce).catch(() => {});
  if (!crypto.subtle || !self.createImageBitmap || !AbortSignal.timeout || !TOLD_AT.findLast) return; // an old browser sends the plain form
  for (const form of document.querySelectorAll("form[data-pieces]")) {
    const input = form.querySelector("input[type=file]");
    input.multiple = true;
    form.querySelector("[data-plain]").hidden = true;
    form.querySelector("[data-hint]").textContent = form.dataset.atOnce;
    input.addEventListener("change", () => { if (input.files.length) sendAll(form, input, announce); });
  }
}
