// One attachment that is on a ticket, with what can be done with it; and the list of all that are, with what was refused.

import { NoConnection, address, ask, download } from "./api.js";
import { archiveTree } from "./archive-tree.js";
import { bundleCard } from "./bundle-card.js";
import { announce, button, fill, freshId, make, notice, shownName } from "./elements.js";
import { badge, outcomeOf, reasons } from "./verdict.js";
import { moment, size } from "./words.js";

/** So many cards are drawn at once: a ticket may have thousands, and each card has parts of its own. */
const atOnce = 100;

/** @returns {{element: Element, load: () => Promise<void>}} */
export function ticketList(ticket, caller) {
  const list = make("div", {});
  const heading = freshId("on-ticket");
  const drawn = { attachments: atOnce, rejections: atOnce, isOpen: false };
  let loading = null;
  let isStale = false;
  const element = make("section", { "aria-labelledby": heading },
    make("div", { class: "row-head" }, make("h2", { id: heading }, "On this ticket"),
      button("Refresh", () => load(), { class: "plain" })),
    list);
  /** Files that end close together ask for one more load, not for one each. */
  function load() {
    isStale = true;
    loading ??= (async () => {
      while (isStale) {
        isStale = false;
        await loadOnce();
      }
    })().finally(() => { loading = null; });
    return loading;
  }
  async function loadOnce() {
    const isFirst = !list.hasChildNodes();
    const tell = (count) => isFirst && fill(list, make("p", { class: "quiet" }, count ? `Loading… ${count} so far.` : "Loading…"));
    tell(0);
    try {
      fill(list, ...contents(await wholeTicket(ticket, tell), caller, drawn));
    } catch (error) {
      const text = error instanceof NoConnection ? `${error.message} What is on the ticket is not lost.` : error.message;
      fill(list, notice("bad", text));
    }
  }
  return { element, load };
}

/**
 * Follows both lists to their ends. The server tells the oldest first, and the page shows the newest first, so it needs the end.
 * A page may be empty and still have a next one: what the caller may not see is left out of it.
 */
async function wholeTicket(ticket, tell) {
  const attachments = [];
  const rejections = [];
  let after;
  let refusedAfter;
  let isMore = true;
  let isMoreRefused = true;
  while (isMore || isMoreRefused) {
    const query = new URLSearchParams();
    if (after) query.set("after", after);
    if (refusedAfter) query.set("rejectionsAfter", refusedAfter);
    const page = await ask(`${address("tickets", ticket, "attachments")}?${query}`);
    // A list that has ended comes again while the other one goes on.
    if (isMore) attachments.push(...page.attachments);
    if (isMoreRefused) rejections.push(...page.rejections);
    isMore &&= Boolean(page.next);
    isMoreRefused &&= Boolean(page.nextRejection);
    if (isMore) after = page.next;
    else after = attachments.at(-1)?.attachment ?? after;
    if (isMoreRefused) refusedAfter = page.nextRejection;
    tell(attachments.length);
  }
  return { attachments, rejections };
}

function contents({ attachments, rejections }, caller, drawn) {
  if (attachments.length === 0 && rejections.length === 0) {
    return [make("p", { class: "quiet" }, "There is nothing on this ticket yet that you may see.")];
  }
  return [
    attachments.length === 0 && make("p", { class: "quiet" }, "Nothing is stored on this ticket yet."),
    ...(attachments.length === 0 ? [] : newestFirst(attachments, caller, drawn, "attachments")),
    rejections.length > 0 && make("details", { class: "fold refused", id: "rejections", open: drawn.isOpen, ontoggle: (event) => { drawn.isOpen = event.target.open; } },
      make("summary", {}, rejections.length === 1 ? "1 file was refused" : `${rejections.length} files were refused`),
      ...newestFirst(rejections, caller, drawn, "rejections")),
  ];
}

/** The cards of a list, and below them a way to draw further ones. How many are drawn outlives a refresh. */
function newestFirst(items, caller, drawn, kind) {
  const cards = make("ul", { class: "cards", id: kind === "attachments" ? kind : undefined });
  const more = make("div", { class: "more" });
  const newest = [...items].reverse();
  const draw = () => {
    cards.append(...newest.slice(cards.children.length, drawn[kind]).map((one) => attachmentCard(one, caller)));
    const left = newest.length - cards.children.length;
    fill(more, left > 0 && make("span", { class: "quiet" }, `${cards.children.length} of ${newest.length} are shown.`),
      left > 0 && button("Show more", () => {
        const first = cards.children.length;
        drawn[kind] += atOnce;
        draw();
        goTo(cards.children[first]);
      }, { class: "plain" }));
  };
  draw();
  return [cards, more];
}

