"""The packs that the product ships: the law of markets as typed tables, with article, source and whether it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backstock.policies.law.model import Pack
from backstock.policies.law.packs.cn import CN
from backstock.policies.law.packs.eu import EU, UK
from backstock.policies.law.packs.us import CALIFORNIA, FLORIDA, NEW_YORK, US

PACKS: Final[Mapping[str, Pack]] = {pack.code: pack for pack in (CN, EU, UK, US, CALIFORNIA, NEW_YORK, FLORIDA)}
