// The review queue: what was set apart, for a person to release or delete, each with a note that stays on record.

import { address, ask } from "./api.js";
import { attachmentCard, goTo } from "./attachments.js";
import { announce, button, fill, freshId, make, notice } from "./elements.js";

export function reviewQueue(caller, onChange) {
  const list = make("ul", { class: "cards", id: "review" });
  const state = make("div", {});
  const more = make("div", { class: "more" });
  let waiting = 0;

  async function load(after) {
    if (!after) fill(state, make("p", { class: "quiet" }, "Loading…"));
    try {
      const page = await ask(address("review") + (after ? `?after=${encodeURIComponent(after)}` : ""));
      if (!after) {
        fill(list);
        waiting = 0;
      }
      waiting += page.attachments.length;
      const cards = page.attachments.map(item);
      list.append(...cards);
      fill(state, waiting === 0 && make("p", { class: "quiet" }, "Nothing waits for you."));
      fill(more, page.next && button("Show more", () => load(page.next), { class: "plain" }));
      if (after) goTo(cards[0] ?? heading);
    } catch (error) {
      fill(state, notice("bad", `${error.message} ${error.remedy ?? ""}`));
    }
  }

  function item(attachment) {
    const name = attachment.name ?? attachment.path;
    const note = make("textarea", { id: freshId("note"), rows: "2", maxlength: "2000", required: true });
    const told = make("p", { class: "bad-text", role: "alert" });
    const confirm = make("span", { class: "line" });
    const decide = async (deed, done) => {
      fill(told);
      if (note.value.trim() === "") {
        fill(told, "Say why: the note stays on record with your decision.");
        note.focus();
        return;
      }
      try {
        await ask(address("review", attachment.attachment, deed), { method: "POST", json: { note: note.value.trim() } });
        leave(card, name, done);
      } catch (error) {
        fill(told, `${error.message} ${error.remedy ?? ""}`);
      }
    };
    const remove = button("Delete", () => {
      remove.hidden = true;
      const sure = button("Yes, delete it", () => decide("delete", "deleted"), { class: "danger" });
      fill(confirm, "The bytes will be gone. ", sure, button("Keep it", () => {
        fill(confirm);
        remove.hidden = false;
        remove.focus();
      }, { class: "plain" }));
      sure.focus();
    }, { class: "plain" });
    const card = attachmentCard(attachment, caller, { showTicket: true, heading: "h2", further: [
      make("div", { class: "decision" },
        make("label", { for: note.id }, "Your note"), note,
        make("div", { class: "line" }, button("Release to the ticket", () => decide("release", "released"), { class: "main" }), remove, confirm),
        told),
    ] });
    return card;
  }

  function leave(card, name, done) {
    const next = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    waiting -= 1;
    announce(`${name} was ${done}.`);
    if (waiting === 0) fill(state, make("p", { class: "quiet" }, more.hasChildNodes() ? "All that were shown are decided. There are more." : "Nothing waits for you any more."));
    (next?.querySelector("textarea") ?? heading).focus();
    onChange?.();
  }

  const heading = make("h1", { tabindex: "-1" }, "To be looked at");
  const element = make("div", {}, heading,
    make("p", { class: "lead" }, "These were set apart: they could not be checked, or they act when opened. Handle their bytes with care. A release holds for the same bytes when they are sent to the same ticket again."),
    state, list, more);
  return { element, load };
}
