"""Papers are looked at as pixels: a text layer proves nothing when the type has no Chinese."""

from __future__ import annotations

import io
from datetime import date

import pytest
import segno
from PIL import Image, ImageChops

from backstock.core.permissions import SYSTEM
from backstock.documents.commands.set_letterhead import SetLetterhead, set_letterhead
from backstock.documents.papers.kinds import KINDS
from backstock.documents.render import papers
from tests import build
from tests.ledgers import refused

pytestmark = pytest.mark.any_database

PPI = 110
A4 = (909, 1286)


def picture(made: bytes) -> Image.Image:
    return Image.open(io.BytesIO(made)).convert("L")


def ink(image: Image.Image, box: tuple[float, float, float, float] = (0, 0, 1, 1)) -> int:
    """Count the dark points of a part of the page, given in shares of it."""
    width, height = image.size
    part = image.crop((int(box[0] * width), int(box[1] * height), int(box[2] * width), int(box[3] * height)))
    return sum(part.histogram()[:128])


def drawn(number: str, kind: str, language: str = "zh", **more) -> Image.Image:
    return picture(papers([number], kind, language, output="png", **more))


@pytest.fixture
def rma(shop) -> str:
    """A return with every paper."""
    return build.settled(build.back_on_the_shelf())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [*KINDS])
def test_every_paper_has_ink_where_its_parts_stand(rma, kind, language):
    page = drawn(rma, kind, language)
    assert page.size == A4
    head, title, code = (0, 0.03, 0.5, 0.08), (0, 0.12, 0.4, 0.17), (0.78, 0.04, 0.95, 0.14)
    facts, goods, foot = (0, 0.17, 1, 0.29), (0, 0.27, 1, 0.36), (0.5, 0.93, 1, 1)
    assert all(ink(page, part) > 40 for part in (head, title, facts, goods, foot))
    assert ink(page, code) > 2000
    assert ink(page, (0, 0.7, 1, 0.9)) == 0


@pytest.mark.parametrize("kind", [*KINDS])
def test_chinese_is_written_and_not_boxes(shop, kind):
    """Boxes for missing characters would make all of these alike."""
    pages = []
    for name in ("退退退", "货货货", "一二三"):
        build.product(name, name=name)
        build.bought(name, 5)
        pages.append(drawn(build.settled(build.back_on_the_shelf(sku=name)), kind).crop((0, 330, A4[0], 480)))
    assert len({page.tobytes() for page in pages}) == 3
    assert ImageChops.difference(pages[0], pages[1]).getbbox() is not None


def test_the_two_languages_differ(rma):
    for kind in KINDS:
        assert drawn(rma, kind, "zh").tobytes() != drawn(rma, kind, "en").tobytes()


def test_the_code_leads_to_the_return(rma):
    """Read the code off the page, module by module."""
    site = "https://returns.example.com"
    page = drawn(rma, "request", site=site)
    expected = [[bool(bit) for bit in row] for row in segno.make(f"{site}/returns/{rma}/", error="m").matrix]
    code = page.crop((600, 0, A4[0], 170)).point(lambda value: 255 if value < 128 else 0)
    box = code.getbbox()
    left, top, right = box[0] + 600, box[1], box[2] + 600
    size = right - left
    assert 100 < size < 115
    module = size / len(expected)
    found = [
        [page.getpixel((int(left + (x + 0.5) * module), int(top + (y + 0.5) * module))) < 128 for x in range(len(expected))]
        for y in range(len(expected))
    ]  # fmt: skip
    assert found == expected


def test_what_people_typed_stays_text(shop):
    hostile = '#read("/etc/passwd") $x^2$ *bold* @ref <l> \\ // ] } "quoted" #panic()'
    build.product("EVIL", name=hostile[:200])
    build.bought("EVIL", 2)
    build.customer("E1", name=hostile)
    number = build.requested(build.sold("EVIL", 1, customer="E1"), 1, "EVIL", reason="")
    assert ink(drawn(number, "request", "en")) > 3000


def test_long_words_stay_in_their_column(shop):
    build.product("W" * 40, name="N" * 200)
    build.bought("W" * 40, 2)
    page = drawn(build.requested(build.sold("W" * 40, 1), 1, "W" * 40), "request", "en")
    assert ink(page, (0.93, 0.2, 1, 1)) == 0


