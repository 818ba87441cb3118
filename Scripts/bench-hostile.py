"""What hostile files cost the real program: bombs with the policy's own budgets, and the worst that 15 MB can be for each reader.

Builds them in a temporary folder, lets `sluice check` judge each alone, and prints seconds, processor seconds, the largest process, the
outcome and the finding that decided. Ends with status 1 when a bar is missed: 2 s and 256 MB for a bomb, 1 s of processor time for a worst case.
"""
import argparse
import gzip
import io
import json
import random
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path

LIMIT = 15 * 1024 * 1024
SIZE = LIMIT - 4096


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tar_of(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


def fill(piece, head=b"", tail=b"", size=SIZE):
    """head, then piece as often as it fits, then tail."""
    return head + piece * ((size - len(head) - len(tail)) // len(piece)) + tail


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, chunks=b""):
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return head + chunks + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(objects):
    return b"%PDF-1.7\n" + objects + b"\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 2 >>\nstartxref\n9\n%%EOF\n"


def zeros(megabytes, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)] + [packer.flush()])


def raw_zip(entries, end_count=None):
    """entries: (name, stored, size, crc, shares the first one's header)."""
    out, central, first = b"", b"", 0
    for index, (name, stored, size, crc, shares) in enumerate(entries):
        offset = first if shares else len(out)
        head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x21, crc, len(stored), size, len(name), 0)
        if not shares:
            out += b"PK\3\4" + head + name + stored
        central += b"PK\1\2\x14\3" + head + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, offset) + name
    count = len(entries) if end_count is None else end_count
    return out + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(central), len(out), 0)


def bombs():
    packed = zeros(64)
    crc = zlib.crc32(bytes(64 << 20))
    yield "ratio", "ratio.zip", "archive.budget-ratio", raw_zip([(b"a", packed, 64 << 20, crc, False)])
    # 15 MiB a member stays below the floor of the ratio: only the total stops these.
    small = zeros(15)
    small_crc = zlib.crc32(bytes(15 << 20))
    yield "expanded size", "size.zip", "archive.budget-expanded", raw_zip(
        [(b"%d" % i, small, 15 << 20, small_crc, False) for i in range(40)])
    yield "overlap", "overlap.zip", "zip.overlap", raw_zip(
        [(b"%d" % i, small, 15 << 20, small_crc, i > 0) for i in range(5000)])
    yield "entries, zip", "entries.zip", "archive.budget-entries", raw_zip(
        [(b"%d" % i, b"\3\0", 0, 0, False) for i in range(60000)])
    yield "entries, tar", "entries.tar", "archive.budget-entries", tar_of([("%d" % i, b"") for i in range(29000)])
    nested = zip_of([("a.log", b"x\n")])
    for _ in range(200):
        nested = zip_of([("r.zip", nested)], zipfile.ZIP_STORED)
    yield "depth", "depth.zip", "archive.budget-depth", nested
    yield "declared size", "lie.zip", "zip.length-wrong", raw_zip([(b"a", packed, 10, crc, False)])
    yield "gzip", "ratio.gz", "archive.budget-ratio", gzip.compress(bytes(64 << 20), 9)
    streams = tar_of([("a.log", b"x\n")])
    for _ in range(30):
        streams = gzip.compress(tar_of([("r.tar.gz", streams)]))
    yield "tar.gz in tar.gz", "nested.tar.gz", "archive.budget-depth", streams
    yield "tar in gzip", "inner.tar.gz", "archive.budget-ratio", gzip.compress(tar_of([("a.log", bytes(200 << 20))]), 9)
    stream = zlib.compress(bytes(600 << 20), 9)
    body = b"1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream)
    yield "PDF object stream", "objects.pdf", "pdf.objects-unreadable", pdf(body + stream + b"\nendstream\nendobj")
    yield "PNG data", "data.png", None, png(100, 100, zlib.compress(bytes(1 << 30), 9))
    yield "PNG pixels", "flood.png", "image.too-many-pixels", png(60000, 60000, zlib.compress(b"x"))
    document = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + b" " * (64 << 20) + b"</w:document>",
    }
    yield "OOXML part", "part.docx", "archive.budget-ratio", zip_of(document.items())


