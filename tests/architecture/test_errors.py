"""Every refusal has a code and a sentence in both languages, and is documented."""

import dataclasses
import string

from scripts import docs_errors


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_refusal_has_its_own_code_and_both_sentences():
    refusals = docs_errors.refusals()
    assert len(refusals) > 10
    for error in refusals:
        own = [name for name in ("code", "en", "zh") if not isinstance(vars(error).get(name), str)]
        assert own == [], f"{error.__qualname__} lacks {own}"
    codes = [error.code for error in refusals]
    assert sorted(codes) == sorted(set(codes))


def test_every_code_is_words_with_underscores():
    assert [error.code for error in docs_errors.refusals() if not error.code.replace("_", "").islower()] == []


def test_the_sentences_use_only_the_facts_of_their_refusal():
    for error in docs_errors.refusals():
        facts = {field.name.removesuffix("_e4").removesuffix("_cents") for field in dataclasses.fields(error)}
        assert placeholders(error.en) <= facts, error.__qualname__
        assert placeholders(error.zh) <= facts, error.__qualname__


def test_the_page_of_refusals_is_up_to_date():
    assert docs_errors.PAGE.read_text(encoding="utf-8") == docs_errors.page(), "run `just docs-errors`"
