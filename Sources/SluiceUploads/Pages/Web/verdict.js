// How a verdict and its reasons are shown, alike in the sending list, the ticket and the review queue.

import { make } from "./elements.js";
import { outcomes, severities } from "./words.js";

/** A duplicate of something that waits for a person waits, too. */
export function outcomeOf(attachment) {
  const outcome = outcomes[attachment.outcome] ?? outcomes.failed;
  if (attachment.outcome === "duplicate" && attachment.verdict === "quarantined") {
    return { ...outcomes.quarantined, meaning: "The same file was sent before and waits for a person to look at it." };
  }
  return outcome;
}

export function badge({ label, sign, kind }) {
  return make("span", { class: `badge ${kind}` }, make("span", { "aria-hidden": "true" }, `${sign} `), label);
}

const graveness = ["reject", "quarantine", "warning", "note"];

/** The reasons with their remedies: what decided stands open, the rest folds away. */
export function reasons(findings) {
  const sorted = [...findings].sort((one, other) => graveness.indexOf(one.severity) - graveness.indexOf(other.severity));
  const grave = sorted.filter((finding) => graveness.indexOf(finding.severity) < 2);
  const minor = sorted.filter((finding) => graveness.indexOf(finding.severity) >= 2);
  const shown = grave.slice(0, 5);
  const more = grave.slice(5);
  return [
    list(shown),
    more.length > 0 && folded(`${more.length} more reasons of this kind`, more),
    minor.length > 0 && folded(minor.length === 1 ? "1 remark" : `${minor.length} remarks`, minor),
  ];
}

function folded(title, findings) {
  return make("details", { class: "fold" }, make("summary", {}, title), list(findings));
}

function list(findings) {
  if (findings.length === 0) return null;
  return make("ul", { class: "findings" }, ...findings.map(finding));
}

function finding({ severity, entry, title, message, remedy, code }) {
  return make("li", { class: `finding ${severity}` },
    make("p", { class: "what" },
      make("span", { class: "unseen" }, `${severities[severity] ?? severity}: `),
      title && make("strong", {}, title), title && " ",
      entry && make("bdi", { class: "name entry" }, entry), entry && ": ",
      message, " ", make("code", { class: "code", title: "The code of this reason, for support" }, code)),
    remedy && make("p", { class: "remedy" }, make("strong", {}, "What to do: "), remedy));
}
