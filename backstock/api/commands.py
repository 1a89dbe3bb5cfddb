"""Every command of the registry as one POST: a batch of items with keys, each with its outcome."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.security import django_auth
from pydantic import TypeAdapter

from backstock.core.commands import MAX_ITEMS, Command, Mode, Outcome, Refused
from backstock.core.errors import (
    DomainError,
    InvalidInput,
    KeyReused,
    PermissionDenied,
    TransitionNotAllowed,
    UnknownDocument,
)
from backstock.core.models import User
from backstock.core.permissions import actor_for


class Refusal(Schema):
    """A refusal: a code for programs, facts for everybody, a sentence in both languages that says what to do."""

    refused: str
    facts: dict[str, Any]
    en: str
    zh: str


class Effect(Schema):
    """An item that took effect; `repeated` when its key had been used before."""

    document: str
    answer: dict[str, Any]
    repeated: bool


class Effects(Schema):
    """The outcomes of a batch, in the order of its items."""

    outcomes: list[Effect | Refusal]


# Which refusals have an HTTP status of their own; all others are 422.
STATUS: dict[type[DomainError], int] = {
    PermissionDenied: 403,
    UnknownDocument: 404,
    TransitionNotAllowed: 409,
    KeyReused: 409,
}
RESPONSES: dict[int, Any] = {
    200: Effects,
    400: Refusal,
    401: Refusal,
    403: Refusal,
    404: Refusal,
    409: Refusal,
    422: Refusal,
}


def refusal_of(error: DomainError) -> dict[str, Any]:
    """Return a refusal as plain values."""
    return {"refused": error.code, "facts": error.facts(), "en": error.sentence("en"), "zh": error.sentence("zh")}


def outcome_of(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain values."""
    if isinstance(outcome, Refused):
        return refusal_of(outcome.error)
    return {"document": outcome.document, "answer": outcome.answer, "repeated": outcome.repeated}


def body_of(request: HttpRequest) -> tuple[list[Any], list[str] | None, Mode]:
    """Read {"items": [...], "keys": [...], "mode": "all" | "each"}; raise InvalidInput."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise InvalidInput(field="body", problem="not JSON") from None
    if not isinstance(body, dict) or not isinstance(body.get("items"), list):
        raise InvalidInput(field="items", problem="a list of inputs is needed")
    unknown = set(body) - {"items", "keys", "mode"}
    if unknown:
        raise InvalidInput(field=str(sorted(map(str, unknown))[0])[:60], problem="unknown field")
    items, keys, mode = body["items"], body.get("keys"), body.get("mode", "all")
    if not items or len(items) > MAX_ITEMS:
        raise InvalidInput(field="items", problem=f"1 to {MAX_ITEMS} items")
    if mode not in ("all", "each"):
        raise InvalidInput(field="mode", problem="all or each")
    if keys is not None and not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
        raise InvalidInput(field="keys", problem="a list of texts")
    return items, keys, mode


def add_command(api: NinjaAPI, command: Command[Any]) -> None:
    """Give a command its address, described in OpenAPI by its own input type."""
    schema = TypeAdapter(command.input_type).json_schema(ref_template="#/components/schemas/{model}")
    definitions = schema.pop("$defs", {})
    body = {
        "type": "object",
        "required": ["items"],
        "additionalProperties": False,
        "properties": {
            "items": {"type": "array", "minItems": 1, "maxItems": MAX_ITEMS, "items": _inlined(schema, definitions)},
            "keys": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 200}},
            "mode": {"enum": ["all", "each"], "default": "all"},
        },
    }

    def run(request: HttpRequest) -> dict[str, Any]:
        items, keys, mode = body_of(request)
        if not isinstance(request.user, User):  # `auth` lets nobody else through
            raise PermissionDenied(permission=command.name, actor="")
        inputs = [command.parse(item) for item in items]
        outcomes = command.batch(inputs, actor=actor_for(request.user), keys=keys, mode=mode)
        return {"outcomes": [outcome_of(outcome) for outcome in outcomes]}

    api.post(
        f"/commands/{command.name}",
        response=RESPONSES,
        operation_id=command.name.replace(".", "_"),
        summary=(command.__doc__ or "").strip().splitlines()[0],
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}},
    )(run)


def _inlined(schema: Any, definitions: dict[str, Any], within: frozenset[str] = frozenset()) -> Any:
    """Put definitions where they are referred to; one that holds itself stands as «anything» where it begins again."""
    if isinstance(schema, dict):
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if name in definitions:
            return {} if name in within else _inlined(definitions[name], definitions, within | {name})
        return {key: _inlined(value, definitions, within) for key, value in schema.items()}
    return [_inlined(each, definitions, within) for each in schema] if isinstance(schema, list) else schema


def make_api() -> NinjaAPI:
    """Make the API; a browser session with its CSRF token is the way in until there are tokens for programs."""
    return NinjaAPI(title="Backstock 归仓", version="0.1", auth=django_auth, docs_url=None, urls_namespace="api")
