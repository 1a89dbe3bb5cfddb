"""What is asked at an inspection, what was found beside the verdict, and what a second inspector said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class InspectionRules(models.Model):
    """A version of the checklists, the meaning of the grades, what they suggest, and how bulk goods are sampled."""

    valid_from = models.DateField(db_index=True)
    terms = models.JSONField()
    published_at = models.DateTimeField()
    published_by_id = models.BigIntegerField(default=0)


class InspectionFinding(models.Model):
    """What an inspector found on some units beside grade and verdict; appended, with the rules that asked."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(db_index=True)
    line_id = models.BigIntegerField()
    piece_id = models.BigIntegerField()
    quantity_e4 = models.BigIntegerField()
    # Why it came back, as we see it; the customer's reason stands with the line.
    found_reason = models.CharField(max_length=60, blank=True)
    rules_id = models.BigIntegerField(default=0)
    answers = models.JSONField(default=list)
    # The questions whose answers are not good.
    failed = models.JSONField(default=list)
    # {units, defects, size, accept, lot, aql} where a sample was looked at.
    sample = models.JSONField(default=dict)


class SecondOpinion(models.Model):
    """What another inspector said of units that had a verdict: both stand, the later one counts."""

    rma_id = models.BigIntegerField(db_index=True)
    log_id = models.BigIntegerField(db_index=True)
    piece_id = models.BigIntegerField(db_index=True)
    quantity_e4 = models.BigIntegerField()
    first_verdict = models.CharField(max_length=10)
    first_grade = models.CharField(max_length=4, blank=True)
    verdict = models.CharField(max_length=10)
    grade = models.CharField(max_length=4, blank=True)
    found_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        """Units, and one of two verdicts."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    quantity_e4__gt=0, verdict__in=["accepted", "rejected"], first_verdict__in=["accepted", "rejected"]
                ),
                name="second_opinion_verdict",
            )
        ]
