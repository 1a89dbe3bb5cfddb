"""Pictures that people upload: drawn afresh as WebP, so that nothing but the picture is kept (no place, no camera)."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps

from backstock.core import files
from backstock.core.errors import DomainError

# What telephones take: an iPhone's own format among it.
pillow_heif.register_heif_opener(thumbnails=False)
TYPES = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LARGE, SMALL = 1600, 240
SMALL_VARIANT = ".small"
CONTENT_TYPE = "image/webp"


@dataclass(eq=False)
class NotAPicture(DomainError):
    """A file is no picture that we show, or too large."""

    name: str
    most_megabytes: int = MOST_BYTES // 1024 // 1024
    code = "not_a_picture"
    en = "{name} is not a picture that can be shown (JPEG, PNG, WebP, GIF or HEIC, at most {most_megabytes} MB). Choose another file."
    zh = "{name} 不是可显示的图片（JPEG、PNG、WebP、GIF 或 HEIC，不超过 {most_megabytes} MB），请另选文件。"


def keep_picture(content: bytes, name: str) -> str:
    """Keep a picture with a small one beside it and return its content hash; raise NotAPicture."""
    if len(content) > MOST_BYTES:
        raise NotAPicture(name=name)
    drawn = draw(content, name)
    content_hash = files.keep(webp(drawn, LARGE))
    files.keep_variant(content_hash, SMALL_VARIANT, webp(drawn, SMALL))
    return content_hash


def draw(content: bytes, name: str) -> Image.Image:
    """Draw a picture afresh, upright; raise NotAPicture."""
    try:
        with Image.open(io.BytesIO(content), formats=TYPES) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture(name=name)
            profile = opened.info.get("icc_profile")
            drawn = ImageOps.exif_transpose(opened).convert("RGBA" if _see_through(opened) else "RGB")
            drawn.info = {"icc_profile": profile} if profile else {}
            return drawn
    except Exception:
        # Whatever a broken or hostile file makes a decoder raise (each raises its own): it is no picture that we show.
        raise NotAPicture(name=name) from None


def _see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def webp(picture: Image.Image, longest: int, quality: int = 82) -> bytes:
    """Write a picture as WebP, no longer than so many pixels; its colours keep their meaning, nothing else goes along."""
    smaller = picture.copy()
    smaller.thumbnail((longest, longest))
    written = io.BytesIO()
    smaller.save(written, "WEBP", quality=quality, icc_profile=picture.info.get("icc_profile"))
    return written.getvalue()
