"""Take out of a video where it was taken, in place and without touching picture or sound. Pure.

MP4 and MOV are boxes in boxes: those that describe (`udta`, `meta`, `uuid`: place, camera, owner) become `free`, and so
do tracks that are neither picture nor sound (a camera may write its position into one), their samples zeroed. WebM is
elements in elements: `Tags` and `Attachments` become `Void`. What is free already is zeroed too: an editor may have left
there what it took out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

ZEROS = bytes(1024 * 1024)
# More than any camera writes; a file made to keep us busy is refused.
MOST_BOXES, MOST_TRACKS, MOST_ROWS = 200_000, 200, 500_000
DESCRIBES = (b"udta", b"meta", b"uuid", b"free", b"skip")
KNOWN = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pdin", b"moof", b"mfra", b"sidx", b"ssix", b"styp"}


class NotReadable(ValueError):
    """The file does not hold together as what it claims to be."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a file: its name, where it starts, where its content starts and where it ends."""

    name: bytes
    start: int
    body: int
    end: int


def _blank(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        file.write(ZEROS[: end - start])
        start += min(len(ZEROS), end - start)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    for _ in range(MOST_BOXES):
        if end - start < 8:
            return
        file.seek(start)
        size, name = struct.unpack(">I4s", file.read(8))
        body = start + 8
        if size == 1:
            size, body = struct.unpack(">Q", file.read(8))[0], start + 16
        elif size == 0:
            size = end - start
        if size < body - start or start + size > end:
            raise NotReadable(name)
        yield Box(name, start, body, start + size)
        start += size
    raise NotReadable("too many boxes")


def _free(file: BinaryIO, box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    _blank(file, box.body, box.end)


def _inside(file: BinaryIO, box: Box, *path: bytes) -> Box | None:
    """Return the first box along a path of names."""
    found: Box | None = box
    for name in path:
        found = (
            next((each for each in _boxes(file, found.body, found.end) if each.name == name), None) if found else None
        )
    return found


def _table(file: BinaryIO, box: Box | None, form: str, skip: int = 4) -> list[tuple[int, ...]]:
    """Read a table of samples: version and flags, a count, then rows of one form."""
    if box is None:
        return []
    file.seek(box.body + skip)
    count = struct.unpack(">I", file.read(4))[0]
    wide = struct.calcsize(form)
    if count > MOST_ROWS or count * wide > box.end - box.body:
        raise NotReadable(box.name)
    return list(struct.iter_unpack(form, file.read(count * wide)))


def _samples(file: BinaryIO, track: Box, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the chunks of a track lie: (start, end)."""
    table = _inside(file, track, b"mdia", b"minf", b"stbl")
    if table is None:
        raise NotReadable("track without samples")
    parts = {box.name: box for box in _boxes(file, table.body, table.end)}
    size_box = parts.get(b"stsz")
    if size_box is None:
        raise NotReadable("track without sizes")
    file.seek(size_box.body + 4)
    same, count = struct.unpack(">II", file.read(8))
    sizes = [] if same else [size for (size,) in _table(file, size_box, ">I", skip=8)]
    chunks = _table(file, parts.get(b"stco"), ">I") or _table(file, parts.get(b"co64"), ">Q")
    runs, sample, per_chunk = _table(file, parts.get(b"stsc"), ">III")[::-1], 0, 0
    for number, (start,) in enumerate(chunks, 1):
        while runs and runs[-1][0] <= number:
            per_chunk = runs.pop()[1]
        per = min(per_chunk, count - sample)
        length = same * per if same else sum(sizes[sample : sample + per])
        sample += per
        if start + length > end:
            raise NotReadable("samples beyond the file")
        yield start, start + length


def _free_all(file: BinaryIO, boxes: Iterable[Box]) -> None:
    for box in boxes:
        if box.name in DESCRIBES:
            _free(file, box)


def _strip_movie(file: BinaryIO, movie: Box, end: int) -> None:
    parts = list(_boxes(file, movie.body, movie.end))
    tracks, left = [(box, _kind(file, box)) for box in parts if box.name == b"trak"][: MOST_TRACKS + 1], end
    if len(tracks) > MOST_TRACKS or all(kind != b"vide" for _, kind in tracks):
        raise NotReadable("no picture in it, or a forest of tracks")
    fragmented = any(box.name == b"mvex" for box in parts)
    _free_all(file, parts)
    for box, kind in tracks:
        if kind in (b"vide", b"soun"):
            _free_all(file, list(_boxes(file, box.body, box.end)))
            continue
        if fragmented:
            raise NotReadable("a track of facts in fragments")
        for start, stop in list(_samples(file, box, end)):
            left -= stop - start
            # Samples do not lie upon each other: all together are no longer than the file.
            if left < 0:
                raise NotReadable("samples longer than the file")
            _blank(file, start, stop)
        _free(file, box)


def _kind(file: BinaryIO, track: Box) -> bytes:
    handler = _inside(file, track, b"mdia", b"hdlr")
    if handler is None:
        raise NotReadable("track without handler")
    file.seek(handler.body + 8)
    return file.read(4)


def strip_mp4(file: BinaryIO) -> None:
    """Strip an MP4 or MOV file in place; raise NotReadable."""
    end = file.seek(0, 2)
    try:
        boxes = list(_boxes(file, 0, end))
        movies = [box for box in boxes if box.name == b"moov"]
        if len(movies) != 1:
            raise NotReadable("not one movie")
        _strip_movie(file, movies[0], end)
    except struct.error:
        raise NotReadable("cut off") from None
    for box in boxes:
        if box.name not in KNOWN or box.name in DESCRIBES:
            _free(file, box)
    last = boxes[-1].end
    _blank(file, last, end)


SEGMENT, CLUSTER, TAGS, ATTACHMENTS, TRACKS = 0x18538067, 0x1F43B675, 0x1254C367, 0x1941A469, 0x1654AE6B
VOID = 0xEC


def _number(file: BinaryIO, keep_mark: bool) -> int:
    """Read a number of variable length; one whose bits are all ones means "not known": -1."""
    first = file.read(1)
    if not first or not first[0]:
        raise NotReadable("cut off")
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) < length - 1:
        raise NotReadable("cut off")
    value = int.from_bytes(first + rest, "big")
    if keep_mark:
        return value
    value &= (1 << 7 * length) - 1
    return -1 if value == (1 << 7 * length) - 1 else value


def strip_webm(file: BinaryIO) -> None:
    """Strip a WebM file in place; raise NotReadable. What a browser recorded has parts of unknown length."""
    end, start, seen = file.seek(0, 2), 0, set[int]()
    for _ in range(MOST_BOXES * 10):
        if start >= end:
            break
        file.seek(start)
        name, size = _number(file, True), _number(file, False)
        body = file.tell()
        seen.add(name)
        if name == SEGMENT or size < 0:
            if name not in (SEGMENT, CLUSTER):
                raise NotReadable("a part of unknown length")
            start = body
            continue
        if body + size > end:
            raise NotReadable("cut off")
        if name in (TAGS, ATTACHMENTS):
            _void(file, start, body + size)
        elif name == VOID:
            _blank(file, body, body + size)
        start = body + size
    else:
        raise NotReadable("too many parts")
    if not {SEGMENT, TRACKS, CLUSTER} <= seen:
        raise NotReadable("no picture in it")


def _void(file: BinaryIO, start: int, end: int) -> None:
    """Make an element one of nothing: the same length, all zeros. Four bytes of name leave room for nine of ours."""
    length = end - start
    wide = 1 if length - 2 < 127 else 8
    size = length - 1 - wide
    file.seek(start)
    file.write(b"\xec" + (bytes([0x80 | size]) if wide == 1 else (size | 1 << 56).to_bytes(8, "big")))
    _blank(file, start + 1 + wide, end)
