"""The component kit as template tags; `/kit/` shows them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    SelectMultiple,
)
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from backstock.core.permissions import actor_for
from backstock.desk import figures
from backstock.desk.assets import asset_url
from backstock.desk.navigation import Shown, menu
from backstock.desk.parts import TONES, Empty, Happening, Progress, Refusal, Text

register = template.Library()

ICON = (
    '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
    ' stroke-linejoin="round" {}><use href="{}#{}"></use></svg>'
)


@register.simple_tag
def asset(name: str) -> str:
    return asset_url(name)


@register.simple_tag
def icon(name: str, label: Text = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration."""
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(ICON, said, asset_url("icons.svg"), name)


@register.simple_tag(takes_context=True)
def navigation(context: Mapping[str, Any]) -> list[Shown]:
    """Return the main menu as this reader sees it; the page has loaded the reader's permissions already."""
    request = context["request"]
    return menu(getattr(request, "actor", None) or actor_for(request.user), request.path)


@register.simple_tag(takes_context=True)
def has_notes(context: Mapping[str, Any]) -> bool:
    """Tell whether this reader has a bell; asks the database nothing."""
    actor = getattr(context.get("request"), "actor", None)
    return actor is not None and actor.may("returns.view")


@register.simple_tag
def page_language() -> str:
    """Name the language the way HTML wants it."""
    return {"zh-hans": "zh-Hans"}.get(get_language() or settings.LANGUAGE_CODE, get_language() or "en")


@register.simple_tag
def languages() -> list[tuple[str, str, bool]]:
    return [(code, str(name), code == get_language()) for code, name in settings.LANGUAGES]


@register.simple_tag
def money(cents: int | None, currency: str = "CNY", digits: int = 2) -> SafeString:
    """Show an integer of the currency's smallest unit: `{% money 123450 %}`."""
    text = "" if cents is None else figures.money_text(cents, currency, digits)
    return format_html('<span class="figure">{}</span>', text)


@register.simple_tag
def quantity(e4: int | None, unit: Text = "") -> SafeString:
    """Show an integer of 1/10,000 units: `{% quantity 125000 "kg" %}`."""
    text = "" if e4 is None else figures.quantity_text(e4, str(unit))
    return format_html('<span class="figure">{}</span>', text)


@register.simple_tag
def badge(label: Text, tone: str = "neutral") -> SafeString:
    return format_html('<span class="badge {}">{}</span>', tone_class(tone), label)


@register.filter
def tone_class(tone: str) -> str:
    return f"tone-{tone if tone in TONES else 'neutral'}"


@register.inclusion_tag("desk/components/refusal.html")
def refusal(refusal: Refusal) -> dict[str, Any]:
    return {"refusal": refusal}


@register.inclusion_tag("desk/components/timeline.html")
def timeline(happenings: Sequence[Happening]) -> dict[str, Any]:
    return {"happenings": [(each, figures.moment_text(each.at)) for each in happenings]}


@register.inclusion_tag("desk/components/empty.html", takes_context=True)
def empty(context: template.Context, empty: Empty) -> dict[str, Any]:
    return {"empty": empty, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("desk/components/progress.html")
def progress(progress: Progress) -> dict[str, Any]:
    return {"progress": progress}


@register.inclusion_tag("desk/components/upload.html")
def upload(
    name: str,
    label: Text,
    help: Text = "",
    accept: str = "image/*",
    capture: str = "environment",
    multiple: bool = True,
) -> dict[str, Any]:
    """Ask for files; on a phone `capture` opens the camera ("" offers the gallery first)."""
    return {"name": name, "label": label, "help": help, "accept": accept, "capture": capture, "multiple": multiple}


@register.inclusion_tag("desk/components/chart.html")
def chart(
    name: str, option: Mapping[str, Any], label: Text, kind: str = "number", currency: str = "CNY", digits: int = 2
) -> dict[str, Any]:
    """Draw an ECharts option (plain data); `kind` is number, percent or money (smallest unit of the currency)."""
    data = json_script(option, f"{name}-option", DjangoJSONEncoder)
    symbol = figures.symbol(currency)
    return {"name": name, "data": data, "label": label, "kind": kind, "symbol": symbol, "digits": digits}


@register.inclusion_tag("desk/components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show one field of a Django form with its label, help and errors."""
    return {"field": bound, "control": control(bound), "check": isinstance(bound.field.widget, CheckboxInput)}


@register.simple_tag
def line_control(bound: BoundField) -> SafeString:
    """Show a field of a document's row: its label stands above the column."""
    return control(bound)


def control(bound: BoundField) -> SafeString:
    """Render the widget in Tabler's clothes."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return bound.as_widget()
    kind = "form-control"
    if isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select | SelectMultiple):
        kind = "form-select"
    classes = [kind, widget.attrs.get("class", ""), "is-invalid" if bound.errors else ""]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, FileInput):
        attrs.setdefault("accept", widget.attrs.get("accept", "*/*"))
    return bound.as_widget(attrs=attrs)
