"""Files that a form has collected while it is open: uploaded one by one or with it, and kept when it is refused.

What a form sends back for a kept file is a token signed for this user, so that nobody attaches what others uploaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse

from backstock.core.errors import DomainError
from backstock.core.files import is_hash
from backstock.core.permissions import Actor
from backstock.desk.access import tell
from backstock.desk.parts import Refusal
from backstock.evidence.commands.attach import AttachedFile, AttachEvidence, attach_evidence
from backstock.evidence.keeping import HELD_SECONDS, Kept, keep, kept

MOST = 30
ACCEPT = "image/*,.heic,.heif,video/mp4,video/quicktime,video/webm,application/pdf"


@dataclass(frozen=True, slots=True)
class Photo:
    """One file that a form holds."""

    content_hash: str
    media_type: str
    name: str
    token: str

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def is_video(self) -> bool:
        return self.media_type.startswith("video/")

    @property
    def href(self) -> str:
        return reverse("evidence_kept", args=[self.token])


def _salt(actor: Actor) -> str:
    return f"backstock.evidence.{actor.user_id}"


def signed(kept: Kept, name: str, actor: Actor) -> Photo:
    """Sign a kept file for who uploaded it."""
    facts = [kept.content_hash, kept.media_type, name[:200]]
    return Photo(kept.content_hash, kept.media_type, name[:200], signing.dumps(facts, salt=_salt(actor)))


def opened(token: str, actor: Actor) -> Photo | None:
    """Return the file of a token; None for a forged or stale one."""
    try:
        content_hash, media_type, name = signing.loads(token, salt=_salt(actor), max_age=HELD_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Photo(content_hash, media_type, name, token)


def take(file: UploadedFile[Any], actor: Actor) -> Photo:
    """Keep one uploaded file; raise what is wrong with it."""
    content: Any = file.file
    return signed(keep(content, file.name or ""), file.name or "", actor)


class Photos:
    """What one part of a form collected; `name` tells the parts of a form from each other."""

    def __init__(self, request: HttpRequest, actor: Actor, name: str = "photos") -> None:
        self.name, self.accept, self.problems = name, ACCEPT, list[Refusal]()
        self.kept: dict[str, Photo] = {}
        if request.method != "POST":
            return
        for token in request.POST.getlist(name)[:MOST]:
            if (photo := opened(token, actor)) is not None:
                self.kept[photo.content_hash] = photo
        for file in request.FILES.getlist(f"{name}_file")[:MOST]:
            try:
                photo = take(file, actor)
            except DomainError as error:
                self.problems.append(tell(error))
            else:
                self.kept[photo.content_hash] = photo

    def add(self, names: Iterable[str], actor: Actor) -> None:
        """Hold what came with a message, as if this reader had uploaded it; a name of something not kept is passed over."""
        for name in names:
            if is_hash(name) and (file := kept(name)) is not None:
                self.kept[name] = signed(file, "", actor)

    def __iter__(self) -> Iterator[Photo]:
        return iter(self.kept.values())

    def __bool__(self) -> bool:
        return bool(self.kept)

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(self.kept)

    def attach(self, document: str, actor: Actor, key: str, **about: Any) -> None:
        """Bring the files to a document before the step is booked: a photo that was taken is there, whatever follows.

        Sent again with one more, the key is another; those that are there already are not added twice.
        """
        if self:
            files = tuple(AttachedFile(content_hash=each.content_hash, name=each.name) for each in self)
            which = hashlib.sha256(",".join(self.kept).encode()).hexdigest()[:16]
            attach_evidence(AttachEvidence(document=document, files=files, **about), actor=actor, key=f"{key}:{which}")
