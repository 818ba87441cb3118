#!/usr/bin/env python3
"""The shape of the code: the arrows between the targets, and circles between the folders of one target.

usage: layers.py arrows              each room of the package and what it uses; imports that Package.swift does not allow fail
       layers.py circles             every circle between folders of a target; known ones are listed, a new one fails
       layers.py circles --why A B   the names in folder A that are declared in folder B

A folder uses another one when its files name a type that is declared there. The files that lie directly in a target's folder
count as a folder of their own, called by the target's name. Members of extensions are not followed: what counts is the type.
"""
import json
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# Circles that are there and are still to be taken apart: the folders in it and why it is there. A circle that has gone is taken off this list,
# and a folder more in one of them fails like a new circle.
KNOWN = {}

DECLARED = re.compile(
    r"^( *)((?:@\w+(?:\([^)\n]*\))? +|public +|internal +|package +|private +|fileprivate +|final +|indirect +|nonisolated +)*)"
    r"(?:struct|class|enum|actor|protocol|typealias) +(\w+)", re.M)
NAME = re.compile(r"\b[A-Z]\w*\b")
COMMENT_OR_TEXT = re.compile(
    r'/\*.*?\*/|//[^\n]*|#"""(?s:.*?)"""#|"""(?s:.*?)"""|#"[^\n]*?"#|"(?:\\.|[^"\\\n])*"', re.S)


def code_of(path):
    """The file without its comments; of a text that has values in it, the values stay."""
    def kept(found):
        text = found[0]
        if text.startswith("/"):
            return ""
        return '"' + " ".join(re.findall(r"\\#?\(([^()]*(?:\([^()]*\)[^()]*)*)\)", text)) + '"'
    return COMMENT_OR_TEXT.sub(kept, path.read_text(encoding="utf-8"))


class Target:
    """One target's files by folder, and which folder declares and which one uses each type."""

    def __init__(self, folder):
        self.declared = {}  # name: folders that declare it
        self.uses = {}  # folder: {name: first file that uses it}
        files = [path for path in sorted(folder.rglob("*.swift"))]
        codes = {path: code_of(path) for path in files}
        for path, code in codes.items():
            for found in DECLARED.finditer(code):
                if found[1] or "private" in found[2]:
                    continue  # what only one file or one type sees is nobody else's
                self.declared.setdefault(found[3], set()).add(self.called(folder, path))
        for path, code in codes.items():
            used = self.uses.setdefault(self.called(folder, path), {})
            for name in set(NAME.findall(code)):
                used.setdefault(name, path.name)

    @staticmethod
    def called(folder, path):
        return str(path.parent.relative_to(folder.parent))

    def arrows(self):
        """{folder: {folder it uses: {name: file}}}"""
        arrows = {folder: {} for folder in self.uses}
        for folder, used in self.uses.items():
            for name, file in used.items():
                homes = self.declared.get(name, set())
                if len(homes) == 1 and folder not in homes:
                    arrows[folder].setdefault(next(iter(homes)), {})[name] = file
        return arrows


def circles(arrows):
    """The largest sets of folders in which each leads to every other one (Tarjan)."""
    order, low, stack, found = {}, {}, [], []

    def visit(node):
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in arrows[node]:
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            part = set()
            while node not in part:
                part.add(stack.pop())
            if len(part) > 1:
                found.append(part)

    for node in sorted(arrows):
        if node not in order:
            visit(node)
    return found


def targets():
    return [folder for folder in sorted((PROJECT / "Sources").iterdir()) if folder.is_dir() and folder.name != "CLibraries"]


def print_circles():
    failed, seen = False, set()
    for folder in targets():
        arrows = Target(folder).arrows()
        for circle in circles(arrows):
            known = next((name for name in KNOWN if circle <= set(name)), None)
            if known:
                seen.add(known)
                print(f"A known circle: {', '.join(sorted(circle))}. {KNOWN[known]}")
                continue
            failed = True
            print(f"A circle between folders: {', '.join(sorted(circle))}.")
            for one in sorted(circle):
                for other in sorted(circle & set(arrows[one])):
                    names = arrows[one][other]
                    told = ", ".join(f"{name} ({names[name]})" for name in sorted(names)[:6])
                    print(f"    {one} → {other}: {told}" + (f" and {len(names) - 6} more" if len(names) > 6 else ""))
    for name in KNOWN:
        if name not in seen:
            failed = True
            print(f"The circle {', '.join(sorted(name))} has gone: take it off the list in Scripts/layers.py.")
    return 1 if failed else 0


