"""Uploads that nobody attached are swept away after a day; what a document or an open message has stays."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from backstock.cli.verification import verify
from backstock.core import files
from backstock.core.permissions import SYSTEM
from backstock.evidence.commands.erase import EraseEvidence, erase_evidence
from backstock.evidence.keeping import AREA
from backstock.evidence.models import Evidence
from backstock.evidence.sweeping import Swept, sweep
from backstock.returns.commands.draft import DraftRequest, draft_request
from tests import build
from tests import build_evidence as evidence
from tests.build import DAY

PHOTOS = {colour: evidence.picture(colour=colour) for colour in ("red", "green", "blue", "black")}


@pytest.fixture
def folder(tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        yield tmp_path


@pytest.fixture
def room(folder, shop):
    """A shop with a folder of its own, until its ledgers are checked."""
    return shop


def grow_old(hours: float = 26) -> None:
    """Let everything that was uploaded lie for some hours."""
    then = time.time() - hours * 3600
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def is_here(kept) -> bool:
    return files.is_kept(kept.content_hash, AREA)


def test_what_was_never_attached_goes_with_its_small_one_and_what_is_attached_stays(room):
    rma = build.requested(build.sold())
    lost, attached, drafted = (evidence.kept(PHOTOS[colour]) for colour in ("red", "green", "blue"))
    evidence.attached(rma, PHOTOS["green"])
    draft_request(DraftRequest(text="broken", files=(drafted.content_hash,), on=DAY), actor=SYSTEM)
    half = Path(settings.MEDIA_ROOT) / files.name_of("0" * 64, area=AREA)
    half.parent.mkdir(parents=True)
    half.with_name(f"{half.name}.abcd.half").write_bytes(b"cut off")
    grow_old()
    fresh = evidence.kept(PHOTOS["black"])

    assert sweep(only_look=True) == Swept(2, lost.size_bytes)
    assert is_here(lost)
    assert sweep() == Swept(2, lost.size_bytes)
    assert [is_here(each) for each in (lost, attached, drafted, fresh)] == [False, True, True, True]
    assert list(Path(settings.MEDIA_ROOT).rglob("*.half")) == []
    assert sweep() == Swept()
    assert verify().problems == []


def test_who_uploads_the_same_once_more_has_a_day_again(room):
    evidence.kept(PHOTOS["red"])
    grow_old()
    again = evidence.kept(PHOTOS["red"])
    assert sweep() == Swept()
    assert is_here(again)


def test_nobody_sweeps_what_an_open_form_may_still_hold(room):
    evidence.kept(PHOTOS["red"])
    grow_old(24)
    assert sweep(timedelta(seconds=1)) == Swept()


def test_what_was_erased_and_is_still_here_is_a_problem_until_it_is_swept(room, monkeypatch):
    rma = build.requested(build.sold())
    kept = evidence.kept(PHOTOS["red"])
    evidence.attached(rma, PHOTOS["red"])
    monkeypatch.setattr(files, "remove", lambda *_, **__: None)
    erase_evidence(EraseEvidence(document=rma, evidence=(Evidence.objects.get().pk,), on=DAY), actor=SYSTEM)
    assert [each.check for each in verify().problems] == ["what was erased is gone"]

    grow_old()
    sweep()
    assert not is_here(kept)
    assert verify().problems == []
