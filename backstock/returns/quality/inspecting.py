"""What an inspection brings beside its verdicts: answers, samples, reasons found, photos, notes. Read and written if there are any."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as typed

from backstock.catalog.lines import GoodsLine
from backstock.core import clock, rows
from backstock.core.amounts import E4
from backstock.core.commands import STRICT, Batch, Item
from backstock.core.models import Company
from backstock.evidence.commands.attach import Hash
from backstock.evidence.keeping import Kept
from backstock.evidence.models import Evidence
from backstock.evidence.writing import Entry, append, find_kept
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import InspectionFinding, InspectionRules
from backstock.returns.quality.errors import SampleTooSmall
from backstock.returns.quality.inspection import Given, Rules, failed, rules_for
from backstock.returns.quality.sampling import sample_plan
from backstock.returns.stepping import Part


@typed(frozen=True, kw_only=True, config=STRICT)
class Answer:
    """The answer to one question of the checklist."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    yes: bool | None = None
    measure_e4: Annotated[int, Field(ge=-(10**15), le=10**15)] | None = None
    choice: Annotated[str, Field(max_length=40)] | None = None


@typed(frozen=True, kw_only=True, config=STRICT)
class Sample:
    """How many of the batch were looked at, and how many of those were defective."""

    units: Annotated[int, Field(ge=1, le=10**9)]
    defects: Annotated[int, Field(ge=0, le=10**9)]


@typed(frozen=True, kw_only=True, config=STRICT)
class InspectLine(GoodsLine):
    """Grade A is as new, B opened, C worn, D defective; not accepted means the customer gets neither money nor goods kept.

    With a sample the defects in it decide about the whole batch as well. `found_reason` is why it came back as we see it.
    """

    PERSONAL: ClassVar = frozenset({"note"})

    grade: Literal["A", "B", "C", "D"] | None = None
    accepted: bool = True
    found_reason: Annotated[str, Field(max_length=60)] = ""
    answers: Annotated[tuple[Answer, ...], Field(max_length=50)] = ()
    sample: Sample | None = None
    photos: Annotated[tuple[Hash, ...], Field(max_length=50)] = ()
    note: Annotated[str, Field(max_length=2000)] = ""


@dataclass(slots=True)
class Found:
    """What one line of an inspection found, ready to be written."""

    line: InspectLine
    accepted: bool
    parts: list[Part] = field(default_factory=list)
    rules_id: int = 0
    failed: list[str] = field(default_factory=list)
    sample: dict[str, Any] = field(default_factory=dict)
    photos: dict[str, Kept] = field(default_factory=dict)

    @property
    def is_worth_a_row(self) -> bool:
        """Whether there is more to keep than the verdict."""
        return bool(self.line.found_reason or self.line.answers or self.failed or self.sample)


def terms_on(days: Iterable[date]) -> dict[date, tuple[int, dict[str, Any]]]:
    """Return the rules that hold on days: (version, terms)."""
    wanted = set(days)
    found: dict[date, tuple[int, dict[str, Any]]] = dict.fromkeys(wanted, (0, {}))
    if wanted:
        versions = InspectionRules.objects.filter(valid_from__lte=max(wanted)).order_by("valid_from", "pk")
        for pk, valid_from, terms in versions.values_list("pk", "valid_from", "terms"):
            for day in wanted:
                if valid_from <= day:
                    found[day] = (pk, terms)
    return found


def rules_today() -> tuple[int, dict[str, Any]]:
    """Return the rules that hold today: (version, terms)."""
    today = clock.today(Company.objects.values_list("timezone", flat=True).get())
    return terms_on([today])[today]


