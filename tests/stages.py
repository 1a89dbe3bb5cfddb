"""What tests begin with, made once per worker and copied: no company at all, the shop, the shop with its people."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

from backstock.core.scratch import Scratch
from tests import build
from tests.cast import Cast, cast
from tests.kept import Kept


class Stages:
    """The templates that tests copy."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch, self._made, self._kept = scratch, dict[str, str](), dict[str, Kept]()
        self.cast: Cast | None = None

    def company(self, fixtures: set[str], untouched: bool) -> AbstractContextManager[str]:
        """Make what a test with these fixtures begins with Django's default; `untouched` means never used before."""
        if untouched or os.environ["BACKSTOCK_TEST_DB"] == "sqlite":
            return self._scratch.database(self.template(fixtures))
        name = self._name(fixtures)
        if name not in self._kept:
            self._kept[name] = Kept(self._scratch.prepared(self._fillings()[name]))
        return self._kept[name].company()

    def template(self, fixtures: set[str]) -> str:
        """Give the template for a test with these fixtures."""
        name = self._name(fixtures)
        if not name:
            return ""
        if name not in self._made:
            self._made[name] = self._scratch.prepared(self._fillings()[name])
        return self._made[name]

    def close(self) -> None:
        """Let go of what is kept."""
        for each in self._kept.values():
            each.close()

    @staticmethod
    def _name(fixtures: set[str]) -> str:
        """A file's own `people` stand in no shop."""
        if "shop" not in fixtures:
            return ""
        return "people" if "people" in fixtures else "shop"

    def _fillings(self) -> dict[str, Callable[[], object]]:
        return {"": lambda: None, "shop": build.company, "people": self._people}

    def _people(self) -> None:
        build.company()
        self.cast = cast()
