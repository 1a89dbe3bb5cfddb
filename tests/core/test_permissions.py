"""Who may do what: the roles the product ships with, as one table."""

import pytest

from backstock.cli.replay.runner import database_state
from backstock.core.commands import REGISTRY
from backstock.core.errors import DomainError
from backstock.core.models import RoleGrant, User
from backstock.core.permissions import actor_for
from tests import build
from tests.cast import ROLES
from tests.commands.cases import CASES, command, good

pytestmark = pytest.mark.any_database

MAY = {
    "wu": {"returns.request", "returns.edit", "returns.cancel", "returns.close", "sales.sell", "partners.register"},
    "qian": {"returns.approve", "returns.reject"},
    "zhou": {"returns.receive", "returns.dispose", "sales.ship", "returns.undo", "purchases.receive_order"}
    | {
        "stock.transfer",
        "stock.arrive",
        "stock.adjust",
        "stock.arrange_shelves",
        "stock.count",
        "stock.count_goods",
        "stock.cancel_count",
        "stock.assemble",
    },
    "li": {"returns.inspect", "returns.dispose", "returns.undo"},
    "feng": {"stock.set_minimum", "purchases.receive", "returns.vendor_credit", "partners.register", "catalog.define"}
    | {
        "purchases.order",
        "purchases.revise_order",
        "purchases.close_order",
        "purchases.receive_order",
        "purchases.send_back",
        "purchases.undo",
    },
    "zhao": {
        "refunds.settle",
        "refunds.confirm",
        "refunds.reconcile",
        "refunds.resolve_difference",
        "refunds.name_payment",
        "refunds.undo_settlement",
        "sales.invoice",
        "sales.pay",
        "money.close_period",
    }
    | {"purchases.invoice"},
    "wang": {"stock.open_warehouse", "stock.archive_warehouse", "stock.post_count", "stock.count_goods"}
    | {"returns.approve", "returns.reject", "policies.publish"},
    "admin": set(CASES),
    "chen": set(),
}
MAY["feng"] |= {
    "catalog.revise", "catalog.archive", "catalog.set_prices", "catalog.arrange", "catalog.arrange_tax_classes",
    "catalog.arrange_price_levels",
}  # fmt: skip
MAY["wang"] |= {"catalog.set_prices", "partners.archive", "partners.merge"}
MAY["wang"] |= {
    "documents.set_letterhead", "notifications.set_audience", "notifications.write_letter", "notifications.resend",
    "notifications.prefer",
}  # fmt: skip
MAY["wu"] |= {"notifications.resend", "notifications.prefer", "notifications.rate"}
MAY["wu"] |= {"partners.revise"}
MAY["feng"] |= {"partners.revise"}
MAY["zhao"] |= {
    "money.open_account", "money.assign_tenders", "money.move", "money.book", "money.take_back",
    "owing.receive", "owing.pay", "owing.open", "owing.allocate", "owing.release", "owing.refund", "owing.take_back",
    "owing.set_off", "owing.write_off",
}  # fmt: skip
MAY["wang"] |= {"owing.approve_write_off"}
MAY["wang"] |= {"policies.publish_law", "returns.note_purchase"}
MAY["qian"] |= {"returns.note_purchase"}
MAY["qian"] |= {"policies.save_draft", "policies.submit_draft", "policies.discard_draft"}
MAY["wang"] |= {"policies.save_draft", "policies.submit_draft", "policies.discard_draft", "policies.approve_draft"}
MAY["wu"] |= {"returns.announce_parcel"}
MAY["zhou"] |= {"returns.announce_parcel", "returns.log_parcel", "returns.scan", "returns.drop_scans"}
MAY["zhou"] |= {
    "returns.take_in", "returns.match_unclaimed", "returns.place_unclaimed", "returns.undo_unclaimed",
    "returns.send_finding_back",
}  # fmt: skip
MAY["wang"] |= {"returns.set_dock_rules", "carriers.define"}

for who in ("wu", "zhou", "li"):
    MAY[who] |= {"evidence.attach"}
MAY["wang"] |= {"evidence.erase"}
MAY["wu"] |= {"returns.split", "returns.merge", "returns.change_type", "returns.answer_recall", "returns.draft"}
MAY["wu"] |= {"returns.settle_draft", "refunds.name_payment", "returns.ask_recall"}
MAY["wang"] |= {"returns.agree_quota", "returns.end_quota"}
MAY["wang"] |= {
    "returns.open_recall",
    "returns.answer_recall",
    "returns.close_recall",
    "stock.block",
    "stock.lift_block",
}
MAY["qian"] |= {"returns.prolong", "returns.change_type"}
MAY["wang"] |= {"returns.prolong", "returns.change_type"}
MAY["qian"] |= {"returns.waive_paper", "returns.hold_goods"}
MAY["wang"] |= {"flows.publish", "returns.waive_paper", "returns.hold_goods"}
MAY["wang"] |= {"evidence.erase", "returns.publish_inspection"}
MAY["li"] |= {"returns.give_second_opinion"}
MAY["wu"] |= {"sales.quote", "sales.confirm", "sales.withdraw_quote", "sales.close_order"}
MAY["zhou"] |= {"sales.sign", "sales.pick", "sales.tick", "sales.end_pick"}
MAY["zhao"] |= {"sales.pay_back"}
MAY["zhou"] |= {"returns.ship_replacement", "returns.undo_replacement"}
MAY["li"] |= {"returns.finish_repair"}
MAY["zhao"] |= {"returns.charge_replacement"}
MAY["zhao"] |= {f"books.{step}" for step in ("record_blue", "ask_red", "confirm_red", "issue_red", "withdraw_red")}
MAY["zhao"] |= {"books.post_credit_notes", "books.accrue", "books.reverse_accrual", "books.estimate_returns"}
MAY["zhao"] |= {"books.post_vouchers", "money.choose_chart", "money.revise_account"}
MAY["feng"] |= {"returns.map_reasons", "returns.send_straight"}
MAY["zhou"] |= {"returns.send_straight"}


@pytest.mark.parametrize("app", sorted({name.partition(".")[0] for name in CASES}))
def test_everybody_may_do_their_part_and_nothing_else(people, app):
    """The admin's part is in `test_every_command`."""
    build.bought(quantity=100)
    for name in (name for name in CASES if name.startswith(f"{app}.")):
        given = good(name)
        state, denied = database_state(), [who for who in MAY if name not in MAY[who]]
        for who in denied:
            with pytest.raises(DomainError) as caught:
                command(name)(given, actor=getattr(people, who))
            assert (caught.value.code, caught.value.facts()["actor"]) == ("permission_denied", who)
        assert database_state() == state
        for who in MAY.keys() - {*denied, "admin"}:
            assert command(name)(good(name), actor=getattr(people, who))


def test_the_table_names_every_person_and_only_commands_that_exist():
    assert set(MAY) == set(ROLES)
    assert set().union(*MAY.values()) <= set(REGISTRY)


def test_a_role_that_is_taken_away_takes_effect_at_the_next_log_in(people):
    user = User.objects.get(username="wu")
    RoleGrant.objects.filter(role="service", permission="sales.sell").delete()
    assert not actor_for(user).may("sales.sell")
    assert actor_for(user).may("returns.request")


def test_somebody_who_left_may_do_nothing(people):
    User.objects.filter(username="admin").update(is_active=False)
    actor = actor_for(User.objects.get(username="admin"))
    assert not any(actor.may(name) for name in CASES)
