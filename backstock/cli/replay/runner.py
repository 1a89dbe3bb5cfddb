"""Replay cases, each on a fresh temporary company, and say where a case fails."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, connections, models

from backstock.catalog.commands.define import define_product
from backstock.cli.replay.expectations import Difference, check
from backstock.cli.replay.files import Case, Step
from backstock.cli.replay.gateway import StrictGateway
from backstock.cli.replay.verbs import VERBS, World, advance_clock
from backstock.cli.replay.words import build, e6, quantity_e4
from backstock.cli.verification import verify
from backstock.core.amounts import scaled
from backstock.core.currencies import digits_of
from backstock.core.errors import DomainError
from backstock.core.models import SecurityLog
from backstock.core.people import add_user
from backstock.core.permissions import SYSTEM
from backstock.core.scratch import Scratch
from backstock.money.queries import all_balances
from backstock.policies.commands.publish import publish_policy
from backstock.refunds.gateways.routes import using
from backstock.returns.errors import NotBuiltYet
from backstock.warehouse.commands.found import found_company


@dataclass(frozen=True, slots=True)
class Report:
    """How a case ended."""

    id: str
    ok: bool
    step: int | None = None
    expected: str = ""
    got: str = ""
    seconds: float = 0.0

    def plain(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)


class Failed(Exception):
    """A step that did not do what the case says."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(expected, got)
        self.expected, self.got = expected, got


def replay(cases: list[Case], url: str | None) -> Iterator[Report]:
    """Replay cases one after the other on databases of the kind that `url` names."""
    with Scratch(url) as scratch:
        for case in cases:
            start = time.perf_counter()
            gateway = StrictGateway()
            with scratch.database(), using({"*": gateway}):
                report = _replay(case, gateway)
            yield replace(report, seconds=round(time.perf_counter() - start, 3))


def _replay(case: Case, gateway: StrictGateway) -> Report:
    number = 0
    try:
        world = _found(case, gateway)
        before = all_balances()
        last: Step | None = None
        for number, step in enumerate(case.steps, 1):  # noqa: B007 - tells where it failed
            if step.verb == "expect":
                _expect(check(world, step.fields, before))
                continue
            before = all_balances()
            _run(world, step, last)
            last = step if step.verb != "again" else last
        number += 1
        problems = verify().problems
        if problems:
            raise Failed("balanced", "; ".join(str(each) for each in problems[:3]))
    except Failed as failed:
        return Report(case.id, False, number, failed.expected, failed.got)
    except DomainError as error:
        return Report(case.id, False, number, "done", str(error))
    return Report(case.id, True)


def _expect(difference: Difference | None) -> None:
    if difference:
        name, expected, got = difference
        raise Failed(f"{name} {expected}", got)


def _run(world: World, step: Step, last: Step | None) -> None:
    if step.verb == "together":
        return _together(world, step)
    if step.verb == "again":
        if last is None:
            raise Failed("a step before", "none")
        for _ in range(int(step.fields.get("times", 1))):
            _once(world, last)
        return None
    return _once(world, step)


def _once(world: World, step: Step) -> None:
    advance_clock(world, step.fields)
    if step.verb not in VERBS:
        raise NotBuiltYet(what=step.verb)
    code = step.fields.get("refused")
    if code is None:
        VERBS[step.verb](world, step.fields)
        return
    # Partners named in a step exist, also where the step is refused.
    world.know(step.fields.get("customer"), "customer")
    world.know(step.fields.get("supplier"), "supplier")
    numbers, state = dict(world.numbers), database_state()
    try:
        VERBS[step.verb](world, step.fields)
    except DomainError as error:
        if error.code != code:
            raise Failed(f"refused {code}", str(error)) from None
        world.numbers = numbers
        if database_state() != state:
            raise Failed("nothing changed by a refusal", "something was written") from None
        return
    raise Failed(f"refused {code}", "done")


def _together(world: World, step: Step) -> None:
    """Run steps at the same moment from separate connections and count how many took effect."""
    barrier = threading.Barrier(len(step.fields["steps"]))
    done: list[str] = []
    broken: list[Exception] = []

    def one(each: Step) -> None:
        try:
            barrier.wait(timeout=30)
            _once(world, each)
            done.append(each.verb)
        except DomainError:
            pass
        except Exception as error:  # a crash is not a refusal: it is shown, never counted as one
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(each,)) for each in step.fields["steps"]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise Failed("done or refused", repr(broken[0]))
    if "expect_done" in step.fields and len(done) != step.fields["expect_done"]:
        raise Failed(f"{step.fields['expect_done']} done", f"{len(done)} done")


# The last state that was read, with what it was read from and after how many commits.
_read: list[tuple[str, bytes, str]] = []


def database_state() -> str:
    """Return a digest of every row of ours; the security log is the one that may grow at a refusal."""
    mark = _commit_mark()
    name = str(connection.settings_dict["NAME"])
    if mark and _read and _read[0][:2] == (name, mark):
        return _read[0][2]
    state = _digest()
    _read[:] = [(name, mark, state)]
    return state


def writes() -> str:
    """Return what no write leaves as it was, were it undone by the next: quick on SQLite, elsewhere the digest of every row."""
    with connection.cursor() as cursor:
        # The file that is looked at is there after a first read.
        cursor.execute("SELECT 1 FROM core_company")
    return _commit_mark().hex() or database_state()