def worst_cases():
    noise = random.Random(1).randbytes(1 << 20)
    yield "text, one line", "line.txt", fill(b"word ")
    yield "text, empty lines", "lines.txt", fill(b"\n")
    yield "text, a time each line", "times.txt", fill(b"2026-01-02T03:04:05Z INFO a\n")
    yield "text, braces", "deep.txt", fill(b"[")
    yield "text, markup", "markup.txt", fill(b"<a ")
    yield "text, invalid UTF-8", "broken.txt", fill(b"caf\xe9 \xc3\xa9 \x81\n")
    yield "text, zeros", "zeros.txt", fill(b"a\0")
    yield "text, end records", "ends.txt", fill(b"PK\5\6aaaa")
    yield "CSV, quotes", "quotes.csv", fill(b'"')
    yield "CSV, commas", "commas.csv", fill(b",")
    yield "CSV, formulas", "formulas.csv", fill(b"=a,\n")
    yield "PDF, obj", "obj.pdf", fill(b"1 0 obj ", b"%PDF-1.7\n")
    yield "PDF, empty objects", "objects.pdf", pdf(fill(b"1 0 obj\nendobj\n", size=SIZE - 200))
    yield "PDF, open dictionaries", "open.pdf", fill(b"<<", b"%PDF-1.7\n1 0 obj ")
    yield "PDF, open strings", "strings.pdf", fill(b"(", b"%PDF-1.7\n1 0 obj ")
    yield "PDF, names", "names.pdf", pdf(fill(b"/#4Aava#53cript ", b"1 0 obj [", b"]\nendobj", size=SIZE - 200))
    yield "PDF, streams", "streams.pdf", pdf(fill(b"1 0 obj<</Length 0>>stream\nendstream endobj\n", size=SIZE - 200))
    yield "PDF, sections", "sections.pdf", fill(b"xref\n0 0\ntrailer<</Prev 9>>startxref\n9\n%%EOF\n", b"%PDF-1.7\n")
    sector = struct.pack("<128I", *([0] * 128))
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
              + struct.pack("<IIIIIIII", 109, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", *range(109)))
    yield "OLE2, chains in a circle", "circle.doc", fill(sector, header)
    yield "OLE2, chains one step each", "steps.doc", fill(struct.pack("<128I", *range(1, 129)), header)
    yield "OLE2, all directory", "directory.xls", fill(b"A\0" + bytes(62) + struct.pack("<HBBIII", 4, 1, 1, 1, 2, 3) + bytes(48), header)
    yield "zip, entries at the budget", "entries.zip", raw_zip([(b"%d" % i, b"\3\0", 0, 0, False) for i in range(10000)])
    yield "zip, deep names", "names.zip", raw_zip([(b"a/" * 500 + b"%d" % i, b"\3\0", 0, 0, False) for i in range(7000)])
    yield "zip, one stored member", "stored.zip", zip_of([("a.txt", fill(b"word\n", size=SIZE - 4096))], zipfile.ZIP_STORED)
    # Lines that come again within deflate's window, so that each member stays below the ratio.
    log = b"".join(b"2026-01-02 03:04:05 INFO request %d done\n" % (i * 7919 % 100003) for i in range(600)) * 480
    yield "zip, 390 MB of logs", "logs.zip", zip_of([("%d.log" % i, log) for i in range(390 * (1 << 20) // len(log))])
    yield "tar, empty members", "members.tar", tar_of([("%d" % i, b"") for i in range(9999)])
    yield "tar, extended headers", "headers.tar", fill(tarfile.TarInfo("é" * 90).tobuf(tarfile.PAX_FORMAT))
    yield "tar, zeros", "zeros.tar", tar_of([("a", b"x")]) + bytes(SIZE // 512 * 512 - 20480)
    yield "JPEG, markers", "markers.jpg", fill(b"\xff\xe1\0\2", b"\xff\xd8")
    yield "JPEG, fill bytes", "fill.jpg", fill(b"\xff", b"\xff\xd8")
    yield "JPEG, scans", "scans.jpg", fill(
        b"\xff\xda\0\x08\1\1\0\0\x3f\0\x55", b"\xff\xd8\xff\xc2\0\x0b\x08\0\x10\0\x10\1\1\x11\0", b"\xff\xd9")
    yield "PNG, tiny chunks", "chunks.png", png(1, 1, zlib.compress(b"\0\0"), fill(chunk(b"tEXt", b"a\0b"), size=SIZE - 200))
    yield "PNG, empty data", "empty.png", png(1, 1, zlib.compress(b"\0\0"), fill(chunk(b"IDAT", b""), size=SIZE - 200))
    yield "BMP, runs", "runs.bmp", fill(b"\0\0", b"BM" + struct.pack("<IIIIiiHHIIIIII", SIZE, 0, 1078, 40, 7000, 7000, 1, 8, 1, 0, 0, 0, 0, 0)
                                        + bytes(1024))
    deep = b"<a>" * 5000000
    yield "XML, deep", "deep.docx", zip_of([("[Content_Types].xml", b"<Types>" + deep[:3000000]), ("_rels/.rels", deep[:3000000])])
    yield "XML, attributes", "attributes.docx", zip_of(
        [("[Content_Types].xml", b"<Types " + b" ".join(b'a%d="1"' % i for i in range(200000)) + b"/>"), ("_rels/.rels", b"<a/>")])
    yield "noise under .zip", "noise.zip", noise * 14
    yield "noise behind PK", "noise2.zip", b"PK\3\4" + noise * 14


# In a process of its own: what is forked from this one would count this one's memory as its own.
MEASURE = """
import json, resource, subprocess, sys, time
started = time.monotonic()
run = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([run.returncode, run.stderr, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, run.stdout]))
"""


def run(sluice, path):
    """Seconds, processor seconds, MiB of the largest process, the answer."""
    policy = "bundle" if path.suffix == ".gz" else "portal"
    words = [sys.executable, "-c", MEASURE, sluice, "check", "--format", "json", "--policy", policy, str(path)]
    status, errors, seconds, processor, memory, out = json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout)
    if status not in (0, 1):
        sys.exit(f"{path.name}: status {status}: {errors}")
    return seconds, processor, memory, json.loads(out)


def decided(answer, wanted=None):
    order = {"reject": 0, "quarantine": 1, "warning": 2, "note": 3}
    findings = sorted(answer["findings"], key=lambda one: (one["code"] != wanted, order[one["severity"]]))
    return (findings[0]["code"], findings[0]["message"]) if findings else ("", "")


def main():
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--sluice", required=True, help="the program, built for release")
    words.add_argument("--only", choices=["bombs", "worst"], help="one of the two tables")
    words.add_argument("--keep", help="a folder where the files are made and left; those that are there are not made again")
    given = words.parse_args()
    missed = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(given.keep or temporary)
        folder.mkdir(exist_ok=True)
        if given.only != "worst":
            print(f"{'bomb':20} {'size':>11} {'s':>6} {'CPU s':>6} {'MiB':>5}  finding")
            for name, file, code, content in bombs():
                path = folder / ("bomb-" + file)
                path.write_bytes(content)
                seconds, processor, memory, answer = run(given.sluice, path)
                found, message = decided(answer, code)
                print(f"{name:20} {len(content):11,} {seconds:6.2f} {processor:6.2f} {memory:5.0f}  {answer['outcome']}: {found}: {message[:100]}")
                codes = {one["code"] for one in answer["findings"]}
                if seconds > 2 or memory > 256 or code is not None and (code not in codes or answer["outcome"] == "accepted"):
                    missed.append(name)
        if given.only != "bombs":
            print(f"{'worst case':28} {'size':>11} {'s':>6} {'CPU s':>6} {'MiB':>5}  outcome")
            for name, file, content in worst_cases():
                path = folder / ("worst-" + file)
                path.write_bytes(content)
                seconds, processor, memory, answer = run(given.sluice, path)
                print(f"{name:28} {len(content):11,} {seconds:6.2f} {processor:6.2f} {memory:5.0f}  {answer['outcome']}: {decided(answer)[0]}")
                if processor > 1:
                    missed.append(name)
    if missed:
        sys.exit("missed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
