"""Recounts the figures in the reasons for categories by another way: regular expressions over the whole text, instead of the reader's one pass.

Judges copies of all files of a folder, each named `case.txt`, with `sluice check --format json`, and compares every "n % of m lines …" of a
`categoryBasis` with its own count. Reasons of sampled texts (longer than 16 KiB) are checked for their form only. Ends with status 1 when a figure differs, and with 2 when
a phrase is met that it cannot count.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

KEPT, LOOKED_AT = 1024, 256
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}\.?"
DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}\.?"
CLOCK = r"(?:\d{1,2}:[0-5]\d(?!\d)(?::\d\d|(?![:A-Za-z]))|\d{1,2}\.[0-5]\d\.\d\d)"
YEAR = r"(?:19|2[01])\d\d"
AFTER_DATE = r"(?:(?:[ T,:\-_\[\t;\]/\"|.]{0,4})" + CLOCK + r"|T\d{6}(?!\d))"
DECORATION = r"(?:[\[({\"'*.#|%\t ][ \t]*|<\d{1,3}>(?:1 )?|\x1b[\x00-\xff][\x00-\x3f]*[\x40-\xff])"
DIGIT_FORMS = "|".join([
    CLOCK,
    rf"{YEAR}(?P<a>[-/. :])(?:{MONTH}|\d{{1,2}})(?P=a)\d{{1,2}}(?!\d){AFTER_DATE}",
    rf"\d{{6}} {{1,4}}{CLOCK}",
    rf"{YEAR}\d{{4}}[T _-](?:{CLOCK}|\d{{6}}(?!\d)|\d{{9}}(?!\d))",
    rf"{YEAR}[01]\d[0-3]\d[!-/:-@\[-`{{-~]{{1,3}}[0-2]\d[0-5]\d(?:\d\d)?(?!\d)",
    r"1(?:\d{9}|\d{12}|\d{15}|\d{18})[. :\]]",
    rf"{YEAR}\d{{10}}(?!\d)",
    r"\d{1,7}\.(?:\d{3}|\d{6})[\]:]",
    rf"\d{{1,2}}[-/. ]?{MONTH}[-/. ,]?{CLOCK}",
    rf"\d{{1,2}}(?P<b>[-/. ]?){MONTH}(?:(?P=b)|[ ,])?(?:\d{{4}}|\d\d)(?!\d){AFTER_DATE}",
    rf"\d{{1,2}}[-/.]\d{{1,2}}[ -]{CLOCK}",
    rf"\d{{1,2}}(?P<c>[-/.])\d{{1,2}}(?P=c)(?:\d{{4}}|\d\d)(?!\d){AFTER_DATE}",
])
STAMP = re.compile(
    rf"{DECORATION}{{0,5}}(?:(?:{DAY},? {{0,4}})?(?:{DIGIT_FORMS})"
    rf"|(?:{DAY},? {{0,4}})?{MONTH} {{0,4}}\d{{1,2}}(?!\d),? {{0,4}}(?:{CLOCK}|\d{{4}}(?!\d) {{0,4}}(?:[:,] {{0,4}})?{CLOCK})"
    rf"|[IWEFD]\d{{4}} {CLOCK}|@4[0-9a-f]{{23}}(?![0-9a-f]))", re.I)
ANYWHERE = re.compile(r"(?:(?<=\d):[0-5]\d:[0-5]\d(?!\d)|(?<!\d)1\d{9}[.)]|(?<!\d)1\d{12}(?=\D))")
SEVERITY = ("error|err|errors|warn|warning|info|debug|trace|fatal|critical|crit|notice|severe|alert|emerg|verbose|fine|finest|panic|failure|"
            "success|audit|security|config|log|hint|detail|statement|fail|information").split("|")
AMBIGUOUS = "log config security success detail hint fine alert audit fail errors".split()
EVENTS = set("""started starting stopped stopping failed failure failing connected connecting connection disconnected received sent sending closed
closing opened opening accepted accept rejected denied refused loaded loading created deleted removed completed finished shutdown shutting
initialized initializing registered timeout timed exception error errors warning retry retrying listening session request response logged login
logout succeeded success successful successfully unable cannot could invalid unknown reset expired aborted exited killed running done processing
executing detected found missing updated changed installed established terminated restarting restarted begin ended assigned attempt attempting
lost""".split())
SMALL = set("""the of and to is in that it with as was are be this which from or an by not have has will can you your we their they but its at if
for on when all into than then may such these""".split())
TOGGLES = set("true false yes no on off enable disable enabled disabled none default auto null always never any".split())
DIRECTIVES = set("""set config edit next end unset interface no router ip ipv6 vlan hostname access-list route-map switchport crypto aaa snmp-server
logging ntp username enable exit permit deny neighbor network address-family policy-map class-map spanning-tree banner vrf object object-group
description shutdown add delete route bgp ospf channel-group mtu encapsulation nameif security-level duplex speed redistribute line service
version boot tacacs-server radius-server clock feature match action exit-address-family transport login password lldp maximum-paths router-id
activate group port admin configure system back create name tagged untagged""".split())


def short(words):
    """The reader knows a word by its first eight letters."""
    return {word[:8] for word in words}


class Line:
    def __init__(self, whole):
        self.length = len(whole)
        kept = whole[:KEPT]
        self.kept = kept
        self.is_whole = len(kept) == len(whole)
        self.end = len(kept.rstrip(" \t\r\0"))
        self.start = len(kept) - len(kept.lstrip(" \t\0"))
        self.blank = self.end <= self.start
        if self.blank:
            return
        self.view = kept[self.start:min(self.end, self.start + LOOKED_AT)]
        self.text = kept[self.start:self.end]
        self.first = self.text[0]
        self.final = self.text[-1] if self.is_whole else " " if whole[-1] == "\r" else whole[-1]
        self.words = self.view.split()

    # Runs of letters; what is not ASCII counts as letters.
    def letters(self):
        return re.findall(r"(?<![0-9A-Za-z\x80-\xff])[A-Za-z\x80-\xff]+", self.view)

    def unquoted(self, marks):
        return sum(part.count(mark) for part in self.view.split('"')[::2] for mark in marks)

    def pairs(self):
        return len(re.findall(r"[A-Za-z0-9_]=(?=[^\x00-\x20=])", self.view))

    def assignment(self):
        text = self.text[2:] if self.text.startswith("- ") else self.text
        quoted, blanks = "", 0
        for at, mark in enumerate(text[:80]):
            after = text[at + 1] if at + 1 < len(text) else ""
            if mark == "=":
                return "=" if at and blanks <= 2 and after != "=" else None
            if mark == ":" and not quoted:
                if after == "=":
                    return "="
                return ":" if at and after in ("", " ", "\t") and blanks <= 3 else None
            if mark in "\"'":
                quoted = not quoted
            elif mark in " \t":
                blanks += after not in ("", " ", "\t")
            elif mark in "(){};<>," and not quoted:
                return None
        return None

    def first_word(self):
        text = self.text[1:] if self.first in "/#" else self.text
        return re.match(r"[A-Za-z_-]{0,8}", text)[0].lower()


def is_timed(line):
    # `00:00:12,345 --> 00:00:14,000` times a subtitle.
    if not re.search(r"[A-Za-z\x80-\xff]", line.view) and line.view.count("<") + line.view.count(">") == 1:
        return False
    return STAMP.match(line.kept) is not None


def has_clock(line):
    if not re.search(r"[A-Za-z\x80-\xff]", line.view) and line.view.count("<") + line.view.count(">") == 1:
        return False
    return is_timed(line) or (len(re.findall(r"\d", line.view)) >= 4 and ANYWHERE.search(line.kept[:LOOKED_AT]) is not None)


def has_severity(line):
    view, offset = line.kept[:line.start] + line.view, line.start
    if re.search(r"%[A-Z_]{2,24}-[0-7]-", line.view):
        return True
    for found in re.finditer(r"[A-Za-z\x80-\xff]+", view):
        word = found[0]
        if not 3 <= len(word) <= 11 or found.end() >= 200 or found.start() < offset or word[:8].lower() not in short(SEVERITY):
            continue
        before = view[found.start() - 1] if found.start() else "\n"
        after = view[found.end()] if found.end() < len(view) else " "
        shouted = word.isupper()
        if shouted and (before in ".-" or after == "-") or not shouted and (before not in "[<(=|:\t\n \"/m" or after not in "]>)|:\t\""):
            continue
        if before.isdigit() or after.isdigit() or "_" in before + after:
            continue
        if shouted or word.lower() not in AMBIGUOUS or before + after == "[]":
            return True
    return False


def is_prose(line):
    letters = len(re.findall(r"[A-Za-z\x80-\xff]", line.view))
    solid = max(1, len(line.view) - (len(line.words) - 1))
    lower = sum(word[0].islower() and word[0] < "\x7f" for word in line.words)
    return (len(line.words) >= 6 and letters * 10 >= solid * 8 and "=" not in line.view and lower * 2 >= len(line.words)
            and "\t" not in "".join(line.view.split('"')[::2]))


def is_command(line):
    return (re.match(r"[a-z]", line.text) is not None and 2 <= len(line.words) <= 7 and "=" not in line.view and line.unquoted(",") <= 1
            and line.text[-1] not in ".,:" and len(line.view) <= 100)


def is_identified(line):
    return any(len(run) >= 8 and re.search(r"\d", run) and re.search(r"[a-f]", run, re.I)
               for word in re.split(r"[^A-Za-z0-9\x80-\xff]+", line.view) for run in hexadecimal(word))


def hexadecimal(word):
    """Runs of hexadecimal letters and digits of a word; a run of letters with any other in it ends one and is left out."""
    run, runs = "", []
    for part in re.findall(r"\d+|[^\d]+", word):
        if part.isdigit() or re.fullmatch(r"[a-fA-F]+", part):
            run += part
        else:
            # The reader forgets what stood before letters that are no figures.
            run = ""
    return runs + [run]


def ends_in_switch(line):
    runs = list(re.finditer(r"[A-Za-z\x80-\xff]+", line.view))
    return bool(runs) and runs[-1][0].lower()[:8] in short(TOGGLES) and line.start + runs[-1].end() + 2 >= line.end


def value(line):
    text = line.text
    cut = re.search(r"[=:]", text)
    return text[cut.end():].lstrip(" \t=") if cut else ""


CODE = """import from def class return public private protected static struct func fn package include ifdef ifndef endif define namespace using typedef
const var let try except finally catch throw throws raise while elif switch case void template assert async yield lambda self function
endfunction""".split()


def is_code(line):
    parenthesis = "(" in line.view or ")" in line.view
    final, small = line.text[-1], re.match(r"[a-z]", line.text) is not None
    return line.first_word() in short(CODE) or line.is_whole and (
        final == ";" and (parenthesis or "=" in line.view) or final == "{" and parenthesis or final == ":" and parenthesis and small
        or final == ")" and small and len(line.words) <= 4)


def is_markup(line):
    rule = len(line.view) >= 3 and not re.match(r"[A-Za-z0-9]", line.text) and len(set(line.view)) == 1
    second = line.text[1:2] or " "
    marks = len(re.sub(r"[A-Za-z0-9\x80-\xff \t\",;|=:<>]", "", line.view))
    times = (line.first == "#" and second == "#" and len(line.words) <= 8 and marks <= 6 and re.search(r"[A-Z]", line.view) is not None)
    times += line.text[:2] == "--" and rule
    times += line.first in "=~`_^" and (rule or second == "`")
    times += line.text[:2] in ("..", "> ", ">") or line.first == "|"
    return times + (re.search(r"\]\(|``|`_|\*\*", line.view) is not None)


def is_port(line):
    """A word, a number and slashes: `eth0/1`."""
    for found in re.finditer(r"(?<=\d)/(?=\d)", line.view):
        words = list(re.finditer(r"[A-Za-z\x80-\xff]+", line.view[:found.start()]))
        if words and words[-1].end() + 3 >= found.start():
            return True
    return False


def under_time(lines):
    timed = [is_timed(line) for line in lines]
    return sum(not now and any(timed[:at]) for at, now in enumerate(timed)) if True in timed else 0


def figure_rows(lines):
    def is_row(line):
        return (len(re.findall(r"\d", line.view)) > len(re.findall(r"[A-Za-z\x80-\xff]", line.view))
                and line.unquoted(",") + line.unquoted(";") + line.unquoted("\t") >= 2)
    return sum(is_row(line) for line in lines[1:])


PHRASES = {
    "begin with a timestamp": is_timed,
    "carry a time": has_clock,
    "carry a severity": has_severity,
    "are JSON objects": lambda line: line.start == 0 and line.first == "{" and line.final == "}" and line.view.count('"') >= 2,
    "are keys with values": lambda line: line.assignment() is not None,
    "open a section": lambda line: (line.first == "[" and line.final == "]" and len(line.words) <= 4 and line.unquoted(",") == 0)
    or (line.final == "{" and re.match(r"[A-Za-z]", line.text) is not None and not re.search(r"[()]", line.view)),
    "are comments": lambda line: line.first in "#;!" or line.text[:2] in ("//", "/*") or (line.text[:2] == "--" and len(set(line.view)) > 1)
    or (line.text[:2] == "--" and len(line.view) < 3),
    "are commands of a device": lambda line: line.first_word() in short(DIRECTIVES),
    "are a directive with arguments": is_command,
    "are indented": lambda line: line.start > 0,
    "are prose": is_prose,
    "hold several key=value pairs": lambda line: line.pairs() >= 3,
    "are list items": lambda line: re.match(r"- |\*[ *]|[-*]$", line.text) is not None,
    "carry an IP address": lambda line: re.search(r"(?<!\d)(?<!\d\.)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d", line.view) is not None,
    "hold no letter": lambda line: not re.search(r"[A-Za-z\x80-\xff]", line.view),
    "name a process with its number": lambda line: re.search(r"[A-Za-z0-9]\[\d", line.kept[:line.start] + line.view) is not None,
    "carry a hexadecimal identifier": is_identified,
    "name a path": lambda line: line.view.count("/") >= 2 and "://" not in line.view,
    "read like a sentence": lambda line: sum(word.lower()[:8] in SMALL for word in line.letters()) >= 2,
    "tell an event": lambda line: any(word.lower()[:8] in short(EVENTS) for word in line.letters()),
    "carry a duration": lambda line: re.search(r"\d(?:ms|s|us|ns|secs?|seconds?|min|mins|usec|msec)(?![A-Za-z\x80-\xff])", line.view, re.I)
    is not None,
    "have a level field": lambda line: any(word.lower()[:8] in "level severity loglevel lvl priority levelnam facility".split()
                                           for word in line.letters()) and ("=" in line.view or ":" in line.view),
    "end with a full stop": lambda line: line.final == ".",
    "are rules of marks": lambda line: not re.search(r"[A-Za-z0-9\x80-\xff]", line.view) and line.end - line.start >= 3,
    "are list items with a key": lambda line: line.assignment() is not None and line.text.startswith("- "),
    "are keys with nothing behind them": lambda line: line.assignment() == ":" and line.text[-1] == ":",
    "set a quoted value": lambda line: line.assignment() is not None and value(line)[:1] in ('"', "'") and value(line) != "",
    "end in a switch such as true or off": ends_in_switch,
    "set a number": lambda line: line.assignment() is not None and value(line)[:1].isdigit() and len(value(line)) <= 12,
    "are settings behind a comment mark": lambda line: re.match(r"[#;][A-Za-z]", line.text) is not None and len(line.words) <= 4,
    "begin with #": lambda line: line.first == "#",
    "begin with ;": lambda line: line.first == ";",
    "begin with !": lambda line: line.first == "!",
    "are // comments": lambda line: line.text[:2] in ("//", "/*"),
    "set a variable": lambda line: line.assignment() == "=" and line.first.isalpha()
    and not re.search(r"[a-z]", re.split(r"[=:]", line.text)[0]),
    "begin with a quoted key": lambda line: line.first == '"' and line.assignment() is not None,
    "use a variable": lambda line: re.search(r"[$%][A-Za-z{(]", line.view) is not None,
    "tell of a request": lambda line: "/" in line.view
    and any(word.lower() in "get post put head options http delete patch connect".split() for word in line.letters()),
    "begin with a command such as set or edit": lambda line: re.match(r"[a-z]", line.text) is not None
    and line.first_word() in ("set", "unset", "add", "delete", "edit"),
    "are directives that end in a semicolon": lambda line: re.match(r"[a-z]", line.text) is not None and line.final == ";"
    and len(line.words) >= 2 and not re.search(r"[()=]", line.view),
    "assign with =>": lambda line: "=>" in line.kept[:line.start] + line.view,
    "are XML elements of attributes alone": lambda line: line.is_whole and line.first == "<" and line.text.endswith("/>"),
    "are XML elements with one value": lambda line: line.is_whole and line.first == "<" and line.text[-1] == ">"
    and line.view.count("<") + line.view.count(">") == 4,
    "look like program source": is_code,
    "belong to stack traces": lambda line: (line.text.startswith("at ") and line.start > 0
                                            and (re.search(r"[()]", line.view) is not None or len(line.words) <= 3))
    or re.match(r'File "|Caused by:|Traceback \(|goroutine |#0 |Exception in thread', line.text) is not None
    or (line.text.startswith("... ") and len(line.words) == 3),
    "name a port": is_port,
    "are fields of a mail": lambda line: line.assignment() == ":" and line.start == 0 and re.match(r"[A-Z]", line.text) is not None
    and any(word.lower()[:8] in short("from subject to date received cc bcc message mime content return delivered reply sender references".split())
            for word in line.letters()),
    "begin with words run together": lambda line: len(line.words) <= 8 and re.match(r"(?=[A-Za-z]{5,} )[A-Z]+[a-z][a-z]*[A-Z]", line.text) is not None,
    "name the fields of a log": lambda line: line.start == 0 and line.first == "#"
    and line.first_word() in short("fields software date version separator".split()),
}


# Figures that a line alone does not tell.
WHOLE = {
    "belong to an entry that began with a timestamp": under_time,
    "are rows of figures": figure_rows,
    "are marked up like a document": lambda lines: sum(is_markup(line) for line in lines),
}


def layout(line):
    """Words, gaps, words that begin with a digit, words with a small letter, marks that titles do not have; of the part looked at."""
    text = line.view.encode("latin-1").decode("latin-1")
    words = re.findall(r"[^ \t]+", text)
    gaps = len(re.findall(r"(?<=[^ \t])(?:\t[ \t]*|  [ \t]*| \t[ \t]*)(?=[^ \t])", text))
    return (words, gaps, sum(word[0].isascii() and word[0].isdigit() for word in words), sum(bool(re.search("[a-z]", word)) for word in words),
            len(re.findall(r"""[=;,"{}$'\\\[]""", text)))


