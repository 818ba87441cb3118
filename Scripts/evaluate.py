"""Judges a labelled corpus with `sluice check` and counts what matters: honest files kept out, others let in.

The corpus folder holds EXT/ (genuine files), mismatch/EXT/ (the name lies), disallowed/KIND/ (other types, `text` or `binary` by
MANIFEST.tsv) and malformed/ (damaged; only robustness counts). Ends with status 1 when a bar is missed.

With --hostile, the folder holds archives under accept/, iffy/, malicious/ and reject/ at any depth instead (as the public set malo does).
"""
import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ALLOWED = "doc docx xls xlsx csv txt pdf bmp jpg jpeg png tar zip".split()
TEXT = {"csv", "txt"}
# Genuine, and set apart by design: each needs a finding that says so, and is never rejected without one of these.
BY_DESIGN = {
    "office.encrypted", "pdf.encrypted", "zip.encrypted", "zip.method", "zip.bytes-before", "tar.sparse",
    "office.excel-2-to-4", "office.word-2",
}
# A document inside an archive's name is still what it is.
SAME = {("jpg", "jpeg"), ("jpeg", "jpg"), ("docx", "zip"), ("xlsx", "zip")}


def check(sluice, folder):
    """Judges every file under a folder; gives {path relative to it: answer}."""
    run = subprocess.run([sluice, "check", "--format", "json", str(folder)], capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"sluice check ended with status {run.returncode}: {run.stderr[-2000:]}")
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return {str(Path(answer["path"]).relative_to(folder)): answer for answer in answers}


def codes(answer):
    return [finding["code"] for finding in answer["findings"] if finding["severity"] in ("quarantine", "reject")]


def genuine(corpus, rows, sluice):
    print("Genuine files of the allowed types:")
    accepted = apart = total = 0
    refused = []
    for extension in ALLOWED:
        folder = corpus / extension
        if not folder.is_dir():
            continue
        answers = check(sluice, folder)
        for name, answer in sorted(answers.items()):
            total += 1
            if answer["outcome"] == "accepted":
                accepted += 1
            elif answer["outcome"] == "quarantined" and set(codes(answer)) & BY_DESIGN:
                apart += 1
                print(f"  set apart by design: {extension}/{name}: {', '.join(sorted(set(codes(answer))))}")
            else:
                refused.append((f"{extension}/{name}", answer))
    for path, answer in refused:
        why = "; ".join(f"{f['code']}: {f['message']}" for f in answer["findings"] if f["severity"] in ("quarantine", "reject"))
        print(f"  refused: {path} ({rows.get(path, {}).get('subtype_or_producer', '')}): {answer['outcome']}: {why}")
    ordinary = total - apart
    rate = 100 * accepted / ordinary if ordinary else 0
    print(f"  {accepted} of {ordinary} ordinary genuine files accepted ({rate:.2f} %); {apart} of {total} set apart by design")
    return rate


def renamed(sluice, sources, label):
    """Copies files under other extensions and counts what is accepted."""
    let_in = []
    total = 0
    with tempfile.TemporaryDirectory() as scratch:
        for index, (path, extensions) in enumerate(sources):
            for extension in extensions:
                shutil.copyfile(path, Path(scratch) / f"{index:05d}.{extension}")
                total += 1
        for name, answer in check(sluice, Path(scratch)).items():
            if answer["outcome"] in ("accepted", "failed"):
                let_in.append((sources[int(name[:5])][0], name, answer))
    for path, name, answer in let_in:
        print(f"  let in: {path} as {name}: {answer['outcome']} as {answer.get('mediaType')}")
    print(f"{label}: {len(let_in)} of {total} let in")
    return len(let_in)


def is_allowed_content(row):
    return row["libmagic_5.44"].split(";")[0] in {"image/png", "image/jpeg", "image/bmp"}


HOSTILE_LABELS = {"accept", "iffy", "malicious", "reject"}
ARCHIVES = {".zip", ".tar"}
# Says that nothing was proven, not why.
NO_REASON = {"type.unproven", "type.mismatch"}
# Kinds that the policy decides about: links inside an archive are listed and not followed.
BY_KIND = {"archive.link", "archive.link-escapes", "archive.special-file"}


