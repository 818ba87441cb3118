// One attachment that is on a ticket, with what can be done with it; and the list of all that are, with what was refused.

import { NoConnection, address, ask, download } from "./api.js";
import { archiveTree } from "./archive-tree.js";
import { bundleCard } from "./bundle-card.js";
import { announce, button, fill, freshId, make, notice, shownName } from "./elements.js";
import { badge, outcomeOf, reasons } from "./verdict.js";
import { moment, size } from "./words.js";

/** @returns {{element: Element, load: () => Promise<void>}} */
export function ticketList(ticket, caller) {
  const list = make("div", {});
  const heading = freshId("on-ticket");
  const element = make("section", { "aria-labelledby": heading },
    make("div", { class: "row-head" }, make("h2", { id: heading }, "On this ticket"),
      button("Refresh", () => load(), { class: "plain" })),
    list);
  async function load() {
    if (!list.hasChildNodes()) fill(list, make("p", { class: "quiet" }, "Loading…"));
    try {
      const { attachments, rejections } = await ask(address("tickets", ticket, "attachments"));
      fill(list, ...contents(attachments, rejections, caller));
    } catch (error) {
      const text = error instanceof NoConnection ? `${error.message} What is on the ticket is not lost.` : error.message;
      fill(list, notice("bad", text));
    }
  }
  return { element, load };
}

function contents(attachments, rejections, caller) {
  if (attachments.length === 0 && rejections.length === 0) {
    return [make("p", { class: "quiet" }, "There is nothing on this ticket yet that you may see.")];
  }
  const newest = [...attachments].reverse();
  return [
    attachments.length === 0 && make("p", { class: "quiet" }, "Nothing is stored on this ticket yet."),
    attachments.length > 0 && make("ul", { class: "cards", id: "attachments" }, ...newest.map((one) => attachmentCard(one, caller))),
    rejections.length > 0 && make("details", { class: "fold refused", id: "rejections" },
      make("summary", {}, rejections.length === 1 ? "1 file was refused" : `${rejections.length} files were refused`),
      make("ul", { class: "cards" }, ...[...rejections].reverse().map((one) => attachmentCard(one, caller)))),
  ];
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
