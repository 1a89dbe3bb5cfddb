"""Keep what people upload: told by its content, checked, stripped of where it was taken, and named by its hash.

Pictures are drawn afresh as WebP (the upload itself is not kept), videos are stripped in place, PDFs are kept as they
are and never shown inside a page.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from backstock.core import files
from backstock.core.pictures import NotAPicture, draw, webp
from backstock.evidence.errors import EvidenceTooLarge, NotEvidence
from backstock.evidence.videos import NotReadable, strip_mp4, strip_webm

AREA: Final = "evidence"
SMALL: Final = ".small"
# Put beside a file that is uploaded once more: it counts as uploaded now.
AGAIN: Final = ".again"
# How long an open form may hold a file that it has not brought to a document yet.
HELD_SECONDS: Final = 24 * 3600
# Enough to see a scratch on a label; a photo of a telephone has about as much.
LONGEST, LONGEST_SMALL, QUALITY = 4096, 480, 88
MEGABYTE = 1024 * 1024
MOST_BYTES: Final = {"image": 40 * MEGABYTE, "video": 500 * MEGABYTE, "application": 20 * MEGABYTE}
HEAD = 64
_STRIP: Final[dict[str, Callable[[BinaryIO], None]]] = {
    "video/mp4": strip_mp4, "video/quicktime": strip_mp4, "video/webm": strip_webm,
}  # fmt: skip
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its name is its content."""

    content_hash: str
    media_type: str
    size_bytes: int


def media_type_of(head: bytes) -> str:
    """Tell what a file is by its first bytes, whatever its name says; empty for what is not kept."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head else ""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIF:
            return "image/heic"
        if brand in (b"avif", b"avis", b"crx "):
            return ""
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    # The oldest form of QuickTime begins with its content.
    return "video/quicktime" if head[4:8] in (b"moov", b"wide", b"mdat") else ""


def kept(content_hash: str) -> Kept | None:
    """Return a file that was kept as evidence, None when there is none."""
    size = files.size_of(content_hash, area=AREA)
    if size is None:
        return None
    head = b"".join(files.read(content_hash, area=AREA, length=HEAD))
    return Kept(content_hash, media_type_of(head), size)


def keep(source: BinaryIO, name: str) -> Kept:
    """Keep an uploaded file; raise NotEvidence, EvidenceTooLarge."""
    name = name[:200]
    size = source.seek(0, 2)
    source.seek(0)
    media_type = media_type_of(source.read(HEAD))
    if not media_type:
        raise NotEvidence(name=name)
    most = MOST_BYTES[media_type.partition("/")[0]]
    if size > most:
        raise EvidenceTooLarge(name=name, megabytes=-(-size // MEGABYTE), most_megabytes=most // MEGABYTE)
    source.seek(0)
    if media_type.startswith("image/"):
        return _keep_picture(source.read(), name)
    if media_type.startswith("video/"):
        return _keep_video(source, name, media_type)
    return Kept(_keep_file(source), media_type, size)


def _keep_picture(content: bytes, name: str) -> Kept:
    try:
        drawn = draw(content, name)
    except NotAPicture:
        raise NotEvidence(name=name) from None
    large = webp(drawn, LONGEST, QUALITY)
    content_hash = _keep_file(io.BytesIO(large))
    files.keep_variant(content_hash, SMALL, webp(drawn, LONGEST_SMALL), AREA)
    return Kept(content_hash, "image/webp", len(large))


def _keep_video(source: BinaryIO, name: str, media_type: str) -> Kept:
    """Strip a copy on disk: what was uploaded is not ours to write into."""
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(source, copy, MEGABYTE)
        try:
            _STRIP[media_type](copy)
        except NotReadable:
            raise NotEvidence(name=name) from None
        return Kept(_keep_file(copy), media_type, copy.seek(0, 2))


def _keep_file(source: BinaryIO) -> str:
    content_hash, is_new = files.keep_new(source, AREA)
    if not is_new:
        files.remove_variant(content_hash, AGAIN, AREA)
        files.keep_variant(content_hash, AGAIN, b"again", AREA)
    return content_hash
