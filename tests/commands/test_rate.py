"""What a customer thought of a return, once it is closed."""

from __future__ import annotations

from datetime import date

from backstock.core.models import CommandLog
from backstock.core.permissions import SYSTEM
from backstock.notifications.commands.rate import RateReturn, rate_return
from backstock.notifications.models import Rating
from backstock.notifications.ratings import average, comments
from backstock.notifications.telling import tell_new
from backstock.partners.commands.register import ErasePartner, erase_partner
from tests import build
from tests.build_telling import closed, rated, reachable
from tests.cast import HE
from tests.ledgers import refused


def test_a_closed_return_is_rated_and_changed_once(shop):
    rma = rated(closed(), 2, "slow")
    rated(rma, 4, "they called back")
    [rating] = Rating.objects.all()
    assert (rating.stars, rating.comment, rating.changes, rating.by_customer) == (4, "they called back", 1, False)
    with refused("already_rated", document=rma):
        rate_return(RateReturn(document=rma, stars=1), actor=SYSTEM)


def test_only_a_closed_return_is_rated(shop):
    rma = build.requested(build.sold())
    with refused("transition_not_allowed", document=rma, current="requested", wanted="rated"):
        rate_return(RateReturn(document=rma, stars=5), actor=SYSTEM)
    with refused("unknown_document"):
        rate_return(RateReturn(document="R999999", stars=5), actor=SYSTEM)


def test_the_same_return_twice_in_one_batch(shop):
    rma = closed()
    both = [RateReturn(document=rma, stars=1), RateReturn(document=rma, stars=5)]
    rate_return.batch(both, actor=SYSTEM)
    assert [(row.stars, row.changes) for row in Rating.objects.all()] == [(5, 1)]


def test_the_words_stay_out_of_the_log_and_go_with_the_customer(shop):
    customer = reachable()
    rated(closed(customer), 1, "my neighbour Mr Li says so too")
    rated(closed(HE), 5, "fine")
    assert "neighbour" not in repr(list(CommandLog.objects.values()))
    erase_partner(ErasePartner(code=customer), actor=SYSTEM)
    tell_new()
    assert list(Rating.objects.order_by("pk").values_list("stars", "comment")) == [(1, ""), (5, "fine")]


def test_a_customer_who_was_erased_long_ago_is_forgotten_too(shop):
    from datetime import timedelta

    from backstock.core import clock

    customer = reachable()
    rated(closed(customer), 1, "words")
    with clock.frozen(clock.now() - timedelta(days=90)):
        erase_partner(ErasePartner(code=customer), actor=SYSTEM)
    tell_new()
    assert Rating.objects.get().comment == ""


def test_ratings_are_averaged_over_the_returns_of_a_period(shop):
    rated(closed(), 5, "good")
    rated(closed(), 2)
    january, june = (date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 6, 1), date(2026, 6, 30))
    assert (average(*january).count, average(*january).stars_e2) == (2, 350)
    assert (average(*june).count, average(*june).stars_e2) == (0, 0)
    assert [each.comment for each in comments(*january)] == ["good"]
