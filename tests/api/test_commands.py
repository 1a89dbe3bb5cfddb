"""Programs ask over HTTP: each command is one POST, every refusal is typed, and nothing changes on one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from backstock.cli.replay.runner import database_state
from backstock.core.commands import REGISTRY
from backstock.core.models import User
from tests import build
from tests.cast import Cast

pytestmark = pytest.mark.any_database


def post(client: Client, command: str, body: Any) -> tuple[int, dict[str, Any]]:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    answer = client.post(f"/api/commands/{command}", data=raw, content_type="application/json")
    return answer.status_code, answer.json()


def as_(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name))
    return client


def wish(sale: str, quantity: int = 1) -> dict[str, Any]:
    return {"sale": sale, "lines": [{"sku": "A", "quantity_e4": quantity * 10_000}], "on": "2026-01-06"}


def test_nobody_is_told_to_log_in(client: Client, people: Cast) -> None:
    assert post(client, "returns.request", {"items": []})[0] == 401


def test_a_forged_page_cannot_post(people: Cast) -> None:
    strict = as_(Client(enforce_csrf_checks=True), "wu")

    assert strict.post("/api/commands/returns.request", data="{}", content_type="application/json").status_code == 403


def test_a_request_is_made_once_for_its_key(client: Client, people: Cast) -> None:
    body = {"items": [wish(build.sold())], "keys": ["shop-1"]}

    first = post(as_(client, "wu"), "returns.request", body)
    again = post(client, "returns.request", body)

    assert first[0] == again[0] == 200
    assert first[1]["outcomes"][0]["document"] == again[1]["outcomes"][0]["document"]
    assert [first[1]["outcomes"][0]["repeated"], again[1]["outcomes"][0]["repeated"]] == [False, True]


def test_each_item_has_its_own_outcome(client: Client, people: Cast) -> None:
    items = [wish(build.sold()), wish("S999999"), wish("S000001", 99)]

    status, answer = post(as_(client, "wu"), "returns.request", {"items": items, "mode": "each"})

    assert status == 200
    assert [each.get("refused") for each in answer["outcomes"]] == [
        None,
        "unknown_document",
        "quantity_exceeds_returnable",
    ]


@pytest.mark.parametrize(
    ("command", "body", "status", "code"),
    [
        ("returns.request", b"\x00{", 422, "invalid_input"),
        ("returns.request", "[]", 422, "invalid_input"),
        ("returns.request", {"items": "all"}, 422, "invalid_input"),
        ("returns.request", {"items": []}, 422, "invalid_input"),
        ("returns.request", {"items": [{}] * 1001}, 422, "invalid_input"),
        ("returns.request", {"items": [{}], "mode": "some"}, 422, "invalid_input"),
        ("returns.request", {"items": [{}], "keys": [1]}, 422, "invalid_input"),
        ("returns.request", {"items": [{}], "colour": 1}, 422, "invalid_input"),
        ("returns.request", {"items": [{"sale": 5, "lines": []}]}, 422, "invalid_input"),
        ("returns.request", {"items": [{"sale": "S1\x00", "lines": []}]}, 422, "invalid_input"),
        ("returns.request", {"items": [{"sale": "S000001", "lines": []}]}, 422, "quantity_required"),
        ("returns.request", {"items": [wish("S000001", 10**25)]}, 422, "invalid_quantity"),
        ("returns.request", {"items": [wish("S000001", -1)]}, 422, "invalid_quantity"),
        ("returns.request", {"items": [wish("S000009")]}, 404, "unknown_document"),
        ("returns.request", {"items": [wish("'; DROP TABLE sales_sale; --")]}, 404, "unknown_document"),
        ("returns.approve", {"items": [{"document": "R000001"}]}, 403, "permission_denied"),
        ("refunds.settle", {"items": [{"document": "R000001"}]}, 403, "permission_denied"),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(
    client: Client, people: Cast, command: str, body: Any, status: int, code: str
) -> None:
    build.sold()
    as_(client, "wu")
    before = database_state()

    got, answer = post(client, command, body)

    assert (got, answer["refused"]) == (status, code)
    assert answer["en"]
    assert answer["zh"]
    assert database_state() == before


def test_every_command_but_the_founding_ones_is_described(client: Client, people: Cast) -> None:
    described = as_(client, "wu").get("/api/openapi.json").json()

    names = {path.rpartition("/")[2] for path in described["paths"]}
    assert names == REGISTRY.keys() - {"company.found", "company.add_user"}
    for path in described["paths"].values():
        assert {"200", "401", "403", "404", "409", "422"} <= set(path["post"]["responses"])
