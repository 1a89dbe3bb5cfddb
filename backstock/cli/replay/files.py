"""Read scenario files (YAML 1.2) and refuse what is not in the language, naming file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

COMMON = {"on", "as", "key", "refused"}
VERBS: Final[dict[str, set[str]]] = {
    "purchase": {"doc", "supplier", "warehouse", "lines"},
    "sell": {
        "doc", "customer", "channel", "warehouse", "currency", "rate", "lines", "order_discount", "shipping", "shipped",
        "invoiced", "paid",
    },
    "ship": {"of", "lines"},
    "invoice": {"of", "lines"},
    "pay": {"of", "by", "lines"},
    "request": {"doc", "of", "customer", "channel", "type", "lines", "amount", "evidence"},
    "edit": {"doc", "lines", "reason", "type"},
    "approve": {"doc", "lines", "reason"},
    "reject": {"doc", "lines", "reason"},
    "cancel": {"doc", "lines", "reason"},
    "close": {"doc", "lines", "reason"},
    "receive": {"doc", "warehouse", "lines"},
    "inspect": {"doc", "lines"},
    "dispose": {"doc", "lines"},
    "preview": {"doc", "lines", "amount", "fee", "return_shipping", "shipping", "to"},
    "settle": {"doc", "lines", "amount", "fee", "return_shipping", "shipping", "to"},
    "ship_replacement": {"doc", "lines"},
    "undo": {"doc", "what"},
    "finish_repair": {"doc", "lines", "cost", "to"},
    "vendor_credit": {"doc", "supplier", "amount"},
    "transfer": {"doc", "sku", "qty", "from", "to", "lot", "serials"},
    "adjust": {"doc", "sku", "qty", "reason", "warehouse", "lot", "serials"},
    "close_period": {"through"},
    "gateway": {"next"},
    "advance": {"days"},
    "together": {"steps", "expect_done"},
    "again": {"times"},
    "expect": set(),
}  # fmt: skip
EXPECTATIONS: Final[dict[str, set[str]]] = {
    "stock": {"sku", "warehouse", "at", "lot", "qty", "value"},
    "serial": {"sku", "serial", "at", "warehouse"},
    "returnable": {"of", "sku", "line", "qty"},
    "decision": {"doc", "sku", "outcome", "because"},
    "return": {"doc", "status", "lines"},
    "refund": {"doc", "total", "goods", "tax", "shipping", "fee", "by", "status"},
    "preview": {"doc", "total", "goods", "tax", "shipping", "fee", "by", "status"},
    "credit_note": {"doc", "net", "tax", "gross", "lines", "count"},
    "sale": {"doc", "status", "ordered", "shipped", "returned", "invoiced", "refunded", "net_revenue", "net_cost"},
    "exchange": {"doc", "customer_pays", "we_pay", "status"},
    "customer": {"code", "receivable", "store_credit"},
    "supplier": {"code", "payable", "claims"},
    "account": {"name", "balance", "change"},
    "due": {"doc", "what", "on"},
    "documents": {"of", "kind", "count"},
    "balanced": set(),
}
CASE = {"id", "title", "source", "company", "products", "policy", "steps"}
COMPANY = {"currency", "cost_method", "return_cost", "tax", "warehouses", "users", "rounding", "law", "size"}
PRODUCT = {
    "sku", "name", "price", "tax_rate", "category", "unit", "unit_decimals", "units", "tracking", "returnable", "kit",
}  # fmt: skip
TERMS = {
    "window_days", "window_from", "approval", "inspection", "refund_when", "refund_to", "store_credit_after_days",
    "restocking_fee_percent", "refund_shipping", "return_deadline_days", "four_eyes_above", "cross_ship",
    "cross_ship_deadline_days",
}  # fmt: skip
POLICY = TERMS | {
    "reasons", "review_when", "reject_when", "per_category", "per_sku", "per_reason", "per_customer", "evidence_for",
}  # fmt: skip
LINE: Final[dict[str, set[str]]] = {
    "purchase": {"sku", "qty", "unit", "unit_cost", "lot", "serials", "expires"},
    "sell": {"line", "sku", "qty", "unit", "price", "discount", "lot", "serials"},
    "ship": {"line", "sku", "qty", "unit", "lot", "serials"},
    "request": {
        "of", "line", "sku", "qty", "unit", "reason", "lot", "serials", "exchange_for", "unit_price", "unit_cost",
    },
    "receive": {"line", "sku", "qty", "unit", "lot", "serials", "as"},
    "inspect": {"line", "sku", "qty", "unit", "lot", "serials", "grade", "accepted"},
    "dispose": {"line", "sku", "qty", "unit", "lot", "serials", "to", "value"},
}  # fmt: skip
OTHER_LINE = {"line", "sku", "qty", "unit", "lot", "serials", "reason"}


class InvalidScenario(Exception):
    """A file that is not in the language."""


@dataclass(frozen=True, slots=True)
class Step:
    """One verb with its fields."""

    verb: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One story."""

    file: Path
    id: str
    company: Mapping[str, Any]
    products: list[Mapping[str, Any]]
    policy: Mapping[str, Any]
    steps: list[Step]


