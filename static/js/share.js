// Passing a page on: the phone's own share sheet where there is one, else the clipboard. Without either, or where both refuse, the field
// with the address stays and is selected. Only the title and the address go out, never a figure of a person.

export function start(announce) {
  const box = document.querySelector("section[data-address]");
  const { address, title, copied } = box.dataset;
  const way = (name) => box.querySelector(`[data-way=${name}]`);

  function offer(name, act) {
    const button = way(name);
    button.hidden = false;
    button.parentElement.hidden = false;
    button.addEventListener("click", act);
  }

  function selectTheAddress() {
    const field = box.querySelector("input");
    field.focus();
    field.select();
  }

  function copy() {
    navigator.clipboard.writeText(address).then(tell, selectTheAddress);
  }

  function tell() {
    const line = box.querySelector("[data-done]");
    line.textContent = copied;
    line.hidden = false;
    announce(copied);
  }

  function share() {
    navigator.share({ title, url: address }).catch((refused) => {
      if (refused.name !== "AbortError") selectTheAddress(); // closing the sheet is an answer, not a fault
    });
  }

  if (navigator.share && (!navigator.canShare || navigator.canShare({ title, url: address }))) offer("sheet", share);
  else if (navigator.clipboard) offer("copy", copy);
}
