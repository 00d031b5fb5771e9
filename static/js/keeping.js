// The button "Keep the receipt on this phone": asked, never assumed. A receipt that is kept already is renewed by looking at it.

export async function start(announce) {
  const button = document.getElementById("keep-receipt");
  if (!self.Phone.canHold()) return;
  const { title, rows, id, author } = JSON.parse(document.getElementById("receipt").textContent);
  const keep = () => self.Phone.put("kept", id, { title, rows, author, at: Date.now() });
  const say = () => { button.disabled = true; button.querySelector("span").textContent = button.dataset.done; };
  button.hidden = false;
  if ((await self.Phone.all("kept")).some((one) => one.id === id)) { await keep(); say(); return; }
  button.addEventListener("click", async () => { await keep(); say(); announce(button.dataset.done); });
}
