// What axe and HTML_CodeSniffer do not measure: boxes. Each finding is [rule, words, element]; an empty list is what is wanted.
// Put into the page by tests/accessibility/looking.py; nothing of it is sent to anybody.

window.boxes = (() => {
  const TARGET = 48;
  const CONTROLS = "a[href],button,summary,input:not([type=hidden]),select,textarea";
  const named = (one) => one.outerHTML.slice(0, 120).replace(/\s+/g, " ");
  const isCut = (one) => getComputedStyle(one).clipPath === "inset(50%)";
  // What is asked of an element and all around it again and again, while nothing changes: each measure starts with `fresh`.
  let known = new Map();
  const fresh = () => { known = new Map(); };
  const once = (name, reckon) => (one) => {
    const of = known.get(name) ?? known.set(name, new Map()).get(name);
    if (!of.has(one)) of.set(one, reckon(one));
    return of.get(one);
  };
  const hiddenAway = once("hidden", (one) => one.matches(".skip,[hidden]") || isCut(one) || Boolean(one.parentElement && hiddenAway(one.parentElement)));
  const shown = once("shown", (one) => one.checkVisibility({ visibilityProperty: true }) && !hiddenAway(one));
  const bar = (one) => { for (let up = one; up; up = up.parentElement) if (getComputedStyle(up).position === "sticky") return up; return null; };

  // WCAG 2.5.8 lets links within a sentence be as high as their line; a link that stands alone is a target.
  function inSentence(one) {
    if (one.tagName !== "A" || getComputedStyle(one).display !== "inline") return false;
    const block = one.closest("p,li,dd,td,th,dt,h1,h2,h3,div");
    return block.textContent.trim().length > one.textContent.trim().length + 1;
  }

  // A radio or tick box lies under its label, which is what is pressed.
  function box(one) {
    const own = one.getBoundingClientRect();
    const label = ["radio", "checkbox"].includes(one.type) ? one.labels?.[0] : null;
    if (!label) return own;
    const other = label.getBoundingClientRect();
    return new DOMRect(Math.min(own.x, other.x), Math.min(own.y, other.y), Math.max(own.width, other.width), Math.max(own.height, other.height));
  }

  function targets() {
    fresh();
    const found = [], all = [...document.querySelectorAll(CONTROLS)].filter((one) => shown(one) && !inSentence(one));
    const held = all.map((one) => ({ one, at: box(one), bar: bar(one) }));
    for (const { one, at } of held) {
      if (at.width < TARGET - 0.5 || at.height < TARGET - 0.5) found.push(["target", `${Math.round(at.width)}x${Math.round(at.height)} px`, named(one)]);
    }
    for (let a = 0; a < held.length; a += 1) for (let b = a + 1; b < held.length; b += 1) {
      const [one, other] = [held[a], held[b]];
      if (one.bar !== other.bar || one.one.contains(other.one)) continue;
      const wide = Math.min(one.at.right, other.at.right) - Math.max(one.at.left, other.at.left);
      const high = Math.min(one.at.bottom, other.at.bottom) - Math.max(one.at.top, other.at.top);
      if (wide > 1 && high > 1) found.push(["targets overlap", `${Math.round(wide)}x${Math.round(high)} px`, `${named(one.one)} | ${named(other.one)}`]);
    }
    return found;
  }

  function sideways() {
    const over = document.documentElement.scrollWidth - innerWidth;
    return over > 0 ? [["sideways scroll", `${over} px wider than the window`, widest()]] : [];
  }

  function widest() {
    const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && shown(one));
    return out.length ? named(out[out.length - 1]) : "";
  }

  // Text cut off by a box that hides what runs over, or that runs over the edge of the coloured box or button it stands in.
  function clipped() {
    const found = [];
    for (const one of document.querySelectorAll("body *")) {
      if (one.namespaceURI.endsWith("svg")) continue;
      const style = getComputedStyle(one);
      const cutX = ["hidden", "clip"].includes(style.overflowX), cutY = ["hidden", "clip"].includes(style.overflowY);
      if (!cutX && !cutY || !one.textContent.trim() || !shown(one)) continue;
      if (cutX && one.scrollWidth > one.clientWidth + 1) found.push(["clipped", `${one.scrollWidth - one.clientWidth} px to the side`, named(one)]);
      if (cutY && one.scrollHeight > one.clientHeight + 1) found.push(["clipped", `${one.scrollHeight - one.clientHeight} px below`, named(one)]);
    }
    return found.concat(overflowing());
  }

  function overflowing() {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("svg,script,style,option,select,textarea") || !shown(parent)) continue;
      range.selectNodeContents(node);
      if (parent.closest(".tablewrap")) continue;
      const holder = boxAround(parent);
      const edge = holder ? holder.getBoundingClientRect() : { left: 0, right: innerWidth };
      for (const line of range.getClientRects()) {
        if (line.width && (line.left < edge.left - 1.5 || line.right > edge.right + 1.5)) {
          found.push(["text over the edge", `${Math.round(Math.max(edge.left - line.left, line.right - edge.right))} px: ${node.data.trim().slice(0, 40)}`, named(holder ?? parent)]);
          break;
        }
      }
    }
    return found;
  }

  const boxAround = once("box", (one) => {
    if (!one || one === document.body) return null;
    const style = getComputedStyle(one);
    if (style.overflowX === "auto") return null;
    if (style.display !== "inline" && (parseFloat(style.borderLeftWidth) || style.backgroundColor !== "rgba(0, 0, 0, 0)")) return one;
    return boxAround(one.parentElement);
  });

  // Each control in turn: reached by focus it has a ring of at least 2 px, and no sticky bar lies over it.
  function focus() {
    fresh();
    const found = [];
    for (const one of document.querySelectorAll(CONTROLS)) {
      if (!shown(one) || one.disabled || one.tabIndex < 0) continue;
      one.focus({ focusVisible: true });
      if (document.activeElement !== one) { found.push(["focus", "cannot be reached", named(one)]); continue; }
      const ringed = ["radio", "checkbox"].includes(one.type) && one.labels?.[0] ? [one, one.labels[0]] : [one];
      const ring = Math.max(...ringed.map((each) => { const style = getComputedStyle(each); return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth); }));
      if (ring < 2) found.push(["focus", `ring of ${ring} px`, named(one)]);
      const at = box(one);
      for (const other of document.querySelectorAll(".nav,.act")) {
        if (other.contains(one) || getComputedStyle(other).position !== "sticky") continue;
        const cover = other.getBoundingClientRect();
        const covered = Math.min(at.bottom, cover.bottom) - Math.max(at.top, cover.top);
        if (covered > 1 && at.height < cover.top) found.push(["focus covered", `${Math.round(covered)} px by ${other.className}`, named(one)]);
      }
    }
    document.activeElement?.blur?.();
    scrollTo(0, 0);
    return found;
  }

  // What is left of our colours when the system puts its own: text that has the colour of its ground.
  function told() {
    fresh();
    const rgb = (text) => text.match(/[\d.]+/g).map(Number);
    const light = (colour) => colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const ground = (one) => {
      for (let up = one; up; up = up.parentElement) { const colour = rgb(getComputedStyle(up).backgroundColor); if ((colour[3] ?? 1) > 0.5) return colour; }
      return [255, 255, 255];
    };
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const one = node.parentElement;
      if (!node.data.trim() || one.closest("script,style,svg") || !shown(one)) continue;
      const pair = [light(rgb(getComputedStyle(one).color)), light(ground(one))].sort((a, b) => b - a);
      const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
      if (ratio < 4.5) found.push(["not told from its ground", `${ratio.toFixed(1)} : 1`, named(one)]);
    }
    return found;
  }

  // Which elements are shown, and as what: all that those rules of axe read which measure neither boxes nor colours. One letter for each.
  const AS = { none: "0", inline: "i", contents: "c", "list-item": "l" };

  function form() {
    return [...document.body.querySelectorAll("*")].map((one) => {
      const style = getComputedStyle(one);
      if (style.display === "none") return "0";
      const at = one.getBoundingClientRect();
      if (style.visibility !== "visible" || style.opacity === "0") return "h";
      if (at.right <= 0 || at.bottom <= 0 || at.left >= innerWidth) return "o";
      if (style.clipPath !== "none") return "v";
      if (style.position === "fixed") return "f";
      if (["auto", "scroll"].includes(style.overflowX) && one.scrollWidth > one.clientWidth) return "s";
      return AS[style.display] ?? (style.display.startsWith("table") ? "t" : "b");
    }).join("");
  }

  // Controls below 48 px, as `targets` lets links in a sentence be: which, and whether below the 24 px of axe's rule.
  function small() {
    return [...document.querySelectorAll(CONTROLS)].map((one, place) => {
      const at = box(one);
      return at.width && (at.width < TARGET || at.height < TARGET) ? `${place}${at.width < 24 ? "w" : ""}${at.height < 24 ? "h" : ""}` : "";
    }).filter(Boolean).join();
  }

  // Each text with what is painted at the middle of each of its lines, from the top down: the page must stand in the window whole.
  function stacks() {
    fresh();
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const one = node.parentElement;
      if (!node.data.trim() || one.closest("script,style,option,textarea") || !shown(one)) continue;
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) if (line.width) found.push([one, under(line)]);
    }
    for (const one of document.querySelectorAll("input:not([type=hidden]),select,textarea")) if (shown(one)) found.push([one, under(one.getBoundingClientRect())]);
    return found;
  }

  const under = (box) => document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const PICTURES = "img,svg,canvas,video,picture,iframe,object";

  // Which colours meet: that of the text, those above it and beneath it down to the first that covers all, and whether the letters are large.
  // From these alone contrast is reckoned. With one element in which each meeting is found.
  function meetings(held) {
    const grounds = new Map(), seen = new Map();
    const ground = (one) => {
      if (!grounds.has(one)) {
        const style = getComputedStyle(one);
        const image = style.backgroundImage !== "none" || one.matches(PICTURES) ? "+" : "", faint = style.opacity === "1" ? "" : style.opacity;
        const plain = style.backgroundColor === "rgba(0, 0, 0, 0)" && !image && !faint;
        grounds.set(one, { said: plain ? "" : `${style.backgroundColor}${image}${faint}`, covers: style.backgroundColor.startsWith("rgb(") && !image && !faint });
      }
      return grounds.get(one);
    };
    const nearest = (one) => ground(one).said || (one.parentElement ? nearest(one.parentElement) : "");
    const beneath = (stack, from) => {
      const said = [];
      for (const [place, one] of stack.entries()) {
        said.push(ground(one).said);
        if (place >= from && ground(one).covers) break;
      }
      return said.filter(Boolean);
    };
    for (const [one, stack] of held) {
      const style = getComputedStyle(one), size = parseFloat(style.fontSize), from = stack.indexOf(one);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? "large" : "";
      const link = one.closest("a"), beside = link ? `${getComputedStyle(link).textDecorationLine}${getComputedStyle(link.parentElement).color}` : "";
      const shade = style.textShadow === "none" ? "" : style.textShadow;
      const met = [style.color, large, shade, beside, nearest(one), from, ...beneath(stack, from < 0 ? stack.length : from)].join("|");
      if (!seen.has(met)) seen.set(met, one);
    }
    return seen;
  }

  const SPACING = new CSSStyleSheet();
  SPACING.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}");
  const looser = (on) => { document.adoptedStyleSheets = on ? [SPACING] : []; };

  const dress = (size, theme, contrast) => {
    const root = document.documentElement;
    root.dataset.s = size;
    if (theme) root.dataset.t = theme; else delete root.dataset.t;
    if (contrast) root.dataset.c = contrast; else delete root.dataset.c;
  };

  // Of the last look: where each meeting of colours is found, by theme.
  const met = new Map();
  const where = (theme, wanted) => wanted.map((one) => met.get(theme).get(one));

  // One text size, in each of the themes handed in as [name, theme, contrast]: boxes once for each width of edges, colours in every one.
  // Without `forms` nobody asks how they differ from another look at the page.
  function look(size, themes, forms) {
    const boxes = [], colours = [], held = {};
    met.clear();
    let at = null, few = null;
    for (const [name, theme, contrast] of themes) {
      dress(size, theme, contrast);
      if (!held[contrast]) { held[contrast] = stacks(); boxes.push([name, reflow().concat(targets())]); if (forms) { at ??= form(); few ??= small(); } }
      met.set(name, meetings(held[contrast]));
      colours.push([name, [...met.get(name).keys()]]);
    }
    dress(size, themes[0][1], themes[0][2]);
    return { form: at ?? "", small: few ?? "", boxes, colours };
  }

  const reflow = () => { fresh(); return [...sideways(), ...clipped()]; };
  const openUp = () => { for (const one of document.querySelectorAll("details:not(.txt)")) one.open = true; };

  return { reflow, targets, focus, told, looser, dress, look, where, openUp };
})();
