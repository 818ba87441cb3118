// One file, from being chosen to its verdict: what is said about it before it is sent, its progress, its reasons.
// How the bytes travel lives in resumable.js.

import { NoConnection, Problem } from "./api.js";
import { announce, button, fill, freshId, make, notice, shownName, visible } from "./elements.js";
import { Stopped, isUnfinished, send } from "./resumable.js";
import { badge, outcomeOf, reasons } from "./verdict.js";
import { outcomes, remaining, size } from "./words.js";

/** @param {{remove: Function, changed: Function, next: Function, arrived: Function}} panel what the row tells the list that it is in */
export function fileRow(file, ticket, limits, panel) {
  const name = visible(file.name);
  const choice = make("select", { id: freshId("category") }, make("option", { value: "" }, "work it out for me"),
    ...limits.categories.map((word) => make("option", { value: word }, word)));
  const category = make("span", { class: "pick" }, make("label", { for: choice.id }, make("span", { class: "unseen" }, `Category of ${name}: `), "Category"), choice);
  const bar = make("progress", { max: "100", value: "0", "aria-label": `Progress of ${name}` });
  const state = make("p", { class: "state" });
  const outcomePlace = make("span", {});
  const why = make("div", { class: "why" });
  const buttons = make("span", { class: "line" });
  const element = make("li", { class: "card row" },
    make("div", { class: "row-head" },
      make("div", { class: "what-it-is" }, shownName(file.name), make("span", { class: "quiet size" }, size(file.size)), outcomePlace), category, buttons),
    bar, state, why);
  const pace = paceOf(file.size);
  let stopping = new AbortController();
  let said = "";
  let countdown;

  const row = {
    element, size: file.size, state: "ready", outcome: null,
    isOf: (other) => other.name === file.name && other.size === file.size && other.lastModified === file.lastModified,
    isMoving: () => ["sending", "checking", "waiting"].includes(row.state),
    isOver: () => ["over", "unfit"].includes(row.state),
    queue: (text) => {
      said = text;
      become("queued");
    },
    start, stop: () => stopping.abort(),
  };

  const unfit = unfitness(file, limits);
  if (unfit) {
    become("unfit");
    element.classList.add("bad");
    fill(outcomePlace, badge({ label: "Cannot be sent", sign: "✕", kind: "bad" }));
    fill(why, notice("bad", make("p", {}, unfit.text), make("p", {}, make("strong", {}, "What to do: "), unfit.remedy)));
  } else {
    become("ready");
    if (isUnfinished(file, ticket)) fill(state, "A part of this file has arrived earlier; sending goes on from there.");
  }
  return row;

  function become(next) {
    row.state = next;
    element.dataset.state = next;
    bar.hidden = !["queued", "sending", "checking", "waiting"].includes(next);
    category.hidden = next !== "ready";
    clearInterval(countdown);
    if (next === "checking") bar.removeAttribute("value");
    const taking = { ready: ["Remove", () => panel.remove(row)], unfit: ["Remove", () => panel.remove(row)], queued: ["Stop", back],
      sending: ["Stop", row.stop], waiting: ["Stop", row.stop] }[next];
    fill(buttons, taking && button(taking[0], taking[1], { class: "plain", "aria-label": `${taking[0]} ${name}` }));
    if (next === "queued") fill(state, "Waits for its turn.");
  }

  function back() {
    become("ready");
    fill(state);
    panel.changed();
  }

  async function start() {
    stopping = new AbortController();
    become("sending");
    fill(why);
    fill(outcomePlace);
    element.classList.remove("good", "wait", "bad");
    try {
      const attachment = await send(file, { ticket, category: choice.value, comment: said }, {
        signal: stopping.signal,
        onProgress: progress,
        onState: (next, about) => {
          become(next);
          if (next === "checking") fill(state, "All has arrived. It is being checked…");
          if (next === "waiting") waits(about);
        },
      });
      judged(attachment);
    } catch (error) {
      failed(error);
    }
    panel.arrived();
  }

  function progress(sent) {
    pace.note(sent);
    if (row.state !== "sending") return;
    const share = file.size === 0 ? 100 : Math.floor((sent / file.size) * 100);
    bar.value = share;
    const rest = pace.rest(sent);
    fill(state, `${share} %, ${size(sent)} of ${size(file.size)}${rest ? `, ${rest} left` : ""}`);
  }

  function waits({ reason, until, wake }) {
    const safe = pace.furthest() > 0 ? "What has arrived is safe; " : "";
    const what = reason instanceof NoConnection ? "The connection is lost." : reason.message;
    const line = make("span", {});
    const tick = () => fill(line, `${what} ${safe}${safe ? "t" : "T"}rying again in ${Math.max(0, Math.ceil((until - Date.now()) / 1_000))} s. `);
    tick();
    countdown = setInterval(tick, 1_000);
    fill(state, line, button("Try now", wake, { class: "plain small" }));
    pace.begin();
    announce(`${name}: ${what} It goes on by itself.`);
  }

  function judged(attachment) {
    become("over");
    row.outcome = attachment.outcome;
    const outcome = outcomeOf(attachment);
    element.classList.add(outcome.kind);
    fill(outcomePlace, badge(outcome));
    fill(state, outcome.meaning, attachment.verdict !== "rejected" && attachment.category ? ` Category: ${attachment.category}.` : "");
    fill(why, attachment.error && make("p", {}, attachment.error.message), ...reasons(attachment.findings));
    announce(`${name}: ${outcome.label}. ${outcome.meaning} ${attachment.findings[0]?.message ?? ""}`);
    if (attachment.outcome === "failed") offer();
  }

  function failed(error) {
    if (error instanceof Stopped) {
      back();
      fill(state, "Stopped. Nothing of it was stored.");
      return;
    }
    become("over");
    const isRefusal = error instanceof Problem && error.status < 500;
    row.outcome = isRefusal ? "rejected" : "failed";
    element.classList.add("bad");
    fill(outcomePlace, badge(outcomes[row.outcome]));
    fill(state);
    fill(why, make("div", { class: "notice bad" }, make("p", {}, error.message),
      error.remedy && make("p", {}, make("strong", {}, "What to do: "), error.remedy),
      error.requestId && make("p", { class: "quiet" }, "For support: ", make("code", {}, `${error.code} ${error.requestId}`))));
    announce(`${name}: ${outcomes[row.outcome].label}. ${error.message}`);
    offer();
  }

  function offer() {
    fill(buttons, button("Send again", () => {
      become("queued");
      panel.next();
    }, { class: "plain", "aria-label": `Send ${name} again` }));
  }
}

