"""Trains the category model: a multinomial logistic regression over the columns that `sluice features` prints.

A corpus is a folder with MANIFEST.tsv (columns path, label, subtype_or_producer, repo, note; label log, config or other; a note that begins
with "doubt:" leaves the file out). An extra folder has the same manifest, or the form LABEL/PRODUCER/FILE. Corrections are the JSON Lines of
`sluice corrections`. The evaluation leaves out whole groups: producers that share a source repository, or repositories that share a
producer, are one group, and so is extra material that a left-out producer wrote.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy
from sklearn.linear_model import LogisticRegression

LABELS = ["log", "config", "other"]
WORDS = {"Log File": 0, "Configuration": 1, "Other": 2}
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WEIGHTS = os.path.join(ROOT, "Sources/SluicePolicy/Categories/CategoryWeights.swift")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).digest()


class Material:
    """Labelled files: where each lies, under which name, what it is, and who wrote it."""

    def __init__(self):
        self.rows = []

    def add(self, path, name, label, producer, repository, weight=1.0):
        self.rows.append((path, name, label, producer, repository, weight))

    def add_folder(self, folder, most):
        manifest = os.path.join(folder, "MANIFEST.tsv")
        if os.path.exists(manifest):
            with open(manifest, encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                    if row["label"] in LABELS and not (row.get("note") or "").startswith("doubt"):
                        self.add(os.path.join(folder, row["path"]), row["path"], LABELS.index(row["label"]),
                                 row["subtype_or_producer"], row["repo"])
            return
        for index, label in enumerate(LABELS):
            home = os.path.join(folder, label)
            for producer in sorted(os.listdir(home)) if os.path.isdir(home) else []:
                files = []
                for at, _, names in os.walk(os.path.join(home, producer)):
                    files += [path for name in names if os.path.isfile(path := os.path.join(at, name))]
                # Spread over the whole list, so that one producer's thousand files do not drown the others.
                files = sorted(files)[:: max(1, len(files) // most)][:most]
                for file in files:
                    self.add(file, os.path.basename(file), index, producer, "extra:" + producer)

    def add_corrections(self, path):
        skipped = 0
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["category"] not in WORDS or not os.path.exists(row.get("path") or ""):
                    skipped += 1
                    continue
                # A person's word on one file weighs as much as a few files of a corpus.
                self.add(row["path"], row["name"], WORDS[row["category"]], "correction:" + row["attachment"],
                         "corrections", 3.0)
        if skipped:
            print(f"{skipped} corrections left out: their bytes are not there", file=sys.stderr)


def features(sluice, material):
    """One row of columns for each text; files that are no text have none, and what needs no model has the program's own answer."""
    names = subprocess.run([sluice, "features", "--columns"], check=True, capture_output=True, text=True).stdout.split()
    found = {}
    rows = [(path, name) for path, name, *_ in material.rows if "\n" not in path + name and "\t" not in path + name]
    for start in range(0, len(rows), 2000):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="surrogateescape") as listing:
            listing.writelines(f"{path}\t{name}\n" for path, name in rows[start:start + 2000])
            listing.flush()
            run = subprocess.run([sluice, "features", "--list", listing.name], capture_output=True, text=True)
        for line in run.stdout.splitlines():
            row = json.loads(line)
            found[row["path"]] = row
    return names, found


def groups(rows):
    """The number of each row's group: producers and repositories that touch are one."""
    parent = {}

    def root(key):
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for _, _, _, producer, repository, _ in rows:
        parent[root("producer " + producer)] = root("repository " + repository)
    numbers = {}
    return numpy.array([numbers.setdefault(root("producer " + row[3]), len(numbers)) for row in rows])


def kin(producer):
    """The words of a producer's name by which the same program is known elsewhere."""
    common = {"correction", "netdev", "netdevpart", "plaso", "lnav", "yaml", "json", "syslog", "doc", "table", "lab", "rla", "log", "logs",
              "source", "access", "server", "text", "markdown", "elastic", "config", "properties", "toml", "audit", "debian", "test"}
    return {word for word in re.split(r"[^a-z0-9]+", producer.lower()) if len(word) > 2 and word not in common}


