"""The page of the import files says what they are."""

from __future__ import annotations

from scripts import docs_exchange


def test_the_page_of_import_files_is_up_to_date() -> None:
    assert docs_exchange.PAGE.read_text(encoding="utf-8") == docs_exchange.page(), "run scripts/docs_exchange.py"
