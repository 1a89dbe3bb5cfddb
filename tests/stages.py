"""What tests begin with, made once per worker and copied: no company at all, the shop, the shop with its people."""

from __future__ import annotations

from backstock.core.scratch import Scratch
from tests import build
from tests.cast import Cast, cast


class Stages:
    """The templates that tests copy."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch, self._made = scratch, dict[str, str]()
        self.cast: Cast | None = None

    def template(self, fixtures: set[str]) -> str:
        """Give the template for a test with these fixtures; a file's own `people` stand in no shop."""
        if "shop" not in fixtures:
            return ""
        name = "people" if "people" in fixtures else "shop"
        if name not in self._made:
            self._made[name] = self._scratch.prepared({"shop": build.company, "people": self._people}[name])
        return self._made[name]

    def _people(self) -> None:
        build.company()
        self.cast = cast()
