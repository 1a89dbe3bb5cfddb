"""A return, from the customer's wish to its end. Read `commands/` in this order; each file is one step.

    draft     a message that seems to ask for something; a person makes a request of it
    request   a customer asks; policy, law and flow answer approve, review or reject, and why is kept
    edit, split, merge, change_type, cancel  what may become of a request
    approve   a person says yes (or `reject`); the RMA is authorised, a deadline starts
    scan, receive  goods are counted at the dock, into quarantine, at the cost at which they left
    take_in, match_unclaimed, place_unclaimed  goods whose owner nobody knows yet
    send_straight  the customer sent the goods to the supplier: received, accepted and claimed at once, past our dock
    inspect   what we found: grade, accepted or not; no goods move
    dispose   what happens to each piece: restock, scrap, send back …; both ledgers move
    ship_replacement  other goods leave for those that came (or ahead of them: `charge_replacement` when these are late)
    hold_goods  a supervisor releases what waits on the shelf for an exchange, or holds it again
    finish_repair  goods leave the workshop: onto the shelf, back to the customer, or away
    vendor_credit  the supplier credits what went back to it; `map_reasons`: what it calls our reasons
    settle    (in `refunds`) what is owed: credit note and refund
    waive_paper, close  nothing more will happen; `undo` takes a step back by its mirror while that is possible

What the steps share lies beside them: `loading` locks and reads, `postings` says what moves, `recording` writes it down,
`lifecycle` writes the state. What only one part of the way needs is in its folder: `requests`, `deciding` (flows, approval,
deadlines, dossier), `dock`, `quality` (inspection, disposition), `after` (exchange, repair, suppliers), `recall` (and quotas).

Per line: what was decided is stored, where the goods are is counted from the ledger. The header's state is computed.
"""
