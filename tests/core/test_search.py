"""Rows are found by words, Chinese ones too, on both databases; pictures are drawn afresh."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backstock.catalog.commands.define import define_product
from backstock.catalog.models import Product
from backstock.catalog.queries import find_products, matching_products
from backstock.core import files
from backstock.core.permissions import SYSTEM
from backstock.core.pictures import LARGE, MOST_BYTES, SMALL, SMALL_VARIANT, NotAPicture, keep_picture
from backstock.core.search import asked_words, endings, words_of

GOODS = [
    {"sku": "TS-100-L", "name": "纯棉T恤 男款", "spec": "L 白色", "brand": "Håg"},
    {"sku": "TS-100-M", "name": "纯棉T恤 女款", "spec": "M 红色"},
    {"sku": "CUP", "name": "保温杯", "spec": "500ml", "barcodes": [{"code": "6901028075831"}]},
    {"sku": "it's-100%", "name": "a \"quoted\" * & | ! <-> thing"},
]  # fmt: skip


@pytest.fixture
def goods(shop):
    define_product.batch([define_product.parse(raw) for raw in GOODS], actor=SYSTEM)


def found(text):
    listed = set(find_products(Product.objects.all(), text).values_list("sku", flat=True))
    picked = Product.objects.in_bulk(matching_products(text))
    assert {product.sku for product in picked.values()} == listed
    return listed


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("棉", {"TS-100-L", "TS-100-M"}),
        ("款", {"TS-100-L", "TS-100-M"}),
        ("纯棉 红色", {"TS-100-M"}),
        ("保温杯", {"CUP"}),
        ("温杯", {"CUP"}),
        ("杯保", set()),
        ("ts-1", {"TS-100-L", "TS-100-M"}),
        ("TS100", {"TS-100-L", "TS-100-M"}),
        ("T恤", {"TS-100-L", "TS-100-M"}),
        ("６９０１０２８", {"CUP"}),
        ("håg", {"TS-100-L"}),
        ("hag", set()),
        ("it's", {"it's-100%"}),
        ('"quoted" OR *', set()),
        ("quoted & ! ' \\", {"it's-100%"}),
        ("500ml 保温", {"CUP"}),
        ("NEAR", set()),
        ("'\"*:&|", set()),
    ],
)
def test_finds_by_beginnings_of_words_and_by_parts_of_chinese_ones(goods, text, skus):
    assert found(text) == skus


def test_the_exact_code_comes_first(goods):
    define_product(define_product.parse({"sku": "TS", "name": "TS-100"}), actor=SYSTEM)
    assert Product.objects.get(pk=matching_products("TS")[0]).sku == "TS"


@given(st.text(max_size=40))
def test_every_text_is_found_under_its_own_words(text):
    words = words_of(text)
    for word, goes_on in asked_words(text):
        assert any(each.startswith(word) if goes_on else each == word for each in words)


def test_the_last_digits_of_a_phone_are_words():
    assert endings("138-0013").split() == ["1380013", "380013", "80013", "0013"]
    assert endings("12") == ""


def drawn(size=(3000, 1500), form="JPEG", mode="RGB", **more):
    written = io.BytesIO()
    Image.new(mode, size, "red").save(written, form, **more)
    return written.getvalue()


def test_a_picture_is_drawn_afresh_smaller_and_without_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "camera"
    name = keep_picture(drawn(exif=exif), "a.jpg")

    for variant, longest in (("", LARGE), (SMALL_VARIANT, SMALL)):
        with Image.open(io.BytesIO(b"".join(files.read(name, variant)))) as kept:
            assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (longest, longest // 2), {})
    assert keep_picture(drawn(exif=exif), "b.jpg") == name


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "LA", "1"])
def test_every_kind_of_picture_is_drawn(mode):
    assert files.is_kept(keep_picture(drawn((30, 30), "PNG", mode), "a.png"))


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"x" * (MOST_BYTES + 1)],
    ids=["nothing", "svg", "cut gif", "broken png", "too large"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture):
        keep_picture(content, "a.png")


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(NotAPicture):
        keep_picture(drawn((9000, 9000), "PNG", "1"), "bomb.png")


@pytest.mark.parametrize("name", ["", "..", "../secret_key", "A" * 64, "0" * 63])
def test_only_a_hash_names_a_file(name):
    assert not files.is_kept(name)
    with pytest.raises(ValueError, match=r".*"):
        files.name_of(name)
