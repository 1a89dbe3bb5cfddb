"""The fixtures that other tests rest on."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests import invariants


def test_the_client_and_the_site_answer_from_this_company(client, site):
    there = client.get("/no-such-page").status_code
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{site}/no-such-page")
    refused.value.close()
    assert (there, refused.value.code) == (404, 404)


@pytest.mark.breaks_ledgers
def test_a_test_may_say_that_it_breaks_its_ledgers(company_db, monkeypatch):
    monkeypatch.setattr(invariants, "CHECKS", [lambda: ["goods do not balance"]])
    assert invariants.broken_invariants() == ["goods do not balance"]
