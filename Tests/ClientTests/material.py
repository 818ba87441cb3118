"""What the clients send: small files made here, and the project's samples."""

import hashlib
import io
import random
import struct
import zipfile
import zlib

LIMIT = 15 * 1024 * 1024


def log(size, seed=1):
    """Text that is a log, of exactly that many bytes, alike for the same seed."""
    chance = random.Random(seed)
    lines = []
    length = 0
    at = 0
    while length < size:
        at += 1
        line = (f"2026-03-{1 + at // 86400 % 28:02d}T{at // 3600 % 24:02d}:{at // 60 % 60:02d}:{at % 60:02d}Z "
                f"{chance.choice(['INFO', 'INFO', 'WARN', 'ERROR'])} worker-{chance.randrange(16)}: "
                f"request {chance.randrange(1 << 32):08x} took {chance.randrange(900)} ms\n")
        lines.append(line)
        length += len(line)
    return "".join(lines).encode()[: size - 1] + b"\n"


def png(width=16, height=16, color=(11, 100, 119)):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes(color) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def archive(files):
    """A zip of named contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def digest(content):
    return hashlib.sha256(content).hexdigest()
