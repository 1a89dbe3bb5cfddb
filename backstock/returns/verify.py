"""Check the counters of returns against their events, their sales and the goods ledger (DESIGN §9.1, 2, 6)."""

from __future__ import annotations

from backstock.core.problems import Problem, found_by
from backstock.returns.after.reserving import check_reserved
from backstock.returns.deciding.verify import check_deciding
from backstock.returns.recall.checking import check_recalls


def check_returns() -> list[Problem]:
    """Return what does not hold about returns."""
    found = [
        Problem(
            "disposed ≤ inspected ≤ received ≤ authorised", f"return piece {r[0]}: {r[4]} ≤ {r[3]} ≤ {r[2]} ≤ {r[1]}"
        )
        for r in found_by(
            "SELECT id, authorized_e4, received_e4, accepted_e4 + rejected_e4, disposed_e4 FROM returns_returnpiece "
            "WHERE received_e4 > authorized_e4 OR accepted_e4 + rejected_e4 > received_e4 "
            "OR disposed_e4 > accepted_e4 + rejected_e4"
        )
    ]
    found += [
        Problem("counters equal the events", f"return piece {r[0]} {r[1]}: events {r[2]}, counter {r[3]}")
        for r in [*found_by(EVENTS), *found_by(VERDICTS), *found_by(CLAIMED), *found_by(IN_REPAIR), *found_by(SWAPPED)]
    ]
    found += [
        Problem("open on the sale equals what returns hold open", f"sale piece {r[0]}: returns {r[1]}, counter {r[2]}")
        for r in found_by(OPEN)
    ]
    found += [
        Problem("back on the sale equals what returns received", f"sale piece {r[0]}: {r[1]}/{r[3]} ≠ {r[2]}/{r[4]}")
        for r in found_by(BACK)
    ]
    found += [
        Problem(
            "quarantine holds what was received and not disposed", f"return line {r[0]} product {r[1]}: {r[2]} ≠ {r[3]}"
        )
        for r in found_by(QUARANTINE)
    ]
    return found + _after() + check_reserved() + check_recalls() + check_deciding()


def _after() -> list[Problem]:
    """Return what does not hold about what was given for goods, and of where they went."""
    found = [
        Problem("goods in repair are what was put there and not finished", f"return line {r[0]}: {r[1:]}")
        for r in found_by(IN_WORKSHOP)
    ]
    found += [
        Problem("what old goods were worth stands behind the new ones", f"sale {r[0]}: {r[1]} ≠ {r[2]}")
        for r in found_by(MOVED)
    ]
    found += [
        Problem("what waits for a supplier's credit lies at the vendor", f"return line {r[0]}: {r[1:]}")
        for r in found_by(VENDOR)
    ]
    found += [
        Problem(
            "goods without an owner are where they were taken in, and worth nothing", f"unclaimed line {r[0]}: {r[1:]}"
        )
        for r in found_by(UNCLAIMED)
    ]
    found += [
        Problem("a parcel that was opened belongs to a return", f"parcel {r[0]}") for r in found_by(OPENED_FOR_NOBODY)
    ]
    return found


# (event, verdicts) → the counter that sums them; a mirror row counts negative.
_COUNTERS = (
    ("receive", "('received', 'damaged')", "received_e4"),
    (
        "dispose",
        "('restock', 'restock_discounted', 'repair', 'return_to_vendor', 'scrap', 'donate', 'send_back')",
        "disposed_e4",
    ),
    ("dispose', 'finish_repair", "('send_back')", "sent_back_e4"),
)
CLAIMED = """
    SELECT piece_id, 'at_vendor_e4' AS counter, SUM(e), SUM(c) FROM (
        SELECT piece_id, CASE WHEN (kind = 'dispose') = (mirrors_log_id = 0) THEN quantity_e4 ELSE -quantity_e4 END AS e,
            0 AS c FROM returns_returnevent WHERE kind = 'vendor_credit' OR verdict = 'return_to_vendor'
        UNION ALL SELECT id, 0, at_vendor_e4 FROM returns_returnpiece) AS b_vendor
    GROUP BY piece_id HAVING SUM(e) <> SUM(c)"""
