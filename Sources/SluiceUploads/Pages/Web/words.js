// Numbers and states in words that a person reads.

const units = ["bytes", "KB", "MB", "GB", "TB"];

/** 15728640 → "15 MB"; powers of 1024, as everywhere in Sluice. */
export function size(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  if (unit === 0) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  return `${value < 99.95 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** Seconds → "about 20 s", "about 3 min"; coarse, since it is a guess. */
export function remaining(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 5) return "a few seconds";
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s`;
  if (seconds < 3300) return `about ${Math.ceil(seconds / 60)} min`;
  return `about ${Math.ceil(seconds / 3600)} h`;
}

/** A length of time in seconds → "35 min", "9 h 14 min", "3 days 2 h". */
export function span(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const two = (whole, unit, rest, part) => (rest > 0 ? `${whole} ${unit} ${rest} ${part}` : `${whole} ${unit}`);
  if (minutes < 1440) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const days = Math.floor(minutes / 1440);
  return two(days, days === 1 ? "day" : "days", Math.floor((minutes % 1440) / 60), "h");
}

export const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
/** RFC 3339 → the reader's own time. */
export function moment(text) {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : clock.format(time);
}

/** What became of an attachment, as its sender has to understand it. */
export const outcomes = {
  accepted: { label: "Accepted", sign: "✓", kind: "good", meaning: "Safely stored on the ticket." },
  duplicate: { label: "Already there", sign: "✓", kind: "good", meaning: "The same file is on this ticket already. Nothing more to do." },
  quarantined: { label: "Set apart", sign: "!", kind: "wait", meaning: "Received and safe. A person looks at it before support can open it; or send it again as said below." },
  rejected: { label: "Refused", sign: "✕", kind: "bad", meaning: "Not stored. What you can do stands below." },
  failed: { label: "Not done", sign: "✕", kind: "bad", meaning: "This was our failure, not yours. Your file was not judged; send it again." },
};

export const severities = { note: "Note", warning: "Warning", quarantine: "Set apart because", reject: "Refused because" };
