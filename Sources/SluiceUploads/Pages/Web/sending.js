// Choosing, dropping or pasting files, and sending them, a few at once. What one file goes through lives in file-row.js.

import { announce, button, fill, freshId, make } from "./elements.js";
import { fileRow } from "./file-row.js";
import { counted, outcomes, size } from "./words.js";

/** More at once would only share the same line. */
const atOnce = 3;

/** @returns {{element: Element, dispose: () => void, isBusy: () => boolean}} */
export function sendingPanel(ticket, limits, onArrival) {
  const life = new AbortController();
  const rows = [];
  const list = make("ul", { class: "rows", id: "sending" });
  const summary = make("p", { class: "summary", role: "status" });
  const comment = make("textarea", { id: freshId("comment"), rows: "2", maxlength: "2000", placeholder: "When did it happen? What did you see?" });
  const sendAll = make("button", { type: "button", class: "main big", id: "send" });
  const clear = button("Clear this list", () => {
    for (const row of rows.filter((one) => one.isOver())) remove(row);
    picker.focus();
  }, { class: "plain" });
  const together = make("div", { class: "together" },
    make("label", { for: comment.id }, "Comment for support (optional)"), comment, make("div", { class: "line" }, sendAll));
  const input = make("input", { type: "file", multiple: true, hidden: true, id: "files" });
  const picker = make("button", { type: "button", class: "main", id: "choose" }, "Choose files");
  const heading = freshId("send-files");
  const zone = make("div", { class: "zone" },
    make("p", { class: "zone-word" }, "Drop files here"),
    make("p", {}, "or ", picker, " or paste a screenshot"), input,
    make("p", { class: "hint" }, `Up to ${size(limits.sizeLimit)} each: ${limits.extensions.map((one) => `.${one}`).join(" ")}`),
    left(limits));
  const element = make("section", { class: "panel", "aria-labelledby": heading },
    make("h2", { id: heading }, "Send files"), zone, list, together, make("div", { class: "row-head" }, summary, clear));

  picker.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  sendAll.addEventListener("click", () => {
    for (const row of rows) if (row.state === "ready") row.queue(comment.value.trim());
    comment.value = "";
    next();
  });
  listenForDrops(zone, life.signal, take);
  window.addEventListener("beforeunload", (event) => {
    if (isBusy()) event.preventDefault();
  }, { signal: life.signal });
  update();

  function take(files, folders = 0) {
    if (folders > 0) {
      const text = "A folder cannot be sent as it is. Pack it into a .zip or .tar and send that.";
      fill(summary, text);
      announce(text);
    }
    for (const file of files) {
      if (rows.some((row) => !row.isOver() && row.isOf(file))) continue;
      const row = fileRow(file, ticket, limits, { remove, changed: update, next, arrived });
      rows.push(row);
      list.append(row.element);
    }
    update();
    if (files.length === 0) return;
    announce(`${counted(files.length, "file")} chosen.`);
    if (rows.some((row) => row.state === "ready")) sendAll.focus({ preventScroll: true });
    list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  function remove(row) {
    rows.splice(rows.indexOf(row), 1);
    row.element.remove();
    update();
  }

  function next() {
    const free = atOnce - rows.filter((row) => row.isMoving()).length;
    for (const row of rows.filter((one) => one.state === "queued").slice(0, Math.max(0, free))) row.start();
    update();
  }

  function arrived() {
    next();
    onArrival();
    if (isBusy()) return;
    const over = rows.filter((row) => row.state === "over");
    const unsent = rows.length - over.length;
    const kinds = Object.entries(outcomes).map(([key, { label }]) => [over.filter((row) => row.outcome === key).length, label.toLowerCase()]);
    const text = kinds.filter(([number]) => number > 0).map(([number, label]) => `${number} ${label}`).join(", ");
    if (text === "") return;
    fill(summary, `${counted(over.length, "file")}: ${text}.${unsent > 0 ? ` ${unsent} not sent.` : ""}`);
  }

  function update() {
    const ready = rows.filter((row) => row.state === "ready");
    together.hidden = ready.length === 0;
    const bytes = ready.reduce((sum, row) => sum + row.size, 0);
    fill(sendAll, `Send ${counted(ready.length, "file")}, ${size(bytes)}`);
    clear.hidden = !rows.some((row) => row.state === "over");
    if (rows.length === 0 || isBusy()) fill(summary);
  }

  function isBusy() {
    return rows.some((row) => row.isMoving() || row.state === "queued");
  }

  return { element, isBusy, dispose: () => {
    life.abort();
    for (const row of rows) row.stop();
  } };
}

/** Told only where it may matter soon. */
function left({ ticketBytesLeft, submitterBytesLeftToday, sizeLimit }) {
  const least = Math.min(ticketBytesLeft ?? Infinity, submitterBytesLeftToday ?? Infinity);
  return least < 20 * sizeLimit ? make("p", { class: "hint" }, `${size(least)} are left ${least === ticketBytesLeft ? "on this ticket" : "for today"}.`) : null;
}

/** The whole page takes drops, so that nobody has to aim, and a file that misses does not replace the page. */
function listenForDrops(zone, signal, take) {
  let depth = 0;
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (isOver) => document.body.classList.toggle("dragging", isOver);
  const on = (name, work) => document.addEventListener(name, work, { signal });
  on("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    depth += 1;
    show(true);
  });
  on("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    depth = Math.max(0, depth - 1);
    show(depth > 0);
  });
  on("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  on("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show(false);
    const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).length;
    const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()).filter(Boolean);
    take(files, folders);
  });
  on("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) take(files.map(named));
  });
}

/** A pasted picture is always `image.png`: the time tells several apart. */
function named(file) {
  if (file.name !== "image.png") return file;
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return new File([file], `screenshot ${time}.png`, { type: file.type });
}
