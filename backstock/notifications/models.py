"""Notes for roles, letters to customers, and how far the log was told; all of it can be made again or erased."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Told(models.Model):
    """How far the log was turned into notes and letters."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_log_id = models.BigIntegerField(default=0)


class Note(models.Model):
    """One thing that happened, as colleagues are told: which topic of which document; the words come when it is read."""

    log_id = models.BigIntegerField()
    # Which event of its log row.
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=40)
    document = models.CharField(max_length=40, db_index=True)
    # Who did it knows already; 0 is the program itself.
    actor_id = models.BigIntegerField(default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        """One event is told once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["log_id", "position"], name="note_once")]


class NoteRole(models.Model):
    """A role that a note is for."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=20)

    class Meta:
        """A role is told once; unread notes of a role are counted often."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "note"], name="note_role_once")]


class ReadMark(models.Model):
    """A note that somebody has read."""

    user_id = models.BigIntegerField()
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="marks")

    class Meta:
        """Read once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user_id", "note"], name="read_mark_once")]


class ReadThrough(models.Model):
    """Up to which note somebody has marked everything as read."""

    user_id = models.BigIntegerField(primary_key=True)
    note_id = models.BigIntegerField(default=0)


class Audience(models.Model):
    """Which roles are told of a topic, where the company wants it otherwise than shipped."""

    topic = models.CharField(max_length=40, unique=True)
    roles = models.JSONField(default=list)


class Preference(models.Model):
    """In which language a customer is written to, and whether at all."""

    partner_id = models.BigIntegerField(primary_key=True)
    language = models.CharField(max_length=4, default="zh")
    wants_mail = models.BooleanField(default=True)


class LetterText(models.Model):
    """A version of what a kind of letter says in a language; the newest counts, older ones stay to be looked up."""

    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=4)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    log_id = models.BigIntegerField()

    class Meta:
        """The newest of a kind and language is asked for."""

        indexes: ClassVar = [models.Index(fields=["kind", "language"], name="letter_text_newest")]


class Letter(models.Model):
    """The outbox: a letter to a customer, written down with references only; words and address come at delivery."""

    log_id = models.BigIntegerField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    document = models.CharField(max_length=40, db_index=True)
    partner_id = models.BigIntegerField(db_index=True)
    # waiting, sent, failed (given up), expired (too late to be of use), unwanted (no address any more)
    state = models.CharField(max_length=10, default="waiting")
    # The same at every attempt, so that a mailbox shows what arrived twice only once.
    message_key = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    # A worker has taken it until then; one that died lets it go.
    taken_until = models.DateTimeField(null=True)
    # What the mail server said, without addresses.
    problem = models.CharField(max_length=200, blank=True, default="")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """One event is one letter; what waits is asked for often."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["log_id", "position"], name="letter_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "failed", "expired", "unwanted"]), name="letter_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="letter_waiting"),
        ]


class Rating(models.Model):
    """What a customer thought of one return; the comment is theirs and goes when they are erased."""

    rma_id = models.BigIntegerField(unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    stars = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True, default="")
    # By the customer through the link, else taken down by us.
    by_customer = models.BooleanField(default=False)
    # It may be changed once.
    changes = models.PositiveSmallIntegerField(default=0)
    rated_on = models.DateField(db_index=True)
    log_id = models.BigIntegerField()

    class Meta:
        """One to five stars."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="rating_stars")
        ]
