// Passkeys, and the square from the counter. The page's form holds what the browser is to be asked; the answer goes into the form, and the
// form is sent as any other. Older browsers have neither JSON form of these calls, so bytes are turned here.

const form = document.getElementById("passkey");
const code = document.getElementById("code");

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked() {
  const publicKey = JSON.parse(form.dataset.options);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const one of [...(publicKey.excludeCredentials ?? []), ...(publicKey.allowCredentials ?? [])]) one.id = bytes(one.id);
  return { publicKey };
}

function answered(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

async function ask() {
  const stopped = form.querySelector("[data-stopped]");
  stopped.hidden = true;
  try {
    form.elements.passkey_answer.value = answered(await navigator.credentials[form.dataset.verb](asked()));
    form.submit();
  } catch {
    stopped.hidden = false;
  }
}

if (form) {
  const works = Boolean(window.PublicKeyCredential);
  document.getElementById("needs-script").hidden = true;
  form.hidden = !works;
  document.getElementById("no-passkey").hidden = works;
  form.querySelector("button").addEventListener("click", ask);
}

// What stands behind the "#" never reached a server; it is taken out of the address, so that no history keeps it.
if (code && /^#[0-9A-Za-z-]{10,11}$/.test(location.hash)) {
  code.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
}
