// Notices on the computer what the phone has done; without it the page reloads itself.
const status = document.getElementById("qr-status");

async function look() {
  try {
    const answer = await fetch(status.dataset.url, { cache: "no-store" });
    const { state } = await answer.json();
    if (state !== status.dataset.state) return location.reload();
  } catch {
    // the stand-in is away for a moment: look again
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
