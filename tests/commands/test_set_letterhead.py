"""The head and foot of papers."""

import io

import pytest
from PIL import Image

from backstock.core.permissions import SYSTEM
from backstock.core.pictures import keep_picture
from backstock.documents.commands.set_letterhead import SetLetterhead, set_letterhead
from backstock.documents.models import letterhead
from tests.ledgers import refused


@pytest.fixture
def settings_home(tmp_path, monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


def test_what_is_left_out_becomes_empty_and_the_other_language_stands_in(shop):
    set_letterhead(SetLetterhead(name_zh="归仓", phone="1"), actor=SYSTEM)
    set_letterhead(SetLetterhead(name_zh="归仓二"), actor=SYSTEM)
    head = letterhead()
    assert (head.name_zh, head.phone, head.said("name", "en"), head.said("address", "zh")) == (
        "归仓二",
        "",
        "归仓二",
        "",
    )


def test_a_logo_that_was_uploaded_is_taken_and_another_is_refused(shop, settings_home):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(drawn, "PNG")
    kept = keep_picture(drawn.getvalue(), "logo.png")
    set_letterhead(SetLetterhead(logo_hash=kept), actor=SYSTEM)
    with refused("unknown_picture", picture="1" * 64):
        set_letterhead(SetLetterhead(logo_hash="1" * 64), actor=SYSTEM)
    assert letterhead().logo_hash == kept


def test_the_last_of_a_batch_stands(shop):
    set_letterhead.batch([SetLetterhead(phone="1"), SetLetterhead(phone="2")], actor=SYSTEM)
    assert letterhead().phone == "2"
