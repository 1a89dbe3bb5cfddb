"""A customer rates without logging in, through a link that nobody can make up; staff take ratings down."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk.test_returns_pages import browser, fields, nothing_written, send

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def rma(company_db: str) -> str:
    from tests import build
    from tests.build_telling import closed
    from tests.cast import cast

    build.company(quantity=200)
    cast()
    return closed()


@pytest.fixture
def link(rma: str) -> str:
    from backstock.notifications.ratings import token_of

    return f"/rate/{token_of(rma)}/"


def test_a_customer_rates_by_the_link_and_changes_it_once(rma, link) -> None:
    customer = Client(headers=ENGLISH)
    assert "How did we do?" in customer.get(link).text
    for stars, status in (("2", 302), ("5", 302), ("1", 422)):
        answer = customer.post(link, {"key": f"k{stars}", "stars": stars, "comment": f"said {stars}"})
        assert answer.status_code == status
    assert "the rating was changed once already" in answer.text
    assert "Thank you" in customer.get(f"{link}?done=1").text
    assert "Send</button>" not in customer.get(link).text
    page = browser("wu").get(f"/returns/{rma}/").text
    assert "5 / 5" in page
    assert "said 5" in page
    assert "by the customer" in page


def test_the_page_says_nothing_personal(rma, link) -> None:
    from backstock.partners.models import Partner

    Partner.objects.filter(code="SUN").update(
        name="孙悟空", phone="13900139002", email="sun@example.com", address="花果山"
    )
    page = Client(headers=ENGLISH).get(link).text
    assert rma in page
    assert not [secret for secret in ("孙悟空", "13900139002", "sun@", "花果山", "SUN") if secret in page]


def test_a_link_that_is_made_up_or_old_opens_nothing_and_guessing_is_slowed_down(rma, link) -> None:
    from datetime import timedelta
    from unittest.mock import patch

    from django.core import signing

    stranger = Client(headers=ENGLISH)
    assert stranger.get(f"/rate/{link[6:-2]}x/").status_code == 404
    wrong_salt = signing.dumps(1, salt="something else")
    assert stranger.get(f"/rate/{wrong_salt}/").status_code == 404
    with patch("django.core.signing.time.time", return_value=signing.time.time() + timedelta(days=121).total_seconds()):
        assert stranger.get(link).status_code == 404
    for _ in range(10):
        stranger.get("/rate/guess/")
    assert stranger.get("/rate/guess/").status_code == 429
    assert stranger.get(link).status_code == 429


def test_a_refused_rating_keeps_the_words(rma, link) -> None:
    customer = Client(headers=ENGLISH)
    customer.get(link)
    with nothing_written():
        answer = customer.post(link, {"key": "k", "stars": "6", "comment": "six of five"})
    assert answer.status_code == 422
    assert "six of five" in answer.text


def test_an_open_return_cannot_be_rated(rma) -> None:
    from backstock.notifications.ratings import token_of
    from tests import build

    other = build.requested(build.sold(quantity=1))
    answer = Client(headers=ENGLISH).post(f"/rate/{token_of(other)}/", {"key": "k", "stars": "5"})
    assert answer.status_code == 422
    assert "Take a rating down" not in browser("wu").get(f"/returns/{other}/").text


def test_staff_take_a_rating_down(rma) -> None:
    client = browser("wu")
    assert f"/returns/{rma}/rating/" in client.get(f"/returns/{rma}/").text
    page = client.get(f"/returns/{rma}/rating/").text
    sent = {"key": fields(page)["key"], "stars": "3", "comment": "on the phone"}
    assert client.post(f"/returns/{rma}/rating/", sent).status_code == 302
    page = client.get(f"/returns/{rma}/").text
    assert "3 / 5" in page
    assert "taken down by us" in page
    assert browser("zhou").get(f"/returns/{rma}/rating/").status_code == 403
    assert send(client, f"/returns/{rma}/rating/", stars="").status_code == 422


def test_ratings_stand_in_the_statistics(rma) -> None:
    from tests.build_telling import rated

    rated(rma, 4, "quick and friendly")
    page = browser("wang").get("/reports/returns/?from=2026-01-01&to=2026-01-31").text
    assert "4.00" in page
    assert "of 5 stars, 1 rating" in page
    assert "quick and friendly" in page


def test_the_last_letter_holds_the_link_once_we_know_where_we_are(rma, settings_site) -> None:
    from backstock.notifications.outbox import deliver_due
    from tests.build_telling import closed, letters, plain, post_office, reachable

    letters(closed(reachable()))
    with post_office() as (postman, _url):
        deliver_due()
    said = plain(postman.received[-1])
    address = next(word for word in said.replace("：", " ").split() if word.startswith("https://shop.example/rate/"))
    assert Client(headers=ENGLISH).get(address.removeprefix("https://shop.example")).status_code == 200


@pytest.fixture
def settings_site(monkeypatch):
    from django.conf import settings

    monkeypatch.setattr(settings, "SITE_URL", "https://shop.example")