def hostile(folder, sluice):
    """Holds the program against labelled archives; gives what fell short."""
    tables = {}
    for name, answer in sorted(check(sluice, folder).items()):
        path = Path(name)
        labels = HOSTILE_LABELS & set(path.parts[:-1])
        if path.suffix in ARCHIVES and labels:
            tables.setdefault(labels.pop(), []).append((name, answer))
    missed = []
    excepted = 0
    for label in ("malicious", "reject"):
        rows = tables.get(label, [])
        refused = [row for row in rows if row[1]["outcome"] in ("quarantined", "rejected")]
        kinds = [row for row in rows if row[1]["outcome"] == "accepted" and set(all_codes(row[1])) & BY_KIND]
        unexplained = [row for row in refused if not set(codes(row[1])) - NO_REASON]
        print(f"{label}: {len(refused)} of {len(rows)} refused or quarantined, {len(refused) - len(unexplained)} of them with the reason")
        for name, answer in kinds:
            print(f"  told and accepted, as the policy says of its kind: {name}: {', '.join(all_codes(answer))}")
        for name, answer in unexplained:
            print(f"  refused without a reason: {name}: {', '.join(codes(answer))}")
        for name, answer in rows:
            if (name, answer) not in refused and (name, answer) not in kinds:
                print(f"  let in: {name}: {answer['outcome']}: {', '.join(all_codes(answer))}")
        excepted += len(kinds)
        if len(refused) + len(kinds) < len(rows) or unexplained:
            missed.append(label)
    rows = tables.get("accept", [])
    taken = [row for row in rows if row[1]["outcome"] == "accepted"]
    kinds = [row for row in rows if row not in taken and set(codes(row[1])) <= BY_KIND]
    print(f"accept: {len(taken)} of {len(rows)} accepted")
    for name, answer in rows:
        if (name, answer) not in taken:
            print(f"  refused: {name}: {', '.join(codes(answer))}")
    if len(taken) + len(kinds) < len(rows):
        missed.append("accept")
    rows = tables.get("iffy", [])
    print(f"iffy: {dict(Counter(answer['outcome'] for _, answer in rows))}")
    for name, answer in rows:
        print(f"  {answer['outcome']}: {name}: {', '.join(dict.fromkeys(all_codes(answer)))}")
    if any(answer["outcome"] == "failed" for _, answer in rows):
        missed.append("iffy")
    if not tables:
        missed.append("no labelled archive found")
    return missed, f"{excepted} of a kind that the policy accepts" if excepted else None


def all_codes(answer):
    return [finding["code"] for finding in answer["findings"]]


def finish(missed, excepted=None):
    if missed:
        print("Missed: " + ", ".join(missed))
    else:
        print("All bars met" + (f", but for {excepted}." if excepted else "."))
    sys.exit(1 if missed else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sluice", required=True, help=argparse.SUPPRESS)
    parser.add_argument("corpus", type=Path, help="a folder with MANIFEST.tsv", nargs="?")
    parser.add_argument("--hostile", type=Path, metavar="DIR", help="judge labelled archives instead")
    parser.add_argument("--bar", type=float, default=99.5, help="percentage of genuine files that has to be accepted (%(default)s)")
    options = parser.parse_args()
    if options.hostile:
        finish(*hostile(options.hostile, options.sluice))
    if not options.corpus:
        parser.error("name a corpus, or --hostile DIR")
    corpus = options.corpus
    with open(corpus / "MANIFEST.tsv", newline="", encoding="utf-8") as table:
        rows = {row["path"]: row for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}

    missed = []
    if genuine(corpus, rows, options.sluice) < options.bar:
        missed.append("genuine files accepted")

    # A label comes from where a file was found; where the content is plainly an allowed type under a wrong name, the label is not the truth.
    mislabelled = [path for path, row in rows.items() if path.startswith("disallowed/") and is_allowed_content(row)]
    for path in mislabelled:
        print(f"  left out, its content is an allowed type: {path}")
    binary = [corpus / path for path, row in rows.items() if path.startswith("disallowed/")
              and row["subtype_or_producer"] == "binary" and path not in mislabelled]
    if renamed(options.sluice, [(path, ALLOWED) for path in binary], "Disallowed binary files under each allowed extension"):
        missed.append("disallowed types")
    text = [corpus / path for path, row in rows.items() if path.startswith("disallowed/") and row["subtype_or_producer"] == "text"]
    if renamed(options.sluice, [(p, [e for e in ALLOWED if e not in TEXT]) for p in text], "Disallowed text files under the binary extensions"):
        missed.append("disallowed text")
    crossed = []
    for path in rows:
        own = path.split("/")[0]
        if own in ALLOWED and own not in TEXT:
            crossed.append((corpus / path, [e for e in ALLOWED if e != own and (own, e) not in SAME]))
        elif own in TEXT:
            crossed.append((corpus / path, [e for e in ALLOWED if e not in TEXT]))
    if renamed(options.sluice, crossed, "Allowed files under another allowed extension"):
        missed.append("crossed types")

    if (corpus / "mismatch").is_dir():
        answers = check(options.sluice, corpus / "mismatch")
        wrong = [name for name, answer in answers.items() if answer["outcome"] in ("accepted", "failed")]
        print(f"Files whose name lies: {len(wrong)} of {len(answers)} let in {wrong or ''}")
        if wrong:
            missed.append("mismatch")
    if (corpus / "malformed").is_dir():
        answers = check(options.sluice, corpus / "malformed")
        print("Damaged files:", dict(Counter(answer["outcome"] for answer in answers.values())))
        if any(answer["outcome"] == "failed" for answer in answers.values()):
            missed.append("damaged files answered")
    finish(missed)


main()