def is_titles(line):
    words, gaps, figures, small, marks = layout(line)
    text = line.view
    capital = re.match("[A-Z]", text) is not None
    if (not re.search("[A-Za-z]", text) or figures or marks or len(words) < (2 if line.start >= 4 else 3) or text[-1] in ".:"
            or not (capital or line.start > 0 and re.match("[A-Za-z]", text))):
        return False
    return (capital and small <= 1 and gaps + len(words) >= 5
            or gaps >= (1 if len(words) == 2 else 2) and (capital or gaps * 2 >= len(words)))


LISTED = re.compile(r"total \d+$|[-dlbcps]r[-rwxsStT]{8}.|[-dlbcps]-[-rwxsStT]{8}[\x00-.]"
                    r"|(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}) [ *]"
                    r"|[A-Z][A-Za-z0-9 ()_-]{0,46}:(?:   |\t)|[A-Za-z][A-Za-z0-9 ()_-]{0,46}\t+: "
                    r"|[A-Z][A-Za-z0-9 ()_-]{0,46}\. \. \.|[A-Za-z][A-Za-z0-9 ()_-]{0,46}\. \. \. \."
                    r"|inet6? |ether |link/|valid_lft |[RT]X packets|[RT]X errors|[RT]X: ", re.S)
PACKAGE = re.compile(r"\S+\.(?:x86_64|noarch|i686|aarch64|s390x|ppc64le)(?!\S)")


