// Reads the main text of the page aloud, sentence by sentence, and marks the one it reads. Loaded by app.js at the first press of the button,
// which shows only where there is a voice for the page's language. A pause stops the voice, and "go on" begins the sentence again:
// speechSynthesis.pause() never comes back on many Android phones.

const speech = self.speechSynthesis;
const LONGEST = 180; // letters: Chromium falls silent in the middle of more
const LEFT_OUT = "button,input,select,textarea,script,style,svg,nav,.top,.help,.listen,.words,.all,[hidden],[aria-hidden=true]";
const { lang: own } = document.documentElement;
const THAI = { "รพ.": "โรงพยาบาล", "สปส.": "สำนักงานประกันสังคม", "ชม.": "ชั่วโมง", "พ.ศ.": "พุทธศักราช", "ค.ศ.": "คริสต์ศักราช", "%": " เปอร์เซ็นต์" };

export const voiceFor = (lang, onlyHere) => {
  const fit = speech.getVoices().filter((one) => one.lang.toLowerCase().startsWith(lang) && (one.localService || !onlyHere));
  return fit.find((one) => one.localService) ?? fit[0];
};

// What is read

function months(lang) {
  const say = (month, style) => new Date(Date.UTC(2026, month, 15)).toLocaleDateString(lang, { month: style, timeZone: "UTC" });
  return [...Array(12).keys()].map((month) => [say(month, "short"), say(month, "long")]);
}

const plain = (number) => number.replaceAll(",", "");

function thai(text) {
  text = text.replace(/สปส\.\s*(\d+)-(\d+)/g, "สอ ปอ สอ $1 ขีด $2"); // a form's number
  for (const [short, long] of [...months("th"), ...Object.entries(THAI)]) text = text.replaceAll(short, long);
  return text
    .replace(/(\d{1,2}):(\d\d)(\s*น\.)?/g, (_, hour, minute) => `${+hour} นาฬิกา${+minute ? ` ${+minute} นาที` : ""}`)
    .replace(/([\d,]+)\.(\d\d)\s*บาท/g, (_, baht, satang) => `${plain(baht)} บาท${+satang ? ` ${+satang} สตางค์` : ""}`)
    .replace(/(\d)\s*–\s*(?=\d)/g, "$1 ถึง ");
}

function english(text) {
  for (const [short, long] of months("en-US")) text = text.replace(new RegExp(`(\\d ?)${short}\\b`, "g"), `$1${long}`);
  return text
    .replace(/฿([\d,]+)(?:\.(\d\d))?/g, (_, baht, satang) => `${plain(baht)} baht${+satang ? ` ${+satang} satang` : ""}`)
    .replace(/(\d)\s*–\s*(?=\d)/g, "$1 to ");
}

// Digit by digit what is no amount: the hotline and references.
export function words(text, lang, abbreviations = []) {
  for (const [short, long] of abbreviations) text = text.replaceAll(short, long);
  text = lang === "th" ? thai(text) : lang === "en" ? english(text) : text;
  return text
    .replace(/\b[A-Z]{2}(-[0-9A-Z]{2,})+\b/g, (reference) => [...reference].map((one) => (one === "-" ? "," : ` ${one}`)).join(""))
    .replace(/\b1506\b/g, "1 5 0 6")
    .replace(/(\d),(?=\d{3})/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

// Where it stands

const isBlock = (element) => !["inline", "contents"].includes(getComputedStyle(element).display);

function blockAround(node) {
  let element = node.parentElement;
  while (!isBlock(element)) element = element.parentElement;
  return element;
}

const isSeen = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;

// Text that stands together in one box and one language: phrase spans inside it do not part it.
function textsOf(root) {
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
    if (node.localName === "br" || node.localName === "wbr") return NodeFilter.FILTER_ACCEPT;
    return node.matches(LEFT_OUT) || !isSeen(node) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
  });
  let last;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.localName === "br") last = undefined;
    if (node.nodeType !== Node.TEXT_NODE) continue;
    const block = blockAround(node), { lang } = node.parentElement.closest("[lang]");
    if (!last || last.block !== block || last.lang !== lang) found.push(last = { block, lang, text: "", nodes: [], abbreviations: [] });
    const short = node.parentElement.closest("abbr[title]");
    if (short) last.abbreviations.push([short.textContent, short.title]);
    last.nodes.push({ node, from: last.text.length });
    last.text += node.data;
  }
  return found.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