def _commit_mark() -> bytes:
    """Return what every commit changes, on SQLite: the header of its write-ahead index. Empty where there is none.

    Two equal marks mean that nothing was written in between (https://www.sqlite.org/walformat.html, section 2.1).
    """
    index = Path(f"{connection.settings_dict['NAME']}-shm")
    if connection.vendor != "sqlite" or connection.connection is None or not index.exists():
        return b""
    with index.open("rb") as file:
        return file.read(48)


def _digest() -> str:
    kept: list[type[models.Model]] = [
        model for model in apps.get_models() if model.__module__.startswith("backstock.") and model is not SecurityLog
    ]
    tables = [model._meta.db_table for model in kept]
    digest = hashlib.sha256()
    for row in sorted(_rows(tables)):
        digest.update(row.encode())
    return digest.hexdigest()


def _rows(tables: list[str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One way to the server instead of one for each table.
            every = (f"SELECT '{table}' || CAST(kept AS text) FROM \"{table}\" AS kept" for table in tables)
            cursor.execute(" UNION ALL ".join(every))
            yield from (row for (row,) in cursor.fetchall())
            return
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from (f"{table}{row}" for row in cursor.fetchall())


def _found(case: Case, gateway: StrictGateway) -> World:
    """Make the company, its people, products and policy."""
    company = case.company
    currency = str(company.get("currency", "CNY"))
    digits, coin = _coins(company.get("rounding"), currency)
    found_company(
        build(
            found_company,
            {
                "currency": currency,
                "currency_digits": digits,
                "cash_rounding_cents": coin,
                "cost_method": company.get("cost_method"),
                "return_cost": company.get("return_cost"),
                "tax_mode": company.get("tax"),
                "law": company.get("law"),
                "size": company.get("size"),
                "warehouses": [str(each) for each in company.get("warehouses", ["MAIN"])],
                "made_by": "replay",
            },
        ),
        actor=SYSTEM,
    )
    for name, roles in company.get("users", {}).items():
        add_user(build(add_user, {"username": str(name), "roles": [str(role) for role in roles]}), actor=SYSTEM)
    products = [build(define_product, _product(each)) for each in case.products]
    if products:
        define_product.batch(products, actor=SYSTEM)
    if case.policy:
        publish_policy(
            build(publish_policy, {"valid_from": "0001-01-01", "terms": _policy(case.policy, digits)}), actor=SYSTEM
        )
    return World(digits=digits, currency=currency, gateway=gateway)


def _coins(rounding: Any, currency: str) -> tuple[int, int]:
    """Return (decimals of the currency, smallest coin in its smallest unit)."""
    digits, coin = digits_of(currency), 1
    if isinstance(rounding, Mapping):
        coin = scaled(rounding.get("cash", 0), digits) or 1
    elif rounding is not None:
        exponent = Decimal(str(rounding)).normalize().as_tuple().exponent
        digits = max(0, -int(exponent))
    return digits, coin


def _product(raw: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: raw[name] for name in ("unit_decimals", "returnable") if name in raw}
    found |= {name: str(raw[name]) for name in ("sku", "name", "category", "unit", "tracking") if name in raw}
    if "price" in raw:
        found["price_e6"] = e6(raw["price"], "price")
    if "tax_rate" in raw:
        found["tax_rate_e6"] = e6(raw["tax_rate"], "tax_rate")
    units = raw.get("units", {})
    found["units"] = [_ratio(str(unit), ratio) for unit, ratio in units.items()]
    kit = raw.get("kit", {})
    found["kit"] = [{"sku": str(sku), "quantity_e4": quantity_e4(qty, str(sku))} for sku, qty in kit.items()]
    return found


def _ratio(unit: str, value: Any) -> dict[str, Any]:
    numerator, denominator = Decimal(str(value)).as_integer_ratio()
    return {"unit": unit, "numerator": numerator, "denominator": denominator}


GROUPS = ("per_category", "per_sku", "per_reason", "per_customer")


def _policy(raw: Mapping[str, Any], digits: int) -> dict[str, Any]:
    found = _terms(raw, digits)
    for group in GROUPS:
        if group in raw:
            found[group] = {str(name): _terms(terms, digits) for name, terms in raw[group].items()}
    for name in ("review_when", "reject_when"):
        if name in raw:
            found[name] = [{str(k): str(v) for k, v in each.items()} for each in raw[name]]
    if "reasons" in raw:
        found["reasons"] = _tree(raw["reasons"])
    if "evidence_for" in raw:
        found["evidence_for"] = [str(each) for each in raw["evidence_for"]]
    return found


def _tree(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(name): _tree(below) for name, below in node.items()}
    return [str(each) for each in node]


def _terms(raw: Mapping[str, Any], digits: int) -> dict[str, Any]:
    scaled_terms = {
        "restocking_fee_percent": ("restocking_fee_e6", lambda v: scaled(Decimal(str(v)) / 100, 6)),
        "four_eyes_above": ("four_eyes_above_cents", lambda v: scaled(v, digits)),
    }
    found: dict[str, Any] = {}
    for name, value in raw.items():
        if name in GROUPS or name in ("reasons", "review_when", "reject_when", "evidence_for"):
            continue
        key, read = scaled_terms.get(name, (name, lambda v: v))
        found[key] = read(value)
    return found
