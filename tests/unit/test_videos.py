"""A video loses where it was taken and nothing else."""

import io

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