def test_only_the_chinese_refund_says_its_amount_in_capital_numerals(rma):
    box = (0.05, 0.38, 0.95, 0.44)
    assert ink(drawn(rma, "refund", "zh"), box) > ink(drawn(rma, "refund", "en"), box) + 300


def test_a_paper_of_what_has_not_happened_is_refused(shop):
    number = build.requested(build.sold())
    with refused("paper_not_ready", document=number):
        papers([number], "refund", "zh")
    with refused("unknown_document", document="R999999"):
        papers(["R999999"], "request", "zh")
    with refused("invalid_input", field="kind"):
        papers([number], "poem", "zh")
    with refused("invalid_input", field="language"):
        papers([number], "request", "fr")
    with refused("invalid_input", field="format"):
        papers([number], "request", "zh", paper_format="narrow")
    with refused("invalid_input", field="documents"):
        papers([], "request", "zh")


def test_what_was_taken_back_is_on_no_paper(shop):
    from backstock.returns.commands.undo import UndoStep, undo_step

    number = build.on_the_dock()
    undo_step(UndoStep(document=number, what="receive"), actor=SYSTEM)
    with refused("paper_not_ready"):
        papers([number], "receipt", "zh")


def test_many_are_one_file_and_those_without_the_paper_are_left_out(shop):
    first, second, bare = build.on_the_dock(), build.on_the_dock(), build.requested(build.sold())
    both = papers([first, second, bare], "receipt", "zh")
    assert both.startswith(b"%PDF")
    assert both.count(b"/Type/Page") - both.count(b"/Type/Pages") == 2


def test_the_receipt_also_comes_narrow(rma):
    slip = drawn(rma, "receipt", paper_format="narrow")
    assert 340 < slip.size[0] < 352
    assert ink(slip) > 3000


def test_the_letterhead_and_its_logo_are_printed(rma, tmp_path, monkeypatch):
    from django.conf import settings

    from backstock.core.pictures import keep_picture

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    plain = drawn(rma, "request")
    square = io.BytesIO()
    Image.new("RGB", (60, 60), "black").save(square, "PNG")
    logo = keep_picture(square.getvalue(), "logo.png")
    set_letterhead(SetLetterhead(name_zh="杭州归仓贸易有限公司", logo_hash=logo, footer_zh="谢谢惠顾"), actor=SYSTEM)
    dressed = drawn(rma, "request")
    assert ink(dressed, (0, 0.03, 0.15, 0.09)) > ink(plain, (0, 0.03, 0.15, 0.09)) + 2000
    assert ink(dressed, (0, 0.93, 0.3, 1)) > ink(plain, (0, 0.93, 0.3, 1))


def test_a_long_return_goes_over_several_pages(shop):
    from backstock.returns.commands.request import RequestLine, RequestReturn, request_return
    from backstock.sales.commands.sell import Sell, SellLine, sell

    skus = [build.product(f"L{n}") for n in range(60)]
    for sku in skus:
        build.bought(sku, 1)
    on = date(2026, 1, 5)
    sale = sell(
        Sell(customer="SUN", lines=tuple(SellLine(sku=sku, quantity_e4=10_000) for sku in skus), paid="all", on=on), actor=SYSTEM
    )  # fmt: skip
    lines = tuple(RequestLine(sku=sku, quantity_e4=10_000) for sku in skus)
    number = request_return(RequestReturn(sale=sale.document, lines=lines, on=on), actor=SYSTEM).document
    made = papers([number], "request", "zh")
    assert made.count(b"/Type/Page") - made.count(b"/Type/Pages") == 2


def test_papers_call_things_as_the_pages_do():
    from backstock.desk import words as pages
    from backstock.documents import words as own

    for name in ("STATUSES", "TYPES", "FOUND", "VERDICTS", "DISPOSITIONS", "TENDERS", "REFUND_STATUSES"):
        ours, theirs = getattr(own, name), getattr(pages, name)
        assert {code: str(said) for code, said in ours.items()} == {code: pages.word(theirs, code) for code in ours}, (
            name
        )


def test_printing_many_costs_no_more_statements(shop):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    numbers = [build.settled(build.back_on_the_shelf()) for _ in range(4)]
    counts = []
    for some in (numbers[:1], numbers):
        with CaptureQueriesContext(connection) as captured:
            papers(some, "refund", "zh")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 14
