"""Make pictures, videos and papers as telephones make them, with where they were taken, and keep them as evidence."""

from __future__ import annotations

import io
import struct
from datetime import date
from typing import Any

import pillow_heif
from PIL import Image

from backstock.core.permissions import SYSTEM, Actor
from backstock.evidence.commands.attach import AttachedFile, AttachEvidence, attach_evidence
from backstock.evidence.keeping import Kept, keep
from tests.build import DAY

# What must be in no file that is kept: degrees as a camera writes them, as text and as the numbers of EXIF.
PLACE = b"+31.2304+121.4737/"


def picture(form: str = "JPEG", colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """Draw a picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    drawn, written = Image.new("RGB", size, colour), io.BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(drawn).save(written, exif=exif.tobytes())
    elif form == "GIF":
        drawn.save(written, form, comment=PLACE)
    else:
        drawn.save(written, form, exif=exif)
    return written.getvalue()


def box(name: bytes, *content: bytes) -> bytes:
    """Write a box of a video."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def _track(handler: bytes, offset: int, sizes: list[int]) -> bytes:
    count = len(sizes)
    table = box(
        b"stbl",
        box(b"stsz", struct.pack(">III", 0, 0, count), *(struct.pack(">I", size) for size in sizes)),
        box(b"stsc", struct.pack(">II", 0, 1), struct.pack(">III", 1, count, 1)),
        box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    media = box(b"mdia", box(b"hdlr", struct.pack(">II", 0, 0), handler, bytes(12)), box(b"minf", table))
    return box(b"trak", media, box(b"udta", box(b"name", PLACE)))


def video(brand: bytes = b"isom", picture: bytes = b"moving picture") -> bytes:
    """Write a video whose place stands in its user data, in its metadata and in a track of its own."""
    start = box(b"ftyp", brand, bytes(4), brand)
    offset = len(start) + 8
    data = box(b"mdat", picture, PLACE)
    movie = box(
        b"moov",
        _track(b"vide", offset, [len(picture)]),
        _track(b"meta", offset + len(picture), [10, len(PLACE) - 10]),
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0), PLACE)),
        box(b"meta", PLACE),
    )
    return start + data + movie + box(b"uuid", PLACE)


def _element(name: bytes, content: bytes, known: bool = True) -> bytes:
    return name + (struct.pack(">Q", len(content) | 1 << 56) if known else b"\x01" + b"\xff" * 7) + content


def webm(known: bool = True) -> bytes:
    """Write a WebM video; a browser that records writes parts whose length it does not know yet."""
    cluster = _element(b"\x1f\x43\xb6\x75", _element(b"\xa3", b"moving picture"), known)
    tags = _element(b"\x12\x54\xc3\x67", _element(b"\x73\x73", PLACE))
    tracks = _element(b"\x16\x54\xae\x6b", _element(b"\xae", b"track"))
    head = _element(b"\x1a\x45\xdf\xa3", _element(b"\x42\x82", b"webm"))
    return head + _element(b"\x18\x53\x80\x67", tracks + tags + cluster + tags, known)


PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def kept(content: bytes | None = None, name: str = "photo.jpg") -> Kept:
    """Keep a file, a picture unless it is given."""
    return keep(io.BytesIO(picture() if content is None else content), name)


def attachment(document: str, *contents: bytes, step: str = "inspect", on: date = DAY, **more: Any) -> AttachEvidence:
    """Describe bringing files (a picture unless they are given) to a document."""
    files = tuple(AttachedFile(content_hash=kept(each).content_hash) for each in contents or (picture(),))
    return AttachEvidence(document=document, step=step, files=files, on=on, **more)


def attached(document: str, *contents: bytes, actor: Actor = SYSTEM, **more: Any) -> str:
    """Bring files to a document."""
    return attach_evidence(attachment(document, *contents, **more), actor=actor).document
