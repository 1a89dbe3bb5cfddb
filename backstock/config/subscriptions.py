"""Everything that happens by itself: which handlers run when something happened. The one place that wires upwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from backstock.books.commands.accrue import accrual_posted
from backstock.core.events import Handler
from backstock.evidence.erasing import remove_files
from backstock.evidence.subjects import Subject
from backstock.evidence.sweeping import Needing
from backstock.returns.commands.charge_replacement import old_goods_came
from backstock.returns.requests.subjects import files_of_drafts, places_of_parcels, places_of_unclaimed
from backstock.returns.requests.subjects import places as places_of_returns

# Policy decides within `request`, and jobs (`backstock work`) read committed rows.
SUBSCRIPTIONS: Final[Mapping[str, Sequence[Handler]]] = {
    "Accrued": (accrual_posted,),
    "EvidenceErased": (remove_files,),
    "OldGoodsCame": (old_goods_came,),
}
# Who holds uploaded files that are no evidence yet, so that the sweep leaves them alone.
NEEDED_FILES: Final[Sequence[Needing]] = (files_of_drafts,)
# Letters of a document's number → who may see its evidence, and what that may be about.
EVIDENCE_SUBJECTS: Final[Mapping[str, Subject]] = {
    "R": Subject("returns.view", places_of_returns),
    "PK": Subject("returns.view", places_of_parcels),
    "UN": Subject("returns.view", places_of_unclaimed),
}
