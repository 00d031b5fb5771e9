// A button that copies the field it names.

export function start(announce) {
  const button = document.querySelector("[data-copy]");
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", () => navigator.clipboard.writeText(field.value).then(
    () => { button.lastElementChild.textContent = button.dataset.done; announce(button.dataset.done); },
    () => field.select(),
  ));
}