def is_listed(line):
    words, gaps, figures, _, marks = layout(line)
    path = (marks == 0 and len(words) <= 3 and figures == len(words) - 1 and (len(words) == 1 or words[0][0].isdigit())
            and re.match(r"\.?/..", words[-1].ljust(1)) is not None)
    package = (len(words) >= 4 and gaps >= 2 and re.match("(?:ii|rc) ", line.view) is not None
               or (len(words) == 1 or gaps >= 1) and PACKAGE.match(line.view) is not None)
    return path or package or LISTED.match(line.view) is not None


def listing_rows(lines):
    rows, under = 0, False
    for line in lines:
        if line.blank:
            under = False
        elif not is_timed(line):
            words, gaps, figures, _, marks = layout(line)
            if is_titles(line):
                under = True
                rows += 1
            elif (under and len(words) >= 3 and gaps >= 1 and marks < 3 or is_listed(line)
                  or len(words) >= 4 and gaps >= 2 and figures * 5 >= len(words) * 3 and marks == 0):
                rows += 1
    return rows


def is_rule(line):
    text = line.view
    return (re.match(r"\*[a-z]\S+$|:.*\]$|-[ANPI] |COMMIT$|(?:table|chain) .*\{$", text) is not None
            and (text[0] != ":" or len(line.words) == 3)
            or line.start > 0 and re.search(r" (?:accept|drop|reject|masquerade|policy accept;|policy drop;)$", text) is not None)


