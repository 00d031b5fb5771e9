// Reminders on this phone. The browser's own question is put by the tap on "Remind me on this phone" and by nothing else.
// What the server knows of this browser it tells at /reminders/subscriptions; switches, test and forgetting are plain forms.

const HOME = "/reminders/subscriptions";
const workers = navigator.serviceWorker;
const canRemind = Boolean(workers && self.PushManager && self.Notification);

async function pushes() {
  await workers.register("/service-worker.js");
  return (await workers.ready).pushManager;
}

async function tell(subscription, more) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(HOME, { method: "POST", headers, body: JSON.stringify({ ...subscription.toJSON(), ...more }) });
  if (!answer.ok) throw new Error(answer.status);
}

const subscribe = (manager, key) => manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });

async function anew(key) {
  const manager = await pushes();
  const old = await manager.getSubscription();
  await old?.unsubscribe();
  return { fresh: await subscribe(manager, key), replaces: old?.endpoint };
}

// On opening the app: renews what stands, asks nobody anything. A phone that was told to forget is left in peace. True: it was made anew.
export async function renew() {
  const { key, wanted, known } = await (await fetch(HOME)).json();
  const held = await (await pushes()).getSubscription();
  if (!wanted) await held?.unsubscribe();
  else if (known && held) await tell(held, { renew: true });
  else {
    const { fresh, replaces } = await anew(key);
    await tell(fresh, { renew: true, replaces });
    return true;
  }
  return false;
}

// Every page of a phone that allowed reminders. `unread`: of the person signed in, else nothing is known and the badge stays.
export async function opened(unread, isTyping) {
  workers.addEventListener("message", ({ data }) => { if (data?.kind === "look-again" && !isTyping()) location.reload(); });
  addEventListener("submit", ({ target }) => { if (target.matches("form[action='/sign-out']")) navigator.clearAppBadge?.(); });
  if (unread) await navigator.setAppBadge?.(Number(unread));
  if (sessionStorage.renewed || !navigator.onLine || document.querySelector("[data-push]")) return;
  sessionStorage.renewed = 1;
  await renew();
}

export function start(announce) {
  const box = document.querySelector("[data-push]");
  const { push: key, known } = box.dataset;
  const failed = box.querySelector("[data-failed]");

  async function state() {
    if (!canRemind) return "off";
    if (Notification.permission === "denied") return "denied";
    if (!known) return "ask";
    return Notification.permission === "granted" && await (await pushes()).getSubscription() ? "on" : "lost";
  }

  async function show() {
    const now = await state();
    for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== now;
    if (canRemind) for (const button of box.querySelectorAll("[data-do]")) button.hidden = false;
  }

  async function ask(more) {
    if (await Notification.requestPermission() !== "granted") return show();
    const { fresh, replaces } = await anew(key);
    await tell(fresh, { ...more, replaces });
    location.assign("/reminders?told=on");
  }

  const acts = {
    subscribe: () => ask({ mine: !box.querySelector("#shared")?.checked }),
    renew: () => ask({ renew: true }),
  };

  for (const button of box.querySelectorAll("button[type=button][data-do]")) {
    button.addEventListener("click", () => acts[button.dataset.do]().catch(() => {
      failed.textContent = failed.dataset.failed;
      failed.hidden = false;
      announce(failed.textContent);
    }));
  }
  show().catch(() => {});
  if (!known && canRemind && Notification.permission === "granted") renew().then((isNew) => { if (isNew) location.reload(); }).catch(() => {});
}