/** What can be said without the server, before a byte is sent. The server decides all the same. */
function unfitness(file, limits) {
  const dot = file.name.lastIndexOf(".");
  const extension = dot > 0 ? file.name.slice(dot + 1).toLowerCase() : "";
  const isTaken = limits.unlistedText || limits.extensions.some((one) => one === extension || file.name.toLowerCase().endsWith(`.${one}`));
  if (!isTaken) {
    const text = extension === "" ? "A file without an extension is not taken." : `Files called .${visible(extension)} are not taken.`;
    const isText = ["log", "out", "err", "conf", "cfg", "ini", "json", "xml", "yaml", "yml", "properties"].includes(extension) || /^\d+$/.test(extension);
    const remedy = limits.extensions.includes("zip")
      ? `Pack it into a .zip and send that${isText && limits.extensions.includes("txt") ? "; or, since it is text, add .txt to its name" : ""}.`
      : `Send it as one of: ${limits.extensions.map((one) => `.${one}`).join(" ")}.`;
    return { text, remedy };
  }
  if (file.size > limits.sizeLimit) {
    const isPacked = ["zip", "gz", "tgz", "xz", "zst", "png", "jpg", "jpeg", "docx", "xlsx"].includes(extension);
    return {
      text: `It has ${size(file.size)}; the limit is ${size(limits.sizeLimit)}.`,
      remedy: isPacked ? "Send it in several parts, or only the part that shows the fault." : "Pack it into a .zip: logs shrink to a tenth or less. Or send only the part that shows the fault.",
    };
  }
  return null;
}

/** How fast it goes, over the last seconds. */
function paceOf(total) {
  let marks = [];
  let furthest = 0;
  return {
    furthest: () => furthest,
    begin: () => { marks = []; },
    note(sent) {
      const now = performance.now();
      furthest = Math.max(furthest, sent);
      marks = [...marks.filter(([time]) => now - time < 8_000), [now, sent]];
    },
    rest(sent) {
      const [time, before] = marks[0];
      const passed = (performance.now() - time) / 1_000;
      return passed < 1 || sent <= before ? "" : remaining(((total - sent) * passed) / (sent - before));
    },
  };
}
