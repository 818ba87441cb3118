// What is inside an archive, as a tree of nested lists. Folders are built when they are opened, so that ten thousand entries cost nothing before.

import { address, ask, download } from "./api.js";
import { button, fill, make, notice, shownName } from "./elements.js";
import { counted, size } from "./words.js";

/** @returns an element that loads its listing the first time it is opened */
export function archiveTree(attachment) {
  const body = make("div", { class: "tree" });
  const title = `Look inside: ${counted(attachment.entries, "entry", "entries")}, ${size(attachment.expandedSize ?? 0)} unpacked`;
  const fold = make("details", { class: "fold" }, make("summary", {}, title), body);
  fold.addEventListener("toggle", async () => {
    if (!fold.open || body.dataset.loaded) return;
    body.dataset.loaded = "yes";
    fill(body, make("p", { class: "quiet" }, "Loading…"));
    try {
      const { entries } = await ask(address("tickets", attachment.ticket, "attachments", attachment.attachment, "manifest"));
      fill(body, branch(grown(entries), attachment, marks(attachment.findings)));
    } catch (error) {
      delete body.dataset.loaded;
      fill(body, notice("bad", `${error.message} ${error.remedy ?? ""}`));
    }
  });
  return fold;
}

/** Folders and nested archives become branches: `outer.zip!/inner/file` has three. */
function grown(entries) {
  const root = { children: new Map() };
  for (const entry of entries) {
    let place = root;
    for (const segment of segments(entry.name)) {
      if (!place.children.has(segment)) place.children.set(segment, { name: segment, children: new Map() });
      place = place.children.get(segment);
    }
    place.entry = entry;
  }
  return root;
}

const segments = (path) => path.replaceAll("!/", "/").split("/").filter((segment) => segment !== "");

function marks(findings) {
  const marked = new Map();
  for (const finding of findings) if (finding.entry && !marked.has(finding.entry)) marked.set(finding.entry, finding);
  return marked;
}

const pageLength = 200;

function branch(place, attachment, marked) {
  const nodes = [...place.children.values()].sort((one, other) => (other.children.size > 0) - (one.children.size > 0) || one.name.localeCompare(other.name, "en", { numeric: true }));
  if (nodes.length === 0) return make("p", { class: "quiet" }, "It is empty.");
  const list = make("ul", {});
  const more = (from) => {
    list.append(...nodes.slice(from, from + pageLength).map((node) => line(node, attachment, marked)));
    const next = from + pageLength;
    if (next >= nodes.length) return;
    const item = make("li", {});
    item.append(button(`Show ${Math.min(pageLength, nodes.length - next)} more of ${nodes.length - next}`, () => {
      item.remove();
      more(next);
      list.children[next]?.querySelector("summary, button")?.focus();
    }, { class: "plain" }));
    list.append(item);
  };
  more(0);
  return list;
}

function line(node, attachment, marked) {
  const { entry } = node;
  const finding = entry && marked.get(entry.name);
  const facts = [];
  if (node.children.size > 0) facts.push(counted(node.children.size, "entry", "entries"));
  if (entry && entry.kind === "file") facts.push(size(entry.size));
  if (entry?.category) facts.push(entry.category);
  if (entry?.mediaType && entry.kind === "file") facts.push(entry.mediaType);
  const label = [
    shownName(node.name),
    make("span", { class: "quiet" }, ` ${facts.join(" · ")}`),
    finding && make("span", { class: `finding-mark ${finding.severity}`, title: finding.message }, " ", make("code", { class: "code" }, finding.code)),
  ];
  if (node.children.size === 0) {
    return make("li", { class: entry?.kind ?? "directory" }, make("span", { class: "leaf" }, ...label, entry?.kind === "file" && fetching(entry, node.name, attachment)));
  }
  const fold = make("details", {}, make("summary", {}, ...label));
  fold.addEventListener("toggle", () => {
    if (fold.open && fold.children.length === 1) fold.append(branch(node, attachment, marked));
  });
  return make("li", { class: "directory" }, fold);
}

function fetching(entry, name, attachment) {
  if (attachment.verdict !== "accepted") return null;
  const told = make("span", { role: "status", class: "bad-text" });
  return make("span", {}, " ", button("Save", async () => {
    fill(told);
    try {
      await download(address("tickets", attachment.ticket, "attachments", attachment.attachment, "entries", String(entry.index)), name);
    } catch (error) {
      fill(told, ` ${error.message}`);
    }
  }, { class: "plain small", "aria-label": `Save ${name}` }), told);
}
