"""One flow in readable sentences, with what changed from version to version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from backstock.core import clock
from backstock.core.models import User
from backstock.core.permissions import Actor
from backstock.desk import words
from backstock.desk.access import company, page
from backstock.desk.figures import day_text, moment_text
from backstock.desk.flows.wording import flow_name, sentences, when_text
from backstock.flows.built_in import BUILT_IN
from backstock.flows.queries import flows_on, versions_of


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence that came or went."""

    sentence: str
    is_new: bool


def all_sentences(terms: Mapping[str, Any], currency: tuple[str, int], reasons: Mapping[str, str]) -> list[str]:
    """Say a whole flow, each sentence by itself, so that two versions can be compared."""
    said = [flow_name("", terms), when_text(terms.get("when") or {}, currency, reasons)]
    said += [f"{each.title}: {sentence}" for each in sentences(terms, currency) for sentence in each.sentences]
    return said


def changes(before: list[str], after: list[str]) -> list[Change]:
    """Return what went and what came."""
    gone = [Change(each, False) for each in before if each not in after]
    return gone + [Change(each, True) for each in after if each not in before]


@page("flows.publish")
def flow_page(request: HttpRequest, actor: Actor, code: str) -> HttpResponseBase:
    """Say what a flow asks, and what changed."""
    own = company()
    currency, reasons = (own.currency, own.currency_digits), words.reason_words()
    found = {flow.code: flow for flow in flows_on(clock.today(own.timezone))}
    versions = versions_of(code)
    if code not in found and not versions:
        raise Http404
    terms = found[code].terms if code in found else versions[0].terms
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=[each.published_by_id for each in versions])}
    shipped = all_sentences(BUILT_IN[code].terms, currency, reasons) if code in BUILT_IN else []
    told = [all_sentences(each.terms, currency, reasons) for each in versions] + [shipped]
    history = [
        {
            "from": day_text(each.valid_from), "at": moment_text(each.published_at), "who": people.get(each.published_by_id, ""),
            "now": code in found and each.pk == found[code].version_id, "changes": changes(told[n + 1], told[n]),
        }
        for n, each in enumerate(versions)
    ]  # fmt: skip
    context: dict[str, Any] = {
        "code": code, "name": flow_name(code, terms), "when": when_text(terms.get("when") or {}, currency, reasons),
        "said": sentences(terms, currency), "history": history, "retired": terms.get("retired"), "shipped": bool(shipped),
    }  # fmt: skip
    return render(request, "desk/flows/page.html", context)