/** The button that brought a card is gone or has moved: the keyboard goes on at the card. */
export function goTo(card) {
  if (!card) return;
  card.setAttribute("tabindex", "-1");
  card.focus();
}

/** @param {Element[]} further what stands below, such as a reviewer's buttons */
export function attachmentCard(attachment, caller, { showTicket = false, heading = "h3", further = [] } = {}) {
  const name = attachment.name ?? attachment.path;
  const outcome = outcomeOf(attachment);
  const isKept = Boolean(attachment.attachment);
  const mayRead = isKept && (attachment.verdict === "accepted" || caller.role !== "submitter");
  const kind = make("span", { class: "category" }, attachment.correction?.category ?? attachment.category ?? "");
  const told = make("p", { class: "bad-text", role: "status" });
  const save = mayRead && button("Download", async () => {
    fill(told);
    try {
      await download(address("tickets", attachment.ticket, "attachments", attachment.attachment, "content"), name);
    } catch (error) {
      fill(told, `${error.message} ${error.remedy ?? ""}`);
    }
  }, { class: "plain", "aria-label": `Download ${name}` });
  const facts = [
    kind.textContent !== "" && kind,
    attachment.size !== undefined && size(attachment.size),
    attachment.received && make("time", { datetime: attachment.received }, moment(attachment.received)),
    attachment.submitter && make("span", {}, "by ", make("bdi", {}, attachment.submitter)),
    attachment.count > 1 && `sent ${attachment.count} times`,
  ].filter(Boolean);
  return make("li", { class: `card ${outcome.kind}` },
    make("div", { class: "row-head" },
      make("div", { class: "what-it-is" }, make(heading, { class: "title" }, shownName(name)), badge(outcome)),
      save),
    make("p", { class: "facts" },
      showTicket && make("a", { href: `#/tickets/${encodeURIComponent(attachment.ticket)}` }, attachment.ticket), showTicket && " · ",
      ...facts.flatMap((fact, index) => (index === 0 ? [fact] : [" · ", fact]))),
    attachment.comment && make("p", { class: "comment" }, attachment.comment),
    told,
    ...reasons(attachment.findings),
    isKept && bundleCard(attachment.card),
    attachment.entries !== undefined && isKept && archiveTree(attachment),
    isKept && details(attachment, name, kind),
    ...further);
}

/** How the category came about, the place to correct it, and what identifies the bytes. */
function details(attachment, name, kind) {
  const basis = make("p", {}, attachment.categoryBasis || "No reason was recorded.");
  const corrected = make("p", { role: "status" });
  const say = ({ category, by, at }) => fill(corrected, `Corrected to ${category} by `, make("bdi", {}, by), at ? `, ${moment(at)}.` : ".");
  if (attachment.correction) say(attachment.correction);
  const choice = make("select", { id: freshId("category") },
    ...["Log File", "Configuration", "Other"].map((word) => make("option", { value: word, selected: word === kind.textContent }, word)));
  const form = make("form", { class: "line", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const told = await ask(address("tickets", attachment.ticket, "attachments", attachment.attachment, "category"),
        { method: "PUT", json: { category: choice.value } });
      fill(kind, choice.value);
      say(told.correction ?? { category: choice.value, by: "you" });
      announce(`${name}: category corrected to ${choice.value}.`);
    } catch (error) {
      fill(corrected, `${error.message} ${error.remedy ?? ""}`);
    }
  } }, make("label", { for: choice.id }, "What is it really?"), choice, make("button", { class: "plain" }, "Correct"));
  return make("details", { class: "fold about" }, make("summary", {}, "Details and category"),
    make("dl", {},
      make("dt", {}, "Category"), make("dd", {}, basis, attachment.declaredCategory && make("p", {}, `Declared: ${attachment.declaredCategory}.`), corrected, form),
      make("dt", {}, "Content"), make("dd", {}, attachment.mediaType ?? "not recognized"),
      make("dt", {}, "SHA-256"), make("dd", {}, make("code", { class: "digest" }, attachment.sha256 ?? "")),
      make("dt", {}, "Attachment"), make("dd", {}, make("code", {}, attachment.attachment))));
}
