// The one place where elements are made. Data goes in as text and never as markup; the content security policy
// (trusted types) refuses the other way altogether.

/**
 * @param {string} name
 * @param {object} attributes functions become listeners (`onclick`), booleans stand or fall, `undefined` is left out
 * @param {...(Node|string|null|undefined|false)} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

/** Replaces what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** A name that a stranger chose: isolated, so that its writing direction ends with it, and with nothing invisible in it. */
export function shownName(name, attributes = {}) {
  return make("bdi", { class: "name", ...attributes }, visible(name));
}

/** Spells out controls, direction marks and other characters that are not seen; the middle of a very long name is left out. */
export function visible(name) {
  const spelled = String(name).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u2800]/gu,
    (character) => `\\u{${character.codePointAt(0).toString(16)}}`);
  return spelled.length <= 160 ? spelled : `${spelled.slice(0, 110)} … ${spelled.slice(-40)}`;
}

let count = 0;
/** An id for a label to point to. */
export const freshId = (word) => `${word}-${++count}`;

/** Says something to those who hear the page rather than see it. */
export function announce(text) {
  const line = make("p", {}, text);
  const place = document.getElementById("announcements");
  place.append(line);
  setTimeout(() => line.remove(), 20_000);
}

/** A message that has to be noticed. */
export function notice(kind, ...children) {
  return make("div", { class: `notice ${kind}`, role: kind === "bad" ? "alert" : undefined }, ...children);
}

/** A button that shows that it works, and cannot be pressed twice meanwhile. */
export function button(label, work, attributes = {}) {
  const element = make("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", async () => {
    if (element.getAttribute("aria-disabled") === "true") return;
    element.setAttribute("aria-disabled", "true");
    try {
      await work(element);
    } finally {
      element.removeAttribute("aria-disabled");
    }
  });
  return element;
}
