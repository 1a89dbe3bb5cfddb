"""A day's statement beside our refunds and our ledger: every kind of difference is said, and only what differs."""

from datetime import date, timedelta

import pytest

from backstock.core.errors import InvalidInput
from backstock.refunds.reconciliation import Ours, Theirs, compare
from backstock.refunds.statements import read_statement

DAY = date(2026, 1, 5)
NEXT = DAY + timedelta(days=1)


def theirs(**more):
    usual = {
        "position": 2,
        "key": "F000001-abc",
        "reference": "G1",
        "amount_cents": 100,
        "outcome": "paid",
        "happened_on": DAY,
    }
    return Theirs(**{**usual, **more})


def ours(**more):
    usual = {
        "refund_id": 1, "number": "F000001", "key": "F000001-abc", "reference": "G1", "amount_cents": 100,
        "status": "paid", "paid_on": DAY, "ledger_cents": 100,
    }  # fmt: skip
    return Ours(**{**usual, **more})


@pytest.mark.parametrize(
    ("lines", "own", "kinds"),
    [
        ([theirs()], [ours()], []),
        # Found by key with its round behind, by the number before a dash, by their own number.
        ([theirs(key="F000001-abc-1", reference="")], [ours(reference="")], []),
        ([theirs(key="F000001", reference="")], [ours(key="", reference="")], []),
        ([theirs(key="unknown")], [ours()], []),
        ([], [ours()], ["missing_there"]),
        ([theirs(key="X", reference="X")], [], ["missing_here"]),
        ([theirs(key="X", reference="X", outcome="failed")], [], []),
        ([theirs(amount_cents=99)], [ours()], ["amount"]),
        ([theirs(), theirs(position=3)], [ours()], ["twice"]),
        ([theirs(outcome="failed")], [ours()], ["status"]),
        ([theirs()], [ours(status="sent", paid_on=None, ledger_cents=None)], ["status"]),
        ([theirs(outcome="failed")], [ours(status="failed", paid_on=None, ledger_cents=None)], []),
        # A first call that failed stands beside the second that paid.
        ([theirs(outcome="failed"), theirs(position=3)], [ours()], []),
        ([theirs(happened_on=NEXT)], [ours()], ["day"]),
        ([theirs()], [ours(ledger_cents=99)], ["ledger"]),
        ([theirs()], [ours(ledger_cents=None)], ["ledger"]),
        ([], [ours(paid_on=NEXT)], []),
    ],
)
def test_says_what_differs(lines, own, kinds):
    assert [each.kind for each in compare(DAY, lines, own, {})] == kinds


def test_a_refund_that_stands_on_another_days_statement_is_on_another_day():
    (found,) = compare(DAY, [], [ours()], {1: NEXT})
    assert (found.kind, found.ours, found.theirs) == ("day", "2026-01-05", "2026-01-06")


@pytest.mark.parametrize(
    "text",
    [
        "key,reference,amount,status,day\nF1-a,G1,12.50,paid,2026-01-05\n",
        "退款单号,渠道单号,金额,状态,日期\nF1-a,G1,12.50,成功,2026/1/5\n",
        "#支付宝业务明细查询\n支付宝交易号,商户订单号,业务类型,完成时间,商家实收（元）,退款批次号/请求号\n"
        "T9\t,S1\t,交易\t,2026-01-05 10:00:00,12.50,\t\nG1\t,S1\t,退款\t,2026-01-05 10:00:00,-12.50,F1-a\t\n#合计,1\n",
        "微信退款单号,商户退款单号,退款金额,退款状态,退款成功时间\n`G1,`F1-a,`12.50,`SUCCESS,`2026-01-05 10:00:00\n"
        "总交易单数,退款总金额\n`1,`12.50\n",
        "id,Amount,Currency,Status,Created (UTC),backstock_key (metadata)\nG1,12.50,cny,succeeded,2026-01-05 01:00,F1-a\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_reads_our_columns_and_those_of_the_bills(text, encoding):
    (line,) = read_statement(text.encode(encoding), 2)
    assert (line.key, line.reference, line.amount_cents, line.outcome, line.happened_on) == (
        "F1-a",
        "G1",
        1_250,
        "paid",
        DAY,
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xff\xff", b"a,b\n1,2\n", b"key,amount,day\n", b"key,amount,day\nF1,x,2026-01-05\n",
        b"key,amount,day\nF1,0,2026-01-05\n", b"key,amount,day\nF1,1,2026-13-45\n", b"key,amount,day,status\nF1,1,2026-01-05,odd\n",
        b"key,amount,day\n" + b"F" * 200_000 + b",1,2026-01-05\n",
    ],
)  # fmt: skip
def test_refuses_what_is_no_statement(content):
    with pytest.raises(InvalidInput):
        read_statement(content, 2)
