// What this phone holds for its owner: requests that could not be sent yet, and receipts kept on purpose. Each is sealed
// with a key that the browser never hands out, and all of it goes at sign-out. Loaded by pages and by the worker: one way
// of sending, so that a request is sent once however many of them wake up. It leaves the list only for a receipt.

self.Phone = (() => {
  const STORES = ["key", "waiting", "kept"];
  const SECONDS = 20;

  function open() {
    return new Promise((done, fail) => {
      const asked = indexedDB.open("sitthi", 1);
      asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store, { keyPath: "id" }));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  async function within(store, mode, work) {
    const held = await open();
    try {
      return await new Promise((done, fail) => {
        const change = held.transaction(store, mode);
        const asked = work(change.objectStore(store));
        change.oncomplete = () => done(asked.result);
        change.onerror = change.onabort = () => fail(change.error);
      });
    } finally {
      held.close();
    }
  }

  async function key() {
    const held = await within("key", "readonly", (store) => store.get("key"));
    if (held) return held.key;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await within("key", "readwrite", (store) => store.add({ id: "key", key: made })).catch(() => {}); // another page was quicker
    return (await within("key", "readonly", (store) => store.get("key"))).key;
  }

  async function seal(id, facts) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), new TextEncoder().encode(JSON.stringify(facts)));
    return { id, iv, sealed, author: facts.author };
  }

  async function put(store, id, facts) {
    const row = await seal(id, facts);
    await within(store, "readwrite", (rows) => rows.put(row));
  }

  // Only over one that is still there: what was taken away during a try must not come back.
  async function note(store, id, facts) {
    const row = await seal(id, facts);
    await within(store, "readwrite", (rows) => {
      const held = rows.get(id);
      held.onsuccess = () => { if (held.result) rows.put(row); };
      return held;
    });
  }

  async function unsealed({ id, iv, sealed }) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key(), sealed);
    return { id, ...JSON.parse(new TextDecoder().decode(plain)) };
  }

  async function all(store) {
    const rows = await within(store, "readonly", (held) => held.getAll());
    const read = await Promise.all(rows.map((row) => unsealed(row).catch(() => null)));
    return read.filter(Boolean).sort((one, other) => one.at - other.at);
  }

  const drop = (store, id) => within(store, "readwrite", (rows) => rows.delete(id));
  // All that this author left here; without one, all there is.
  async function wipe(author) {
    for (const store of ["waiting", "kept"]) {
      const rows = await within(store, "readonly", (held) => held.getAll());
      const gone = rows.filter((row) => !author || row.author === author);
      for (const { id } of gone) await drop(store, id);
    }
  }

  // Sending: what came of it, in one word. The same key with each try makes it one request, however often it arrives.
  async function send({ action, fields, author, receipt }) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), SECONDS * 1000);
    try {
      const headers = { "Sitthi-Author": author };
      const answer = await fetch(action, { method: "POST", body: new URLSearchParams(fields), headers, signal: stop.signal });
      if (answer.ok && new URL(answer.url).pathname.startsWith(receipt)) return { outcome: "sent", address: answer.url };
      if (answer.status === 401) return { outcome: "sign_in" };
      if (answer.status === 409 && answer.headers.has("Sitthi-Author")) return { outcome: "not_yours" };
      return { outcome: answer.status >= 500 || answer.status === 429 ? "later" : "look_again" };
    } catch {
      return { outcome: stop.signal.aborted ? "later" : "no_net" };
    } finally {
      clearTimeout(timer);
    }
  }

  // Told to every open page: it may be the worker that tried.
  function tell(news) {
    const channel = new BroadcastChannel("sitthi");
    channel.postMessage(news);
    channel.close();
  }

  // By itself only what another try may bring through: what must be looked at again waits for a hand on the button, and what was tried
  // in another's session for its author.
  const mayGo = ({ outcome, author }, { byHand, own }) => (own ? author === own : byHand || outcome !== "not_yours") && (byHand || outcome !== "look_again");

  async function sendEach(how) {
    const outcomes = [];
    for (const one of (await all("waiting")).filter((waiting) => mayGo(waiting, how))) {
      const { outcome, address } = await send(one);
      if (outcome === "sent") await drop("waiting", one.id);
      else await note("waiting", one.id, { ...one, outcome, tried: Date.now() });
      tell({ outcome, address });
      outcomes.push({ outcome, address });
    }
    return outcomes;
  }

  const sendAll = (how = {}) => (self.navigator.locks ? self.navigator.locks.request("sitthi-waiting", () => sendEach(how)) : sendEach(how));
  const canHold = () => Boolean(self.indexedDB && self.crypto?.subtle);

  return { put, note, all, drop, wipe, send, sendAll, canHold };
})();
