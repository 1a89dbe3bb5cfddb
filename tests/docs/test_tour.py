"""The tour is executed, line by line."""

from __future__ import annotations

import doctest
from pathlib import Path

TOUR = Path(__file__).resolve().parents[2] / "docs" / "tour.md"


def test_every_line_of_the_tour_does_what_it_says(company_db: object) -> None:
    examples = doctest.DocTestParser().get_doctest(TOUR.read_text(encoding="utf-8"), {}, "tour", str(TOUR), 0)
    assert len(examples.examples) > 50
    heard: list[str] = []

    doctest.DocTestRunner(verbose=False, optionflags=doctest.REPORT_NDIFF).run(
        examples, out=heard.append, clear_globs=False
    )

    assert not heard, "".join(heard)
