// The hours and minutes to a cut-off, on its last day. Counted from what the server said was left, never from the phone's
// clock, which is often wrong; a phone that slept catches up because elapsed time is measured, not ticks. Spoken only at
// ten minutes and at the end: a clock that talks every minute is noise.

const TALK_AT_SECONDS = 600;
const started = performance.timeOrigin;
const elapsed = () => (Date.now() - started) / 1000;

function words(part, left) {
  const minutes = Math.ceil(left / 60);
  const hours = Math.floor(minutes / 60);
  if (left <= 0) return part.dataset.gone;
  const text = hours ? part.dataset.hours : part.dataset.minutes;
  return text.replace("#h", hours).replace("#m", hours ? minutes % 60 : minutes);
}

export function start(announce) {
  const running = [...document.querySelectorAll("[data-left]:not([data-runs])")];
  for (const part of running) {
    part.dataset.runs = "";
    const total = Number(part.dataset.left);
    const base = elapsed() > 5 && document.readyState === "complete" ? elapsed() : 0;
    let before = total;
    const tick = () => {
      const left = total - (elapsed() - base);
      const text = words(part, left);
      if (part.textContent !== text) part.textContent = text;
      if ((before > TALK_AT_SECONDS && left <= TALK_AT_SECONDS) || (before > 0 && left <= 0)) announce(text);
      before = left;
      if (left <= 0) clearInterval(timer);
    };
    const timer = setInterval(tick, 5000);
    document.addEventListener("visibilitychange", tick);
    tick();
  }
}