IN_REPAIR = """
    SELECT piece_id, 'in_repair_e4' AS counter, SUM(e), SUM(c) FROM (
        SELECT piece_id, CASE WHEN (kind = 'dispose') = (mirrors_log_id = 0) THEN quantity_e4 ELSE -quantity_e4 END AS e,
            0 AS c FROM returns_returnevent WHERE kind = 'finish_repair' OR (kind = 'dispose' AND verdict = 'repair')
        UNION ALL SELECT id, 0, in_repair_e4 FROM returns_returnpiece) AS b_repair
    GROUP BY piece_id HAVING SUM(e) <> SUM(c)"""
# What was swapped, counter by counter of a return line, is the sum of its steps.
SWAPPED = " UNION ALL ".join(
    f"SELECT line_id, '{counter} of the line' AS counter, SUM(e), SUM(c) FROM ("
    f"SELECT line_id, {counter} AS e, 0 AS c FROM returns_swapstep "
    f"UNION ALL {kept}) AS b_{counter} GROUP BY line_id HAVING SUM(e) <> SUM(c)"
    for counter, kept in (
        ("replaced_e4", "SELECT id, 0, replaced_e4 FROM returns_returnline"),
        *(
            (name, f"SELECT line_id, 0, {name} FROM returns_swap")
            for name in (
                "shipped_e4", "agreed_cents", "worth_net_cents", "worth_tax_cents", "moved_net_cents", "moved_tax_cents",
            )
        ),
    )
)  # fmt: skip
# What moved away from old goods stands behind new ones of the same sale.
MOVED = """
    SELECT sale, SUM(a), SUM(b) FROM (
        SELECT l.sale_id AS sale, w.moved_net_cents + w.moved_tax_cents AS a, 0 AS b
            FROM returns_swap w JOIN returns_returnline l ON l.id = w.line_id
        UNION ALL SELECT sale_id, 0, moved_net_cents + moved_tax_cents FROM sales_saleline WHERE return_line_id <> 0
    ) AS both_sides GROUP BY sale HAVING SUM(a) <> SUM(b)"""
IN_WORKSHOP = """
    SELECT line_id, product_id, SUM(h), SUM(q) FROM (
        SELECT line_id, product_id, in_repair_e4 AS h, 0 AS q FROM returns_returnpiece
        UNION ALL SELECT ref, product_id, 0, quantity_e4 FROM stock_poolbalance WHERE pool = 'repair'
    ) AS both_sides GROUP BY line_id, product_id HAVING SUM(h) <> SUM(q)"""
_SIGNED = "CASE WHEN mirrors_log_id = 0 THEN quantity_e4 ELSE -quantity_e4 END"
EVENTS = " UNION ALL ".join(
    f"SELECT piece_id, '{counter}' AS counter, SUM(e), SUM(c) FROM ("
    f"SELECT piece_id, {_SIGNED} AS e, 0 AS c FROM returns_returnevent WHERE kind IN ('{kind}') AND verdict IN {verdicts} "
    f"UNION ALL SELECT id, 0, {counter} FROM returns_returnpiece) AS b_{counter} GROUP BY piece_id HAVING SUM(e) <> SUM(c)"
    for kind, verdicts, counter in _COUNTERS
)
# Without inspection what was received is accepted.
VERDICTS = " UNION ALL ".join(
    f"SELECT piece_id, '{verdict}_e4' AS counter, SUM(e), SUM(c) FROM ("
    f"SELECT piece_id, {_SIGNED} AS e, 0 AS c FROM returns_returnevent WHERE kind = 'inspect' AND verdict = '{verdict}' "
    f"UNION ALL SELECT p.id, p.received_e4, 0 FROM returns_returnpiece p JOIN returns_returnline l ON l.id = p.line_id "
    f"WHERE '{verdict}' = 'accepted' AND l.terms ->> 'inspection' = 'none' "
    f"UNION ALL SELECT piece_id, quantity_e4, 0 FROM returns_secondopinion WHERE verdict = '{verdict}' "
    f"UNION ALL SELECT piece_id, -quantity_e4, 0 FROM returns_secondopinion WHERE first_verdict = '{verdict}' "
    f"UNION ALL SELECT id, 0, {verdict}_e4 FROM returns_returnpiece) AS b_{verdict} GROUP BY piece_id HAVING SUM(e) <> SUM(c)"
    for verdict in ("accepted", "rejected")
)
_OPEN_NOW = """
    CASE WHEN l.decision = 'reject' THEN 0
         WHEN r.status = 'requested' THEN p.requested_e4
         WHEN r.status = 'approved' THEN p.authorized_e4 - p.received_e4
         WHEN r.status = 'closed' AND r.type = 'refund_only' THEN p.authorized_e4 - p.received_e4
         ELSE 0 END"""
