"""Pictures that people upload: drawn afresh as WebP, so that nothing but the picture is kept (no place, no camera)."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from backstock.core import files
from backstock.core.errors import DomainError

TYPES = ("JPEG", "PNG", "WEBP", "GIF")
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
    en = "{name} is not a picture that can be shown (JPEG, PNG, WebP or GIF, at most {most_megabytes} MB). Choose another file."
    zh = "{name} 不是可显示的图片（JPEG、PNG、WebP 或 GIF，不超过 {most_megabytes} MB），请另选文件。"


def keep_picture(content: bytes, name: str) -> str:
    """Keep a picture with a small one beside it and return its content hash; raise NotAPicture."""
    if not content or len(content) > MOST_BYTES:
        raise NotAPicture(name=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=TYPES) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise NotAPicture(name=name)
                drawn = ImageOps.exif_transpose(opened).convert("RGBA" if _see_through(opened) else "RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise NotAPicture(name=name) from None
    content_hash = files.keep(_webp(drawn, LARGE))
    files.keep_variant(content_hash, SMALL_VARIANT, _webp(drawn, SMALL))
    return content_hash


def _see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def _webp(picture: Image.Image, longest: int) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((longest, longest))
    written = io.BytesIO()
    smaller.save(written, "WEBP", quality=82)
    return written.getvalue()