class Model:
    """Standardized logistic regression, with the standardization folded into the weights."""

    def __init__(self, x, y, weight, strength):
        self.mean = numpy.average(x, axis=0, weights=weight)
        # A column that hardly ever differs from 0 must not get a weight of hundreds.
        self.scale = numpy.maximum(numpy.sqrt(numpy.average((x - self.mean) ** 2, axis=0, weights=weight)), 0.03)
        fit = LogisticRegression(C=strength, max_iter=400, tol=1e-3)
        fit.fit((x - self.mean) / self.scale, y, sample_weight=weight)
        self.weights = fit.coef_ / self.scale
        self.bias = fit.intercept_ - self.weights @ self.mean

    def scores(self, x):
        return x @ self.weights.T + self.bias


def f1(confusion):
    parts = []
    for index in range(3):
        hits = confusion[index][index]
        total = sum(confusion[index]) + sum(row[index] for row in confusion)
        parts.append(2 * hits / total if total else 1.0)
    return parts


def show(title, confusion):
    parts = f1(confusion)
    print(f"\n{title}: macro F1 {sum(parts) / 3:.4f}")
    print("  true \\ told     log  config   other      F1")
    for label, row, part in zip(LABELS, confusion, parts):
        print(f"  {label:12}" + "".join(f"{count:8}" for count in row) + f"  {part:.4f}")


class Trainer:
    def __init__(self, names, rows, found, options):
        self.names, self.rows, self.options = names, rows, options
        self.isName = numpy.array([name.startswith("name.") for name in names])
        self.group = groups(rows)
        self.y = numpy.array([row[2] for row in rows])
        self.weighed = numpy.array([bool(found.get(row[0], {}).get("isWeighed")) for row in rows])
        self.fixed = numpy.array([WORDS[found[row[0]]["category"]] if row[0] in found else 2 for row in rows])
        self.x = numpy.zeros((len(rows), len(names)))
        for index, row in enumerate(rows):
            if self.weighed[index]:
                self.x[index] = found[row[0]]["values"]
        self.isExtra = numpy.array([row[4].startswith("extra:") or row[4] == "corrections" for row in rows])
        self.kin = [kin(row[3]) for row in rows]

    def stand_in(self, x, random):
        """The columns under a name that says something wrong: content has to be able to overrule a name."""
        out = x.copy()
        out[:, self.isName] = 0
        columns = numpy.flatnonzero(self.isName)
        out[numpy.arange(len(x)), random.choice(columns, len(x))] = random.choice([0.5, 1.0], len(x))
        return out

    def fit(self, chosen):
        chosen = chosen & self.weighed
        x, y = self.x[chosen], self.y[chosen]
        counts = {}
        keys = [(self.rows[index][2], self.rows[index][3]) for index in numpy.flatnonzero(chosen)]
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        weight = numpy.array([counts[key] ** -0.5 for key in keys])
        weight *= numpy.array([self.rows[index][5] for index in numpy.flatnonzero(chosen)])
        weight *= numpy.where(self.isExtra[chosen], self.options.extra_weight, 1.0)
        for label in range(3):
            weight[y == label] /= weight[y == label].sum()
        weight *= len(y) / weight.sum()
        nameless = x.copy()
        nameless[:, self.isName] = 0
        random = numpy.random.default_rng(1)
        return Model(
            numpy.vstack([x, nameless, self.stand_in(x, random)]), numpy.concatenate([y, y, y]),
            numpy.concatenate([weight * 0.4, weight * 0.4, weight * 0.2]), self.options.strength)

    def told(self, model, chosen, hasNames):
        x = self.x[chosen].copy()
        if not hasNames:
            x[:, self.isName] = 0
        scores = model.scores(x)
        best = scores.argmax(axis=1)
        probability = numpy.exp(scores - scores.max(axis=1, keepdims=True))
        sure = 1 / probability.sum(axis=1)
        best = numpy.where(sure < self.options.threshold, 2, best)
        return numpy.where(self.weighed[chosen], best, self.fixed[chosen]), sure

    def evaluate(self):
        confusions = {True: numpy.zeros((3, 3), int), False: numpy.zeros((3, 3), int)}
        wrong = []
        for group in sorted(set(self.group[~self.isExtra])):
            out = (self.group == group) & ~self.isExtra
            words = set().union(*[self.kin[index] for index in numpy.flatnonzero(out)])
            related = numpy.array([bool(self.isExtra[index] and self.kin[index] & words) for index in range(len(self.rows))])
            model = self.fit(~out & ~related)
            for hasNames, confusion in confusions.items():
                told, sure = self.told(model, out, hasNames)
                for index, answer, how in zip(numpy.flatnonzero(out), told, sure):
                    confusion[self.y[index]][answer] += 1
                    if answer != self.y[index]:
                        wrong.append((hasNames, self.rows[index][0], LABELS[self.y[index]], LABELS[answer], how))
        show("Leave one group of producers out, with names", confusions[True])
        show("Leave one group of producers out, by content alone", confusions[False])
        if self.options.wrong:
            for hasNames, path, label, answer, how in sorted(wrong):
                print(f"{'named' if hasNames else 'content'}\t{label}\t{answer}\t{how:.2f}\t{path}")


    def crosswise(self):
        """What the extra material alone teaches about the corpus, and the corpus alone about the extra material."""
        for title, chosen in (("Trained on extra material alone, told the corpus", ~self.isExtra),
                              ("Trained on the corpus alone, told the extra material", self.isExtra)):
            model = self.fit(~chosen)
            for hasNames in (True, False):
                confusion = numpy.zeros((3, 3), int)
                for truth, answer in zip(self.y[chosen], self.told(model, chosen, hasNames)[0]):
                    confusion[truth][answer] += 1
                show(title + (", with names" if hasNames else ", by content alone"), confusion)