// Thai has no full stop, and the one of "มิ.ย." ends nothing: there a box is a sentence.
function sentences(text, lang) {
  if (lang === "th" || !Intl.Segmenter) return [[0, text.length]];
  return [...new Intl.Segmenter(lang, { granularity: "sentence" }).segment(text)].map(({ index, segment }) => [index, index + segment.length]);
}

function shortened(text, [from, to]) {
  const parts = [];
  while (to - from > LONGEST) {
    const space = [...text.slice(from, from + LONGEST).matchAll(/\D\s+(?=\D)/g)].pop();
    if (!space) break;
    const end = from + space.index + space[0].length;
    parts.push([from, end]);
    from = end;
  }
  return [...parts, [from, to]];
}

function rangeOf({ nodes }, from, to) {
  const range = new Range(), at = (place) => nodes.findLast((one) => one.from <= place);
  const first = at(from), last = at(to - 1);
  range.setStart(first.node, from - first.from);
  range.setEnd(last.node, to - last.from);
  return range;
}

function pieces() {
  return textsOf(document.querySelector("main .w")).flatMap((one) => sentences(one.text, one.lang)
    .flatMap((span) => shortened(one.text, span))
    .map(([from, to]) => ({ ...one, said: words(one.text.slice(from, to), one.lang, one.abbreviations), range: () => rangeOf(one, from, to) }))
    .filter(({ said }) => said));
}

function mark(piece) {
  unmark();
  if (CSS.highlights) CSS.highlights.set("aloud", new Highlight(piece.range()));
  else piece.block.dataset.aloud = "";
  piece.block.scrollIntoView({ block: "nearest" });
}

function unmark() {
  CSS.highlights?.delete("aloud");
  document.querySelector("[data-aloud]")?.removeAttribute("data-aloud");
}

// The buttons: one that begins, pauses and goes on, one that stops.

export function start(box, announce, onlyHere) {
  const [first, stop] = box.querySelectorAll("button"), label = first.querySelector("span");
  const labels = { off: label.textContent, reading: box.dataset.pause, paused: box.dataset.goOn };
  let all = [], at = 0, turn = 0, state;

  function show(now) {
    state = now;
    label.textContent = labels[now];
    stop.hidden = now === "off";
    box.toggleAttribute("data-on", now !== "off");
  }

  function silence(now) {
    turn += 1;
    speech.cancel();
    show(now);
  }

  function end() {
    if (document.activeElement === stop) first.focus();
    silence("off");
    unmark();
  }

  function say() {
    const piece = all[at], mine = ++turn;
    if (!piece) { end(); return; }
    mark(piece);
    const voice = voiceFor(piece.lang, onlyHere) ?? voiceFor(own, onlyHere);
    const spoken = Object.assign(new SpeechSynthesisUtterance(piece.said), { voice, lang: voice?.lang ?? own });
    spoken.onend = () => { if (mine === turn) { at += 1; say(); } };
    spoken.onerror = () => { if (mine === turn) { end(); announce(box.dataset.broken); } };
    speech.speak(spoken);
  }

  function press() {
    if (state === "reading") { silence("paused"); return; }
    if (state === "off") [all, at] = [pieces(), 0];
    silence("reading");
    say();
  }

  first.addEventListener("click", press);
  stop.addEventListener("click", end);
  addEventListener("keydown", ({ key }) => { if (key === "Escape" && state !== "off") end(); });
  addEventListener("htmx:after:swap", () => { if (state !== "off") end(); });
  addEventListener("pagehide", () => speech.cancel());
  show("off");
  press();
}