class _Reader:
    """Checks one file; every complaint names the line."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def refuse(self, node: Any, key: Any, problem: str) -> InvalidScenario:
        """Make the complaint about a key of a node."""
        try:
            line = node.lc.key(key)[0] + 1
        except (AttributeError, KeyError, TypeError):
            line = getattr(getattr(node, "lc", None), "line", 0) + 1
        return InvalidScenario(f"{self.file}:{line}: {problem}")

    def only(self, node: Any, allowed: set[str], what: str) -> Mapping[str, Any]:
        """Return a mapping that holds allowed keys only."""
        if not isinstance(node, Mapping):
            raise self.refuse(node, None, f"{what} must be a mapping, not {node!r}")
        for key in node:
            if key not in allowed:
                raise self.refuse(node, key, f"unknown field {key!r} in {what}")
        return node

    def listed(self, parent: Any, key: str, what: str) -> list[Any]:
        """Return a list below a key."""
        found = parent.get(key, [])
        if not isinstance(found, list):
            raise self.refuse(parent, key, f"{what} must be a list")
        return found

    def case(self, node: Any) -> Case:
        """Check a case."""
        self.only(node, CASE, "a case")
        for key in ("id", "steps"):
            if key not in node:
                raise self.refuse(node, None, f"a case needs {key!r}")
        company = self.only(node.get("company", {}), COMPANY, "company")
        products = [self.only(each, PRODUCT, "a product") for each in self.listed(node, "products", "products")]
        for each in products:
            if "sku" not in each:
                raise self.refuse(each, None, "a product needs 'sku'")
        policy = self.only(node.get("policy", {}), POLICY, "policy")
        for group in ("per_category", "per_sku", "per_reason", "per_customer"):
            for name, terms in policy.get(group, {}).items():
                self.only(terms, TERMS, f"{group} {name}")
        steps = self.steps(node)
        return Case(self.file, str(node["id"]), company, products, policy, steps)

    def steps(self, parent: Any) -> list[Step]:
        """Check the steps below a case or `together`."""
        found: Any = self.listed(parent, "steps", "steps")
        for n, node in enumerate(found):
            if not isinstance(node, Mapping) or len(node) != 1:
                line = found.lc.item(n)[0] + 1
                raise InvalidScenario(f"{self.file}:{line}: a step is one verb with its fields")
        return [self.step(node) for node in found]

    def step(self, node: Any) -> Step:
        """Check a step."""
        verb, fields = next(iter(node.items()))
        if verb not in VERBS:
            raise self.refuse(node, verb, f"unknown verb {verb!r}")
        fields = {} if fields is None else fields
        if verb == "expect":
            return self.expectation(fields)
        self.only(fields, VERBS[verb] | COMMON, f"{verb}")
        if verb == "together":
            return Step(verb, {**fields, "steps": self.steps(fields)})
        for line in self.listed(fields, "lines", "lines") if "lines" in VERBS[verb] else ():
            self.only(line, LINE.get(verb, OTHER_LINE), f"a line of {verb}")
        return Step(verb, fields)

    def expectation(self, node: Any) -> Step:
        """Check an expectation: one or more kinds."""
        for kind, fields in self.only(node, set(EXPECTATIONS), "expect").items():
            if kind != "balanced":
                self.only(fields, EXPECTATIONS[kind], f"expect {kind}")
        return Step("expect", node)


def read_cases(paths: list[Path]) -> Iterator[Case]:
    """Read the cases of files and folders; raise InvalidScenario."""
    for path in paths:
        files = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            yield from _read_file(file)


def _read_file(file: Path) -> Iterator[Case]:
    yaml = YAML(typ="rt")
    try:
        found = yaml.load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidScenario(f"{file}: {error}") from None
    except YAMLError as error:
        raise InvalidScenario(f"{file}: not YAML: {str(error).splitlines()[0]} {_line_of(error)}") from None
    if not isinstance(found, list):
        raise InvalidScenario(f"{file}:1: a scenario file is a list of cases")
    reader, seen = _Reader(file), set[str]()
    for node in found:
        case = reader.case(node)
        if case.id in seen:
            raise reader.refuse(node, "id", f"case {case.id!r} stands twice")
        seen.add(case.id)
        yield case


def _line_of(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"(line {mark.line + 1})" if mark is not None else ""
