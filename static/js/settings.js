// Shows a choice of letters and colours at once, before it is saved. Without it the same form is saved by its button.

const page = document.documentElement.dataset;
const attributes = { text_size: "s", theme: "t", contrast: "c" };

document.querySelector("form[data-preview]")?.addEventListener("change", ({ target }) => {
  const name = attributes[target.name];
  if (!name) return;
  if (target.value === "auto") delete page[name];
  else page[name] = target.value;
});