OPEN = f"""
    SELECT piece, SUM(o), SUM(c) FROM (
        SELECT p.sale_piece_id AS piece, {_OPEN_NOW} AS o, 0 AS c FROM returns_returnpiece p
            JOIN returns_returnline l ON l.id = p.line_id JOIN returns_return r ON r.id = l.rma_id WHERE p.sale_piece_id <> 0
        UNION ALL SELECT id, 0, open_e4 FROM sales_salepiece
    ) AS both_sides GROUP BY piece HAVING SUM(o) <> SUM(c)"""
BACK = """
    SELECT piece, SUM(a), SUM(ca), SUM(b), SUM(cb) FROM (
        SELECT sale_piece_id AS piece, received_e4 AS a, sent_back_e4 AS b, 0 AS ca, 0 AS cb
            FROM returns_returnpiece WHERE sale_piece_id <> 0
        UNION ALL SELECT id, 0, 0, received_e4, sent_back_e4 FROM sales_salepiece
    ) AS both_sides GROUP BY piece HAVING SUM(a) <> SUM(ca) OR SUM(b) <> SUM(cb)"""
QUARANTINE = """
    SELECT line_id, product_id, SUM(h), SUM(q) FROM (
        SELECT line_id, product_id, received_e4 - disposed_e4 AS h, 0 AS q FROM returns_returnpiece
        UNION ALL SELECT ref, product_id, 0, quantity_e4 FROM stock_poolbalance WHERE pool = 'quarantine'
    ) AS both_sides GROUP BY line_id, product_id HAVING SUM(h) <> SUM(q)"""
# Quantity and value: the pool of a line at the vendor is what its open claims are about, to the cent.
VENDOR = """
    SELECT line_id, SUM(h), SUM(v), SUM(q), SUM(w) FROM (
        SELECT p.line_id, CASE WHEN (e.kind = 'dispose') = (e.mirrors_log_id = 0) THEN e.quantity_e4 ELSE -e.quantity_e4 END AS h,
            CASE WHEN (e.kind = 'dispose') = (e.mirrors_log_id = 0) THEN e.value_cents ELSE -e.value_cents END AS v,
            0 AS q, 0 AS w
            FROM returns_returnevent e JOIN returns_returnpiece p ON p.id = e.piece_id WHERE e.supplier_id <> 0
        UNION ALL SELECT ref, 0, 0, quantity_e4, value_cents FROM stock_poolbalance WHERE pool = 'vendor'
    ) AS both_sides GROUP BY line_id HAVING SUM(h) <> SUM(q) OR SUM(v) <> SUM(w)"""
# What is still here by the events, by the counter, and by the pool, which holds no value.
UNCLAIMED = """
    SELECT line_id, SUM(e), SUM(h), SUM(q), SUM(v) FROM (
        SELECT line_id, CASE WHEN (kind = 'took') = (mirrors_log_id = 0) THEN quantity_e4 ELSE -quantity_e4 END AS e,
            0 AS h, 0 AS q, 0 AS v FROM returns_unclaimedevent
        UNION ALL SELECT id, 0, here_e4, 0, 0 FROM returns_unclaimedline
        UNION ALL SELECT ref, 0, 0, quantity_e4, value_cents FROM stock_poolbalance WHERE pool = 'unclaimed'
    ) AS both_sides GROUP BY line_id HAVING SUM(e) <> SUM(h) OR SUM(h) <> SUM(q) OR SUM(v) <> 0"""
OPENED_FOR_NOBODY = """
    SELECT p.id FROM returns_parcel p WHERE p.opened_on IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM returns_parcelreturn l WHERE l.parcel_id = p.id)"""
