"""Policies in files: YAML or JSON, read as they would be published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from backstock.core.errors import InvalidInput
from backstock.policies.commands.publish import plain, publish_policy
from backstock.policies.table.checking import check_form

MOST_BYTES = 5 * 1024 * 1024


def policy_in(file: Path) -> dict[str, Any]:
    """Read the terms of a policy; raise InvalidInput for what could not be published."""
    if file.stat().st_size > MOST_BYTES:
        raise InvalidInput(field="policy", problem="larger than 5 MB")
    try:
        terms = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(field="policy", problem=str(error).splitlines()[0][:200]) from None
    found = plain(publish_policy.parse({"terms": terms}).terms)
    check_form(found.get("table", {}))
    return found


def table_in(file: Path) -> dict[str, Any]:
    """Read the table of a policy; raise InvalidInput where it has none."""
    table: dict[str, Any] = policy_in(file).get("table", {})
    if not table:
        raise InvalidInput(field="table", problem="this policy has no table")
    return table
