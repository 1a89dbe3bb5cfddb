"""Each gateway's client against the strict gateway: a real server that speaks its wire format."""

import json
import secrets
import time

import pytest
from django.conf import settings

from backstock.cli.drill.gateway import running
from backstock.core import clock
from backstock.core.permissions import SYSTEM
from backstock.money.accounts import Role
from backstock.refunds.commands.name_payment import NamePayment, name_payment
from backstock.refunds.gateways.protocol import BadNotice, Unclear
from backstock.refunds.gateways.routes import Misconfigured, gateway_of
from backstock.refunds.models import Payout, Refund
from backstock.refunds.outbox import asked_of, pay_due
from tests import build
from tests.build_refunds import AT_ONCE, SLOWLY, granted, paid, refund
from tests.ledgers import on_account

TENDERS = ("alipay", "wechat", "card")


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    with running(tmp_path_factory.mktemp("gateway"), 0.5) as gateway:
        yield gateway


@pytest.fixture
def gateways(strict, monkeypatch):
    """The strict gateway behind every means of payment, with nothing planned."""
    monkeypatch.setattr(settings, "GATEWAYS_FILE", str(strict.config))
    strict.tell(plan=[])
    return strict


def to_refund(gateways, tender, cents=10_000):
    """Grant a refund of a payment that the gateway knows; give its key."""
    number = build.sold(quantity=1, paid={tender: 100})
    # The gateway outlives the companies of the tests, whose numbers begin anew.
    name = f"pi_{number}{tender}-{secrets.token_hex(6)}"
    name_payment(NamePayment(sale=number, tender=tender, reference=name), actor=SYSTEM)
    gateways.tell(payments={name: cents})
    build.settled(build.back_on_the_shelf(1, number=number))
    return refund().payout.key


def moved(gateways, key):
    """Return how often the gateway paid for a key."""
    return [each["times_paid"] for each in gateways.tell()["refunds"] if each["key"].startswith(key)]


@pytest.mark.parametrize("tender", TENDERS)
def test_pays_once_whatever_the_gateway_does_at_first(shop, gateways, tender):
    for plan, states in {
        (): ["paid"],
        ("drop_after",): ["sent", "paid"],
        ("drop_before", "busy"): ["sent", "sent", "paid"],
        ("lie",): ["sent", "paid"],
        # Of what changed no funds Alipay is asked at once.
        ("pend",): ["paid"] if tender == "alipay" else ["sent", "paid"],
        ("refuse",): ["failed"],
    }.items():
        key = to_refund(gateways, tender)
        gateways.tell(plan=plan)
        assert [paid(AT_ONCE) for _ in states] == states, plan
        assert moved(gateways, key) == ([1] if states[-1] == "paid" else [])
    assert refund().problem.lower().endswith("not_enough_balance")
    build.settled(f"R{refund().rma_id:06d}")
    assert paid(AT_ONCE) == "paid"
    assert on_account(Role.refunds_payable) == "0.00"


@pytest.mark.parametrize("tender", TENDERS)
def test_never_more_than_was_paid_in(shop, gateways, tender):
    to_refund(gateways, tender, cents=10_000 if tender == "wechat" else 9_999)
    if tender == "wechat":
        gateways.tell(payments={refund().payout.payment: 9_999})
    assert paid(AT_ONCE) == "failed"
    assert refund().problem


@pytest.mark.parametrize("tender", TENDERS)
def test_a_notice_has_the_refund_asked_about_and_may_come_twice_late_and_in_any_order(
    shop, gateways, tender, client
):  # fmt: skip
    key = to_refund(gateways, tender)
    gateways.tell(plan=["drop_after"])
    assert paid() == "sent"
    headers, body = notice_of(gateways, key, tender)
    for _ in "12":
        answer = client.post(
            f"/gateways/{tender}/notice", body, headers.pop("Content-Type", "application/json"), headers=headers
        )
        assert answer.status_code == 200
        assert answer.content.decode() == gateway_of(tender).accepted[1]
    assert paid() == "paid"
    answer = client.post(f"/gateways/{tender}/notice", body.replace(b"1", b"2"), "application/json", headers=headers)
    assert answer.status_code == 401
    assert moved(gateways, key) == [1]


