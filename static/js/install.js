// The button "Put it on the home screen": there only where the browser has a question of its own to ask, and asks it only when pressed.
// js/app.js holds that question back as `installQuestion`; it can be put once.

export function start(announce) {
  const button = document.getElementById("install-now");
  const line = button.parentElement;
  const offer = () => { line.hidden = !self.installQuestion; };

  function done() {
    line.textContent = button.dataset.done;
    line.hidden = false;
    announce(button.dataset.done);
  }

  button.addEventListener("click", () => {
    const question = self.installQuestion;
    self.installQuestion = undefined;
    question.prompt();
    offer();
  });
  addEventListener("beforeinstallprompt", offer);
  addEventListener("appinstalled", done);
  offer();
}
