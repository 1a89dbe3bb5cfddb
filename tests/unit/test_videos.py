"""A video loses where it was taken and nothing else."""

import io
import struct

import pytest

from backstock.evidence.videos import NotReadable, strip_mp4, strip_webm
from tests.build_evidence import PLACE, box, video, webm


@pytest.mark.parametrize(
    ("content", "strip"), [(video(), strip_mp4), (webm(), strip_webm), (webm(known=False), strip_webm)]
)
def test_no_place_is_left_and_every_other_byte_stays_where_it_was(content, strip):
    file = io.BytesIO(content)
    strip(file)
    after = file.getvalue()

    assert PLACE in content
    assert PLACE[:9] not in after
    assert len(after) == len(content)
    assert after.index(b"moving picture") == content.index(b"moving picture")
    strip(file)
    assert file.getvalue() == after  # what was stripped is still a video


@pytest.mark.parametrize(
    "content",
    [
        b"", b"xxxxftyp", video()[:200], box(b"ftyp", b"isom"), box(b"ftyp", b"isom") + box(b"moov"),
        video() + video(), b"\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    ids=["nothing", "a word", "cut off", "no movie", "an empty movie", "two movies", "longer than it is"],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused(content):
    with pytest.raises(NotReadable):
        strip_mp4(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"", b"\x1a\x45\xdf\xa3", webm()[:40], b"\x1a\x45\xdf\xa3\x85webm\x00"])
def test_a_webm_that_does_not_hold_together_is_refused(content):
    with pytest.raises(NotReadable):
        strip_webm(io.BytesIO(content))


def _movie(*tracks: bytes) -> bytes:
    return box(b"ftyp", b"isom") + box(b"mdat", bytes(4000)) + box(b"moov", *tracks)


def _facts(table: bytes) -> bytes:
    media = box(b"mdia", box(b"hdlr", bytes(8), b"meta", bytes(12)), box(b"minf", box(b"stbl", table)))
    return box(b"trak", media)


PICTURE = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"vide", bytes(12))))
ALL_OF_IT = (
    box(b"stsz", struct.pack(">III", 0, 3000, 1))
    + box(b"stsc", struct.pack(">II", 0, 1), struct.pack(">III", 1, 1, 1))
    + box(b"stco", struct.pack(">III", 0, 1, 20))
)
MANY_ROWS = box(b"stsz", struct.pack(">III", 0, 0, 600_000), bytes(2_400_000))


@pytest.mark.parametrize(
    "tracks",
    [[PICTURE, *[_facts(ALL_OF_IT)] * 2], [PICTURE] * 201, [PICTURE, _facts(MANY_ROWS)]],
    ids=["samples upon each other", "a forest of tracks", "a table without end"],
)
def test_what_is_made_to_keep_us_busy_is_refused(tracks):
    strip_mp4(io.BytesIO(_movie(PICTURE, _facts(ALL_OF_IT))))
    with pytest.raises(NotReadable):
        strip_mp4(io.BytesIO(_movie(*tracks)))


def test_what_an_editor_left_in_free_space_is_zeroed():
    file = io.BytesIO(video() + box(b"free", PLACE) + box(b"skip", PLACE))
    strip_mp4(file)
    assert PLACE[:9] not in file.getvalue()

    content = webm()
    place = content.rindex(b"\x12\x54\xc3\x67")
    left = io.BytesIO(content[:place] + b"\xec" + struct.pack(">Q", len(PLACE) | 1 << 56) + PLACE)
    strip_webm(left)
    assert PLACE[:9] not in left.getvalue()