def write(model, names):
    def row(values):
        return ", ".join(f"{value:.3f}".rstrip("0").rstrip(".").replace("-0", "-0") or "0" for value in values)

    with open(WEIGHTS, encoding="utf-8") as file:
        head = file.read().split("    // BEGIN of the fitted figures")[0]
    lines = [head + "    // BEGIN of the fitted figures: written by Scripts/train-categories, which says how well they do.",
             f"    static let bias = [{row(model.bias)}]", "", "    /// Log File, Configuration, Other.",
             "    static let rows: [(column: String, weights: [Double])] = ["]
    lines += [f'        ("{name}", [{row(model.weights[:, index])}]),' for index, name in enumerate(names)]
    lines += ["    ]", "}", ""]
    with open(WEIGHTS, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    print(f"\nWrote {os.path.relpath(WEIGHTS, ROOT)}: {len(names)} columns.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", help="folder with MANIFEST.tsv")
    parser.add_argument("--extra", action="append", default=[], metavar="DIR", help="further labelled material, only to train on")
    parser.add_argument("--corrections", metavar="FILE", help="JSON Lines of `sluice corrections`")
    parser.add_argument("--write", action="store_true", help="fit on everything and write the weights into the sources")
    parser.add_argument("--sluice", default="sluice", help="the program to ask")
    parser.add_argument("--strength", type=float, default=0.05, help="inverse regularization")
    parser.add_argument("--extra-weight", type=float, default=0.5, help="of a file of extra material against one of the corpus")
    parser.add_argument("--threshold", type=float, default=0.5, help="confidence under which the answer is Other")
    parser.add_argument("--most", type=int, default=30, help="files of one producer of extra material")
    parser.add_argument("--wrong", action="store_true", help="list what was told wrong")
    parser.add_argument("--cache", help="keep the figures of the files here, to try several settings")
    parser.add_argument("--skip-evaluation", action="store_true")
    parser.add_argument("--crosswise", action="store_true", help="evaluate across corpus and extra material as well")
    options = parser.parse_args()
    material = Material()
    material.add_folder(options.corpus, options.most)
    for folder in options.extra:
        material.add_folder(folder, options.most)
    # A file that is in the corpus as well would tell the answer: extra material never has the corpus' own bytes.
    corpus = {digest(row[0]) for row in material.rows if not row[4].startswith("extra:")}
    material.rows = [row for row in material.rows if not row[4].startswith("extra:") or digest(row[0]) not in corpus]
    if options.corrections:
        material.add_corrections(options.corrections)
    if options.cache and os.path.exists(options.cache):
        with open(options.cache, encoding="utf-8") as file:
            names, found = json.load(file)
    else:
        names, found = features(options.sluice, material)
        if options.cache:
            with open(options.cache, "w", encoding="utf-8") as file:
                json.dump([names, found], file)
    trainer = Trainer(names, material.rows, found, options)
    print(f"{len(material.rows)} files, {int(trainer.weighed.sum())} of them weighed, {len(set(trainer.group))} groups, "
          f"{len(names)} columns")
    if not options.skip_evaluation:
        trainer.evaluate()
    if options.crosswise:
        trainer.crosswise()
    if options.write:
        write(trainer.fit(numpy.ones(len(material.rows), bool)), names)


main()
