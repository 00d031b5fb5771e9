// The browser's own print, where there is a button to ask for it; without JavaScript the words beside it say how.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => print());
