"""Which notes somebody has, and what of them is read: kept like a session, it changes nothing of the company."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from backstock.core.models import User, UserRole
from backstock.notifications.models import Note, NoteRole, ReadMark, ReadThrough

# A bell that shows more than this says "99+".
MOST = 100


def notes_of(user: User) -> QuerySet[Note]:
    """Return the notes for the roles of a user, without what they did themselves."""
    roles = UserRole.objects.filter(user=user).values("role")
    # An administrator answers for everything.
    everything = UserRole.objects.filter(user=user, role="admin")
    own = NoteRole.objects.filter(note=OuterRef("pk"), role__in=roles)
    return Note.objects.filter(Q(Exists(own)) | Q(Exists(everything))).exclude(actor_id=user.pk)


def read_through(user: User) -> int:
    """Return up to which note somebody has marked everything as read."""
    return ReadThrough.objects.filter(user_id=user.pk).values_list("note_id", flat=True).first() or 0


def unread(user: User) -> QuerySet[Note]:
    """Return the notes of a user that were not read."""
    marks = ReadMark.objects.filter(note=OuterRef("pk"), user_id=user.pk)
    return notes_of(user).filter(~Exists(marks), pk__gt=read_through(user))


def unread_count(user: User) -> int:
    """Count unread notes, no further than the bell shows."""
    return unread(user)[:MOST].count()


def mark_read(user: User, ids: Iterable[int]) -> None:
    """Remember that somebody read some of their notes."""
    own = notes_of(user).filter(pk__in=list(ids)).values_list("pk", flat=True)
    ReadMark.objects.bulk_create([ReadMark(user_id=user.pk, note_id=pk) for pk in own], ignore_conflicts=True)


def mark_all_read(user: User) -> None:
    """Remember that somebody has read everything that there is now."""
    newest = notes_of(user).order_by("-pk").values_list("pk", flat=True).first() or 0
    ReadThrough.objects.update_or_create(user_id=user.pk, defaults={"note_id": newest})
    ReadMark.objects.filter(user_id=user.pk, note_id__lte=newest).delete()