def print_why(one, other):
    for name, file in sorted(Target(PROJECT / "Sources" / one.split("/")[0]).arrows()[one].get(other, {}).items()):
        print(f"{name} ({file})")
    return 0


# The article that says what each room is for and what it uses.
ARTICLE = "Sources/SluiceModel/SluiceModel.docc/Rooms.md"
ROW = re.compile(r"^\| *\w* *\| (\S+) \|.*\| ([^|;]*)(?:;[^|]*)? \|$", re.M)

IMPORT = re.compile(r"^[ \t]*(?:@\w+(?:\([^)\n]*\))?[ \t]+|public[ \t]+|internal[ \t]+|package[ \t]+|private[ \t]+|fileprivate[ \t]+)*"
                    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|typealias)[ \t]+)?(\w+)", re.M)


def described():
    """The package's targets. A scratch folder of its own, so that a build that is under way is not waited for."""
    told = subprocess.run(["swift", "package", "--package-path", str(PROJECT), "--scratch-path", str(PROJECT / ".build/layers"),
                           "describe", "--type", "json"], check=True, capture_output=True, text=True).stdout
    return json.loads(told)["targets"]


def print_arrows():
    """A room stands below those that it uses. Fails where the imports say something else than Package.swift."""
    all_targets = described()
    uses = {target["name"]: sorted(target.get("target_dependencies") or []) for target in all_targets}
    floor, wrong, importers = {}, [], {}

    def height(name):
        if name not in floor:
            floor[name] = 1 + max((height(other) for other in uses[name]), default=-1)
        return floor[name]

    for target in all_targets:
        name, used = target["name"], set()
        for path in sorted((PROJECT / target["path"]).rglob("*.swift")):
            for other in set(IMPORT.findall(code_of(path))) & set(uses) - {name}:
                used.add(other)
                if other not in uses[name]:
                    wrong.append(f"{path.relative_to(PROJECT)} imports {other}, which {name} does not depend on.")
        if target["path"].startswith("Sources/"):
            for other in used:
                importers.setdefault(other, []).append(name)
            if target["type"] != "system-target" and not target["path"].startswith("Sources/CLibraries/"):
                wrong += [f"{name} depends on {other} and does not import it." for other in uses[name] if other not in used]
    # A handle of C belongs to one room: elsewhere a second, bare one could be passed to it.
    libraries = {target["name"] for target in all_targets if target["path"].startswith("Sources/CLibraries/")}
    wrong += [f"{library} is imported by more than one room: {', '.join(importers[library])}."
              for library in sorted(libraries) if len(importers.get(library, [])) > 1]

    rooms = [target["name"] for target in all_targets if target["path"].startswith("Sources/") and not target["name"].startswith("C")]
    for name in sorted(rooms, key=lambda name: (height(name), name)):
        others = [other for other in uses[name] if not other.startswith("C")]
        below = [other for other in uses[name] if other.startswith("C")]
        print(f"{name:17} → {', '.join(others) or 'no other room'}" + (f"; {', '.join(below)}" if below else ""))
    wrong += against_the_article({name: {other for other in uses[name] if not other.startswith("C")} for name in rooms})
    print("".join(line + "\n" for line in wrong), end="")
    return 1 if wrong else 0


def against_the_article(rooms):
    """The article is held to the arrows, so that a reader can believe it."""
    told = {name: {f"Sluice{other}" for other in re.findall(r"[A-Z]\w+", cell)}
            for name, cell in ROW.findall((PROJECT / ARTICLE).read_text(encoding="utf-8")) if name.lower().startswith("sluice")}
    wrong = [f"{ARTICLE} tells of {name}, which is no room." for name in sorted(told.keys() - rooms.keys())]
    for name, used in sorted(rooms.items()):
        if told.get(name) != used:
            row = ", ".join(sorted(other.removeprefix("Sluice") for other in used)) or "nothing"
            wrong.append(f"{ARTICLE} has no row for {name}: it uses {row}." if name not in told
                         else f"{ARTICLE} does not say what {name} uses: {row}.")
    return wrong


if __name__ == "__main__":
    words = sys.argv[1:]
    if words == ["arrows"]:
        sys.exit(print_arrows())
    if words == ["circles"]:
        sys.exit(print_circles())
    if len(words) == 4 and words[:2] == ["circles", "--why"]:
        sys.exit(print_why(*words[2:]))
    sys.exit(__doc__)
