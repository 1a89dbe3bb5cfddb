"""What stands about inspections on the page of a return: the customer's reason beside ours, answers, samples, opinions, proofs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import CharField, Model, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backstock.catalog.models import Product
from backstock.core.amounts import decimal_text
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.figures import quantity_text
from backstock.desk.returns.request_forms import policy_reasons
from backstock.desk.returns.section import Section
from backstock.returns.loading import LoadedReturn
from backstock.returns.models import DisposalProof, InspectionFinding, InspectionRules, ReturnEvent, SecondOpinion
from backstock.returns.quality.blocks import BLOCKS
from backstock.returns.quality.inspection import Check, rules_for, said


class Told:
    """What is known of one return's inspections, with the words to tell it."""

    def __init__(self, rma: LoadedReturn) -> None:
        self.rma, self.language = rma, get_language() or "zh-hans"
        self.pieces = {piece.pk: (line, piece) for line in rma.lines for piece in line.pieces}
        self.reasons: Mapping[str, str] = {}
        self.questions: dict[int, dict[str, Any]] = {}

    def load(self, findings: Iterable[InspectionFinding]) -> None:
        """Read the reasons' words and the versions of the rules that asked."""
        self.reasons = dict(policy_reasons())
        versions = {each.rules_id for each in findings} - {0}
        if versions:
            self.questions = dict(InspectionRules.objects.filter(pk__in=versions).values_list("pk", "terms"))

    def product(self, piece_id: int) -> Product:
        return self.pieces[piece_id][1].product

    def much(self, piece_id: int, quantity_e4: int) -> str:
        product = self.product(piece_id)
        return f"{product.name or product.sku} × {quantity_text(quantity_e4, product.unit)}"

    def reason(self, code: str) -> str:
        return self.reasons.get(code, code)

    def finding(self, each: InspectionFinding) -> dict[str, Any]:
        line, piece = self.pieces[each.piece_id]
        checks = rules_for(self.questions.get(each.rules_id, {}), line.row.product.category).checks
        by_code = {check.code: check for check in checks}
        answers = [self._answer(by_code.get(str(given["code"])), given, each.failed) for given in each.answers]
        return {
            "what": self.much(piece.pk, each.quantity_e4),
            "theirs": self.reason(line.row.reason),
            "ours": self.reason(each.found_reason),
            "differs": bool(each.found_reason and line.row.reason and each.found_reason != line.row.reason),
            "answers": answers,
            "sample": each.sample,
        }

    def _answer(self, check: Check | None, given: Mapping[str, Any], failed: list[str]) -> tuple[str, str, bool]:
        code = str(given["code"])
        if "yes" in given:
            answer = _("Yes") if given["yes"] else _("No")
        elif "measure_e4" in given:
            answer = f"{decimal_text(int(given['measure_e4']), 4)} {check.unit if check else ''}".strip()
        else:
            choice = str(given.get("choice", ""))
            answer = said(check.choices.get(choice, {}), self.language) if check else ""
            answer = answer or choice
        return (check.called(self.language) if check else code, answer, code in failed)

    def opinion(self, each: SecondOpinion) -> dict[str, str]:
        return {
            "what": self.much(each.piece_id, each.quantity_e4),
            "first": judged(each.first_verdict, each.first_grade),
            "second": judged(each.verdict, each.grade),
            "reason": self.reason(each.found_reason),
        }


def judged(verdict: str, grade: str) -> str:
    """Say a verdict and its grade."""
    return ", ".join(
        filter(None, [words.word(words.VERDICTS, verdict), words.word(words.GRADES, grade) if grade else ""])
    )


def proofs(rows: Iterable[DisposalProof], rma: LoadedReturn, language: str) -> list[dict[str, str]]:
    """Say what spoke for dispositions: the ground of the law, and who was there."""
    rows = list(rows)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={row.witness_id for row in rows} - {0})}
    grounds = {ground.code: ground.called(language) for block in BLOCKS for ground in block.grounds}
    skus = {pk: sku for sku, pk in rma.skus().items()}
    return [
        {
            "what": f"{skus.get(row.product_id, '')} → {words.word(words.DISPOSITIONS, row.to)}",
            "ground": grounds.get(row.ground, row.ground),
            "witness": names.get(row.witness_id, ""),
        }
        for row in rows
    ]


def _there(rma_id: int) -> set[str]:
    """Tell in one question which of the three kinds there are; most returns have none."""
    kinds: list[tuple[type[Model], str]] = [
        (InspectionFinding, "finding"),
        (SecondOpinion, "opinion"),
        (DisposalProof, "proof"),
    ]
    first, *others = (
        model._default_manager.filter(rma_id=rma_id).values_list(Value(name, output_field=CharField()), flat=True)
        for model, name in kinds
    )
    return set(first.union(*others))


def make(rma: LoadedReturn, actor: Actor) -> Section | None:
    """Show what inspections found; nothing is read before goods were inspected."""
    if not any(piece.accepted_e4 or piece.rejected_e4 for piece in rma.pieces):
        return None
    told, pk = Told(rma), rma.row.pk
    there = _there(pk)
    undone = ReturnEvent.objects.filter(rma_id=pk, mirrors_log_id__gt=0).values("mirrors_log_id")
    found = InspectionFinding.objects.filter(rma_id=pk).exclude(log_id__in=undone).order_by("pk")
    findings = list(found) if "finding" in there else []
    opinions = list(SecondOpinion.objects.filter(rma_id=pk).order_by("pk")) if "opinion" in there else []
    spoke = DisposalProof.objects.filter(rma_id=pk).exclude(log_id__in=undone).order_by("pk")
    proven = list(spoke) if "proof" in there else []
    may_again = actor.may("returns.inspect") and any(piece.to_dispose_e4 for piece in rma.pieces)
    if not (findings or opinions or proven or may_again):
        return None
    if findings or opinions:
        told.load(findings)
    return Section(
        template="desk/inspection/section.html",
        shown={
            "number": rma.row.number, "may_again": may_again, "findings": [told.finding(each) for each in _once(findings)],
            "opinions": [told.opinion(each) for each in opinions],
            "proofs": proofs(proven, rma, told.language) if proven else [],
        },
    )  # fmt: skip


def _once(findings: list[InspectionFinding]) -> list[InspectionFinding]:
    """Tell findings of one inspection that are alike for several lots once, with their sum."""
    sums: dict[str, list[InspectionFinding]] = defaultdict(list)
    for each in findings:
        sums[f"{each.log_id} {each.line_id} {each.found_reason} {each.answers} {each.sample}"].append(each)
    for alike in sums.values():
        alike[0].quantity_e4 = sum(each.quantity_e4 for each in alike)
    return [alike[0] for alike in sums.values()]
