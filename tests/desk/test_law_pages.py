"""Markets, packs and their facts; clocks of the law and what was late; what was confirmed at a purchase."""

from __future__ import annotations

import html
from datetime import timedelta

from tests import build, build_law
from tests.build import DAY
from tests.desk.test_returns_pages import browser, nothing_written, send, statements

MARKETS = {
    "markets-TOTAL_FORMS": "1", "markets-INITIAL_FORMS": "0", "markets-0-channel": "web", "markets-0-law": "EU",
    "markets-0-distance": "on",
}  # fmt: skip


def test_a_manager_says_which_law_holds_where_and_corrects_what_nobody_checked(people) -> None:
    wang = browser("wang")
    assert send(wang, "/settings/law/", law="CN", quality_reasons=["defective", "broken"], **MARKETS).status_code == 302
    seen = html.unescape(wang.get("/settings/law/").text)
    assert 'value="web"' in seen
    refused = send(wang, "/settings/law/", law="CN", **MARKETS, **{"markets-0-country": "d"})
    assert (refused.status_code, 'value="web"' in refused.text) == (422, True)

    pack = html.unescape(wang.get("/settings/law/CN/").text)
    assert "消费者权益保护法 Art. 25" in pack
    assert "/settings/law/CN/withdrawal/" not in pack
    assert wang.get("/settings/law/CN/withdrawal/").status_code == 404
    rule = "/settings/law/CN/three_guarantees_exchange/"
    assert send(wang, rule, days="20", is_on="on", categories=["phones"], source="GB 1 of 2026").status_code == 302
    pack = html.unescape(wang.get("/settings/law/CN/").text)
    for said in ("20 days after: signed for", "GB 1 of 2026", "Corrected by us"):
        assert said in pack
    with nothing_written():
        answer = send(wang, rule, days="-3", source="kept")
    assert (answer.status_code, "kept" in answer.text) == (422, True)


def test_clocks_of_the_law_are_a_list_and_a_report(people) -> None:
    from backstock.returns.commands.warn_clock import warn_due

    build_law.chinese()
    build.policy(refund_when="received")
    rma = build.received(build.approved(build.requested(build.sold(channel="online"))))
    warn_due(DAY + timedelta(days=30))
    wu = browser("wu")
    few = {
        path: statements(wu, path) for path in ("/returns/clocks/", "/reports/clocks/?from=2026-01-01&to=2026-01-31")
    }
    seen = html.unescape(wu.get(f"/returns/clocks/?q={rma}&state=late").text)
    for said in (rma, "Pay the money back", "消费者权益保护法 Art. 25", "2026-01-12", "goods arrived"):
        assert said in seen
    assert rma.encode() in b"".join(wu.get("/returns/clocks/?export=csv"))
    report = html.unescape(wu.get("/reports/clocks/?from=2026-01-01&to=2026-01-31").text)
    assert "2 deadlines were missed" in report
    assert rma in report
    for _ in range(3):
        build.received(build.approved(build.requested(build.sold(quantity=1, channel="online"))))
    warn_due(DAY + timedelta(days=30))
    assert {path: statements(wu, path) for path in few} == few


def test_what_the_buyer_confirmed_is_noted_on_the_sale_and_taken_back(people) -> None:
    build_law.chinese()
    sale = build.sold(channel="online")
    wang = browser("wang")
    assert f"/sales/{sale}/notices/" in wang.get(f"/sales/{sale}/").text
    url = f"/sales/{sale}/notices/"
    late = send(wang, url, line="1", code="near_expiry", confirmed_on="2026-02-01")
    assert (late.status_code, "2026-02-01" in late.text) == (422, True)
    assert send(wang, url, line="1", code="near_expiry").status_code == 302
    assert "1:near_expiry" in wang.get(url).text
    assert wang.post(url, {"take_back": "1:near_expiry"}).status_code == 302
    assert "1:near_expiry" not in wang.get(url).text
    with nothing_written():
        assert wang.post(url, {"take_back": "x:nothing"}).status_code == 422