PHRASES["are rules of a packet filter"] = is_rule
# Blank lines end a table, so these are counted with them.
WITH_BLANKS = {"are rows of a listing as commands print it": listing_rows}


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    for mark, encoding in ((b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"),
                           (b"\xef\xbb\xbf", None)):
        if content.startswith(mark):
            content = content[len(mark):]
            if encoding:
                content = content.decode(encoding, "replace").encode("utf-8")
            break
    else:
        if content[:1024].count(0) * 3 > min(len(content), 1024):
            content = content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", "replace").encode("utf-8")
    end = b"\r" if b"\n" not in content[:1024] and b"\r" in content[:1024] else b"\n"
    lines = content.split(end)
    if lines[-1] == b"":
        lines.pop()
    return [Line(line.decode("latin-1")) for line in lines]


def judged(sluice, folder):
    """Each file with what is said of its copy."""
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    with tempfile.TemporaryDirectory() as scratch:
        for number, path in enumerate(paths):
            os.mkdir(os.path.join(scratch, str(number)))
            shutil.copyfile(path, os.path.join(scratch, str(number), "case.txt"))
        run = subprocess.run([sluice, "check", "--format", "json", scratch], capture_output=True, text=True)
        for row in run.stdout.splitlines():
            answer = json.loads(row)
            yield paths[int(answer["path"].split("/")[-2])], answer


def percent(part, whole):
    share = part / whole
    return "100 %" if share >= 1 else "under 1 %" if 0 < share < 0.01 else f"{int(share * 100)} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="texts of any kind, in folders or not")
    parser.add_argument("--sluice", default="sluice", help="the program to ask")
    parser.add_argument("--least", type=int, default=1, help="so many reasons have to be recounted")
    parser.add_argument("--verbose", action="store_true", help="name each figure that differs")
    options = parser.parse_args()
    files = figures = sampled = 0
    wrong, unknown = [], set()
    for original, answer in judged(options.sluice, options.folder):
        basis = answer.get("categoryBasis") or ""
        total = re.search(r"([\d \u00a0\u202f]+?) (sampled )?lines?", basis)
        parts = re.findall(r"(\d+ %|under 1 %) (?:of [\d \u00a0\u202f]+ (?:sampled )?lines? )?(.+?)(?=, (?:\d+|under 1) %|, the name|, as in|\.$|$)",
                           basis)
        if not total or not parts or "By bytes" in basis:
            continue
        if total[2]:
            sampled += 1
            continue
        files += 1
        everything = read(original)
        lines = [line for line in everything if not line.blank]
        told = int(re.sub(r"\D", "", total[1]))
        if told != len(lines):
            wrong.append(f"{original}: {told} lines, recounted {len(lines)}")
        for share, phrase in parts:
            phrase = phrase.strip()
            if phrase not in PHRASES and phrase not in WHOLE and phrase not in WITH_BLANKS:
                unknown.add(phrase)
                continue
            figures += 1
            count = WITH_BLANKS[phrase](everything) if phrase in WITH_BLANKS else WHOLE[phrase](lines) if phrase in WHOLE else sum(bool(PHRASES[phrase](line)) for line in lines)
            if percent(count, max(1, len(lines))) != share:
                wrong.append(f"{original}: {share} {phrase}, recounted {count} of {len(lines)}")
    print(f"{figures} figures of {files} reasons recounted, {len(wrong)} differ; {sampled} reasons of samples, {len(unknown)} phrases without a way to count them")
    for line in (wrong if options.verbose or len(wrong) < 20 else wrong[:20]) + sorted(unknown):
        print("  " + line)
    if files < options.least:
        sys.exit(f"only {files} reasons with figures, {options.least} are wanted")
    sys.exit(1 if wrong else 2 if unknown else 0)


main()
