// The page's frame: who is here, which place is shown (`#/tickets/T-17`, `#/review`), and moving between the places.

import { NoConnection, address, ask, token } from "./api.js";
import { ticketList } from "./attachments.js";
import { button, fill, make, notice } from "./elements.js";
import { entrance, ticketPattern } from "./entrance.js";
import { reviewQueue } from "./review.js";
import { sendingPanel } from "./sending.js";

const content = document.getElementById("content");
const places = document.getElementById("places");
let lastTicket = "";
let panel = null;
let isFirst = true;
let turn = 0;

window.addEventListener("hashchange", show);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  content.focus();
});
show();

/**
 * `#/tickets/T-17?token=…` in a link from support: the token leaves the address at once. Anybody can send such a link, so another token than the one in
 * this tab is taken only with a yes: else files would go out in somebody else's name.
 */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const given = new URLSearchParams(query ?? "").get("token");
  if (given) {
    history.replaceState(null, "", `#/${path}`);
    const held = token.get();
    const question = "This link brings another access token than the one in use here. Use the link's token from now on? "
      + "Files are then sent in its owner's name. If you did not expect this link, choose Cancel.";
    if (given !== held && (!held || window.confirm(question))) {
      token.set(given);
      panel?.dispose();
      panel = null;
    }
  }
  const [kind, value] = path.split("/");
  let ticket = "";
  try {
    ticket = kind === "tickets" ? decodeURIComponent(value ?? "") : "";
  } catch {
    // Not an address of ours: as if there were none.
  }
  return { isReview: kind === "review", ticket: ticketPattern.test(ticket) ? ticket : "" };
}

function limitsFor(ticket) {
  return ask(address("limits") + (ticket ? `?ticket=${encodeURIComponent(ticket)}` : ""));
}

async function show() {
  const mine = ++turn;
  const { isReview, ticket } = place();
  if (panel?.ticket === ticket && !isReview) return;
  try {
    let limits = await limitsFor(ticket);
    if (mine !== turn) return;
    const bound = limits.caller.ticket;
    if (!ticket && !isReview && bound) {
      location.replace(`#/tickets/${encodeURIComponent(bound)}`);
      return;
    }
    if (isReview && limits.caller.role === "submitter") return showEntrance({ ticket: "", message: "This place is for reviewers.", limits });
    if (isReview) return showReview(limits);
    if (ticket) return showTicket(ticket, limits);
    return showEntrance({ ticket: "", limits });
  } catch (error) {
    if (mine !== turn) return;
    if (error.status === 401) {
      const message = token.get() ? "Your access token is not valid (any more). Enter it again, or ask support for a new one." : undefined;
      token.set("");
      return showEntrance({ ticket, message });
    }
    if (error.status === 403 || error.status === 400 || error.status === 404) return showEntrance({ ticket, message: `${error.message} ${error.remedy ?? ""}` });
    const text = error instanceof NoConnection ? error.message : `${error.message} ${error.remedy ?? ""}`;
    present(null, make("div", { class: "narrow" }, make("h1", { tabindex: "-1" }, "Just a moment"), notice("bad", make("p", {}, text)), button("Try again", show, { class: "main" })));
  }
}

function showEntrance({ ticket, message, limits }) {
  const needsToken = !limits || Boolean(token.get());
  const form = entrance({ ticket, needsToken, message }, async (wanted) => {
    const told = await limitsFor(wanted);
    const target = wanted || told.caller.ticket;
    const destination = target ? `#/tickets/${encodeURIComponent(target)}` : "#/review";
    if (!target && told.caller.role === "submitter") throw Object.assign(new Error("Which ticket is it for? Enter its number."), { field: "ticket" });
    if (location.hash === destination) await show();
    else location.hash = destination;
  });
  const withToken = limits && !token.get() && button("I have an access token", () => showEntrance({ ticket }), { class: "plain" });
  if (withToken) form.element.append(withToken);
  present(limits ?? null, form.element);
  form.focus();
}

function showTicket(ticket, limits) {
  lastTicket = ticket;
  const list = ticketList(ticket, limits.caller);
  const sending = sendingPanel(ticket, limits, list.load);
  present(limits, make("h1", { tabindex: "-1" }, "Ticket ", make("bdi", {}, ticket)), sending.element, list.element, commandLine(ticket, limits));
  panel = { ...sending, ticket };
  document.title = `${ticket} · Attachments`;
  list.load();
}

function showReview(limits) {
  const queue = reviewQueue(limits.caller);
  present(limits, queue.element);
  document.title = "Review · Attachments";
  queue.load();
}

/** For those who sit on a server without a browser. */
function commandLine(ticket, limits) {
  const base = new URL(`api/v1/tickets/${encodeURIComponent(ticket)}/attachments/`, location.href.split("#")[0]);
  const key = limits.caller.submitter === null && !token.get() ? "" : ' -H "Authorization: Bearer $TOKEN"';
  const command = `curl${key} -T app.zip ${base}`;
  const told = make("span", { role: "status" });
  const copy = navigator.clipboard && button("Copy", async () => {
    await navigator.clipboard.writeText(command);
    fill(told, " Copied.");
  }, { class: "plain small" });
  return make("details", { class: "fold" }, make("summary", {}, "Send from a command line"),
    make("p", {}, "On a machine without a browser:"), make("pre", { tabindex: "0" }, make("code", {}, command)), make("p", {}, copy, told));
}

function present(limits, ...children) {
  panel?.dispose();
  panel = null;
  document.title = "Attachments";
  fill(content, ...children);
  fill(places, ...links(limits));
  if (!isFirst) (content.querySelector("h1") ?? content).focus();
  isFirst = false;
}

function links(limits) {
  if (!limits) return [];
  const { isReview, ticket } = place();
  const shown = ticket || lastTicket || limits.caller.ticket;
  return [
    shown && make("a", { href: `#/tickets/${encodeURIComponent(shown)}`, "aria-current": ticket ? "page" : undefined }, shown),
    limits.caller.role !== "submitter" && make("a", { href: "#/review", "aria-current": isReview ? "page" : undefined }, "Review"),
    shown && !limits.caller.ticket && make("a", { href: "#/" }, "Another ticket"),
    token.get() && button("Leave", leave, { class: "plain", title: "Forgets the access token in this tab" }),
  ];
}

function leave() {
  if (panel?.isBusy() && !window.confirm("Files are still being sent. Leave all the same?")) return;
  token.set("");
  lastTicket = "";
  panel?.dispose();
  panel = null;
  if (location.hash === "#/") show();
  else location.hash = "#/";
}