@dataclass(slots=True)
class Questions:
    """The rules of the days of a batch, and which returns have photos of their inspection already."""

    terms: dict[date, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    photographed: set[str] = field(default_factory=set)

    def rules(self, on: date, category: str) -> Rules:
        """Return what holds for goods of a category on a day."""
        version_id, terms = self.terms.get(on, (0, {}))
        return rules_for(terms, category, version_id)

    def found(self, document: str, on: date, line: InspectLine, parts: Sequence[Part]) -> Found:
        """Judge what a line of an inspection says; raise what is missing or wrong in it."""
        found = Found(line, line.accepted, list(parts), photos=find_kept(line.photos))
        must = any(part.line.terms.checklist == "required" for part in parts)
        if must or line.answers or line.sample is not None:
            rules = self.rules(on, parts[0].line.row.product.category)
            given = [Given(each.code, each.yes, each.measure_e4, each.choice) for each in line.answers]
            has_photo = bool(line.photos) or document in self.photographed
            found.rules_id, found.failed = rules.version_id, failed(rules.checks, given, must, has_photo)
            if line.sample is not None:
                self._judge_sample(found, line, line.sample, rules.aql)
        return found

    def _judge_sample(self, found: Found, line: InspectLine, sample: Sample, aql: str) -> None:
        units = sum(part.quantity_e4 for part in found.parts)
        plan = sample_plan(max(1, -(-units // E4)), aql)
        if sample.units < plan.size or sample.units > plan.lot or sample.defects > sample.units:
            raise SampleTooSmall(
                sku=line.sku, lot=plan.lot, needed=plan.size, given=sample.units, defects=sample.defects
            )
        found.accepted = line.accepted and plan.passes(sample.defects)
        found.sample = {
            "sku": line.sku, "lot": plan.lot, "aql": aql, "size": plan.size, "accept": plan.accept, "reject": plan.reject,
            "units": sample.units, "defects": sample.defects, "accepted": found.accepted,
        }  # fmt: skip


def load_questions(batch: Batch[Any], returns: Iterable[LoadedReturn]) -> Questions:
    """Read the rules where a line answers some or the terms of a return want them answered."""
    must = {rma.row.number for rma in returns for line in rma.lines if line.terms.checklist == "required"}
    answered = [item for item in batch.open if any(x.answers or x.sample is not None for x in item.input.lines)]
    days = {item.on for item in (batch.open if must else answered)}
    if not days:
        return Questions()
    taken = Evidence.objects.filter(document__in=must, step="inspect", kind="file", erased_at=None) if must else None
    return Questions(terms_on(days), set(taken.values_list("document", flat=True)) if taken is not None else set())


FIELDS = (
    "rma_id", "log_id", "line_id", "piece_id", "quantity_e4", "found_reason", "rules_id", "answers", "failed", "sample",
)  # fmt: skip


def _plain(answer: Answer) -> dict[str, Any]:
    values = {"code": answer.code, "yes": answer.yes, "measure_e4": answer.measure_e4, "choice": answer.choice}
    return {name: value for name, value in values.items() if value is not None}


def write_found(batch: Batch[Any], entries: Sequence[tuple[Item[Any], int, Sequence[Found]]]) -> None:
    """Append what was found beside the verdicts: (item, return, found)."""
    findings = [
        (
            rma_id, item.log_id, part.line.row.pk, part.piece.pk, part.quantity_e4, each.line.found_reason, each.rules_id,
            [_plain(answer) for answer in each.line.answers], each.failed, each.sample,
        )
        for item, rma_id, found in entries
        for each in found
        if each.is_worth_a_row
        for part in each.parts
    ]  # fmt: skip
    rows.insert(InspectionFinding, FIELDS, findings)
    evidence = [entry for item, _, found in entries for each in found for entry in _evidence(item, each)]
    if evidence:
        append(evidence, batch.recorded_at)


def _evidence(item: Item[Any], found: Found) -> list[Entry]:
    lot = found.line.lot or (found.line.serials[0] if len(found.line.serials) == 1 else "")
    about: dict[str, Any] = {
        "document": item.document, "step": "inspect", "whose": "ours", "lot": lot, "log_id": item.log_id,
        "line": found.parts[0].line.row.position,
    }  # fmt: skip
    entries = [Entry(file=kept, **about) for kept in found.photos.values()]
    return entries + ([Entry(note=found.line.note, **about)] if found.line.note else [])
