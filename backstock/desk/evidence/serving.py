"""Take files in, and give them only to who may see their document: never run, never guessed at, in parts where asked."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from backstock.core import files
from backstock.core.errors import DomainError
from backstock.core.permissions import Actor
from backstock.desk.access import page, status_of, tell
from backstock.desk.evidence.photos import opened, take
from backstock.evidence.keeping import AREA, SMALL
from backstock.evidence.queries import visible_type

# What a page may show by itself; an iPhone's own container holds what every browser plays.
SHOWN = {
    "image/webp": "image/webp", "video/mp4": "video/mp4", "video/quicktime": "video/mp4", "video/webm": "video/webm",
}  # fmt: skip
AN_HOUR = 3600


@require_POST
@page("evidence.attach")
def upload(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Keep one file, and answer with what a form sends back for it."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"problem": "file"}, status=400)
    try:
        photo = take(file, actor)
    except DomainError as error:
        return JsonResponse({"problem": str(tell(error).sentence)}, status=status_of(error))
    kind = "picture" if photo.is_picture else "video" if photo.is_video else "paper"
    return JsonResponse(
        {"token": photo.token, "kind": kind, "href": photo.href, "name": photo.name, "hash": photo.content_hash}
    )


@require_safe
@page("evidence.attach")
def kept(request: HttpRequest, actor: Actor, token: str) -> HttpResponseBase:
    """Show a file of an open form to who uploaded it."""
    photo = opened(token, actor)
    if photo is None:
        raise Http404
    return answer(request, photo.content_hash, photo.media_type, small=photo.is_picture)


@require_safe
@page("returns.view", "sales.view", "purchases.view", "stock.view")
def show(request: HttpRequest, actor: Actor, name: str, size: str = "") -> HttpResponseBase:
    """Send a file to somebody who may see one of its documents."""
    media_type = visible_type(name, actor) if files.is_hash(name) else None
    if media_type is None:
        raise Http404
    return answer(request, name, media_type, small=size == "small")


def answer(request: HttpRequest, name: str, media_type: str, small: bool) -> HttpResponseBase:
    """Send a file whole or in part, with headers that let no browser make more of it than it is."""
    variant = SMALL if small and files.size_of(name, SMALL, AREA) else ""
    whole = files.size_of(name, variant, AREA)
    if whole is None:
        raise Http404
    start, stop, status = 0, whole, 200
    if wanted := _range(request.headers.get("Range", ""), whole):
        start, stop, status = *wanted, 206
    elif request.headers.get("Range", "").startswith("bytes=") and _RANGE.match(request.headers["Range"]):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{whole}"})
    content = files.read(name, variant, AREA, start, stop - start)
    shown = SHOWN.get(media_type)
    sent = StreamingHttpResponse(content, status=status, content_type=shown or "application/octet-stream")
    sent.headers["Content-Length"] = str(stop - start)
    sent.headers["Accept-Ranges"] = "bytes"
    if status == 206:
        sent.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{whole}"
    if shown is None:
        ending = "pdf" if media_type == "application/pdf" else "bin"
        sent.headers["Content-Disposition"] = f'attachment; filename="{name[:12]}.{ending}"'
    # An hour: what is erased does not live on in a browser for long.
    sent.headers["Cache-Control"] = f"private, max-age={AN_HOUR}"
    sent.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    sent.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return sent


_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


def _range(header: str, whole: int) -> tuple[int, int] | None:
    """Return (start, stop) of one range that lies inside, None for anything else."""
    found = _RANGE.match(header)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), whole)
        return (whole - length, whole) if length else None
    start, stop = int(found[1]), min(int(found[2]) + 1, whole) if found[2] else whole
    return (start, stop) if start < stop else None
