// What a log or an archive of logs tells at a glance: when, where, how bad, and what went wrong most often.

import { make, visible } from "./elements.js";
import { counted, span } from "./words.js";

/** Gravest first; the kind says which colour a mark has beside its word. */
const levels = [
  ["fatal", "fatal", "fatal", "bad"], ["error", "error", "errors", "bad"], ["warning", "warning", "warnings", "wait"],
  ["notice", "notice", "notices", ""], ["info", "info", "info", ""], ["debug", "debug", "debug", ""],
];

/** @returns an element, or null where the card has nothing to say */
export function bundleCard(card) {
  if (!card) return null;
  const marks = levels.filter(([key]) => card.levels?.[key] > 0)
    .map(([key, one, many, kind]) => make("li", { class: `badge ${kind}` }, counted(card.levels[key], one, many)));
  const rows = [
    card.first && ["Time", times(card)],
    card.gaps?.length > 0 && ["Silent", gaps(card.gaps)],
    card.hosts?.length > 0 && [card.hosts.length === 1 ? "Host" : "Hosts", words(card.hosts)],
    card.products?.length > 0 && [card.products.length === 1 ? "Product" : "Products", words(card.products.map(({ name, version }) => `${name} ${version}`.trim()))],
    card.templates?.length > 0 && ["Commonest errors", make("ol", { class: "errors" }, ...card.templates.map(({ count, text }) => make("li", {},
      make("span", { class: "times" }, `${count.toLocaleString("en")} ×`), " ", make("code", {}, make("bdi", {}, visible(text))))))],
  ].filter(Boolean);
  if (marks.length === 0 && rows.length === 0) return null;
  return make("details", { class: "fold glance" },
    make("summary", {}, "What the log tells", card.first && make("span", { class: "quiet" }, ` ${day(card.first)}${card.last && length(card) > 0 ? `, ${span(length(card))}` : ""}`)),
    marks.length > 0 && make("ul", { class: "line marks", "aria-label": "Lines by severity" }, ...marks),
    rows.length > 0 && make("dl", {}, ...rows.flatMap(([term, told]) => [make("dt", {}, term), make("dd", {}, told)])));
}

/** The material's own times: without a zone, and where no line tells the year, without that. */
const clean = (text) => text.replace(/^--/, "").replace("T", " ");
const day = (text) => clean(text).slice(0, -9);
const seconds = (text) => Date.parse(`${text.replace(/^--/, "2000-")}Z`) / 1000;
/** Over new year without a year, the end seems to lie before the beginning. */
const length = ({ first, last }) => seconds(last) - seconds(first);

function times(card) {
  if (!card.last || card.last === card.first) return clean(card.first);
  return between(card.first, card.last);
}

/** The day once, where both are on it. */
function between(from, to) {
  return `${clean(from)} to ${day(from) === day(to) ? clean(to).slice(-8) : clean(to)}`;
}

function gaps(list) {
  const shown = [...list].sort((one, other) => (seconds(other.to) - seconds(other.from)) - (seconds(one.to) - seconds(one.from))).slice(0, 5)
    .sort((one, other) => seconds(one.from) - seconds(other.from));
  return make("ul", {}, ...shown.map(({ from, to }) => make("li", {}, `${between(from, to)}, ${span(seconds(to) - seconds(from))}`)),
    list.length > shown.length && make("li", { class: "quiet" }, `and ${list.length - shown.length} shorter`));
}

const words = (list) => make("ul", { class: "words" }, ...list.map((word) => make("li", {}, make("bdi", {}, visible(word)))));