def notice_of(gateways, key, tender):
    """Sign a notice with the gateway's own key, as its server does."""
    from pathlib import Path

    from backstock.cli.drill.till import Refund
    from backstock.cli.drill.wires import AlipayWire, Keys, StripeWire, WeChatWire
    from backstock.refunds.gateways.calling import private_key, public_key

    folder = Path(gateways.config).parent
    secrets = json.loads((folder / "secrets.json").read_text())
    keys = Keys(
        private_key((folder / "gateway.pem").read_bytes()),
        public_key((folder / "merchant.pub").read_bytes()),
        **secrets,
    )
    wire = {"alipay": AlipayWire, "wechat": WeChatWire, "card": StripeWire}[tender](None, keys)
    return wire.notice(Refund(tender, key, "S", 1, "paid", 1))


def test_notices_over_the_network_come_late_twice_and_the_newest_first(shop, gateways, site):
    keys = {tender: to_refund(gateways, tender) for tender in TENDERS}
    gateways.tell(plan=["drop_after"] * 3)
    pay_due(most=3, manner=SLOWLY)
    assert list(Refund.objects.values_list("status", flat=True)) == ["sent"] * 3
    urls = dict(
        zip(("alipay", "wechat", "stripe"), (f"{site}/gateways/{tender}/notice" for tender in TENDERS), strict=True)
    )

    gateways.tell(notify={"late": 0.1, "urls": urls})

    for _ in range(100):
        if Payout.objects.filter(due_at__lte=clock.now()).count() == 3:
            break
        time.sleep(0.05)
    pay_due(manner=SLOWLY)
    assert list(Refund.objects.values_list("status", flat=True)) == ["paid"] * 3
    assert [moved(gateways, key) for key in keys.values()] == [[1]] * 3


def test_a_stranger_is_turned_away_and_an_unknown_gateway_is_not_there(shop, gateways, client):
    for tender in TENDERS:
        with pytest.raises(BadNotice):
            gateway_of(tender).notice({}, b"{}")
    assert client.post("/gateways/cash/notice", b"", "text/plain").status_code == 404
    assert client.get("/gateways/card/notice").status_code == 405


def test_who_signs_wrongly_or_is_away_has_said_nothing(shop, gateways):
    key = to_refund(gateways, "alipay")
    asked = asked_of(Payout.objects.get(key=key))
    stripe = gateway_of("card")
    stripe.secret_key, before = "wrong", stripe.secret_key
    try:
        with pytest.raises(Unclear, match="http_401"):
            stripe.query(asked.__class__(**{**{n: getattr(asked, n) for n in asked.__slots__}, "payment": "pi_1"}))
    finally:
        stripe.secret_key = before
    alipay = gateway_of("alipay")
    url, alipay.url = alipay.url, "http://127.0.0.1:1/"
    with pytest.raises(Unclear, match="ConnectionRefused"):
        alipay.refund(asked)
    alipay.url = "http://openapi.example.com/"
    with pytest.raises(Unclear, match="not_https"):
        alipay.refund(asked)
    alipay.url = url


def test_a_card_payment_without_a_name_fails_and_says_so(shop, gateways):
    granted()
    assert (paid(AT_ONCE), refund().problem) == ("failed", "payment_reference_required")
    name_payment(NamePayment(sale="S000001", tender="card", reference="pi_named_later"), actor=SYSTEM)
    assert refund().payout.payment == "pi_named_later"


def test_secrets_that_others_may_read_are_refused_and_never_shown(shop, gateways, monkeypatch, tmp_path, caplog):
    open_to_all = tmp_path / "gateways.toml"
    open_to_all.write_text('[card]\nkind = "stripe"\nsecret_key = "sk_secret"\n')
    open_to_all.chmod(0o644)
    monkeypatch.setattr(settings, "GATEWAYS_FILE", str(open_to_all))
    with pytest.raises(Misconfigured, match="chmod 600") as found:
        gateway_of("card")
    open_to_all.chmod(0o600)
    with pytest.raises(Misconfigured, match="webhook_secret") as other:
        gateway_of("card")
    assert "sk_secret" not in str(found.value) + str(other.value) + caplog.text
