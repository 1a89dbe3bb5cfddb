"""What the ways of goods are called."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from backstock.desk.parts import Text
from backstock.stock.figures import Way

WAYS: Mapping[Way, Text] = {
    Way.purchased: gettext_lazy("Purchased"),
    Way.returned: gettext_lazy("Back from customers"),
    Way.counted_up: gettext_lazy("Counted or booked up"),
    Way.assembled: gettext_lazy("Assembled"),
    Way.other_in: gettext_lazy("Moved in"),
    Way.sold: gettext_lazy("Sold and sent"),
    Way.sent_back: gettext_lazy("Sent back to customers"),
    Way.to_supplier: gettext_lazy("Back to suppliers"),
    Way.scrapped: gettext_lazy("Scrapped or donated"),
    Way.counted_down: gettext_lazy("Counted or booked down"),
    Way.used: gettext_lazy("Used for assembly"),
    Way.other_out: gettext_lazy("Moved out"),
    Way.revalued: gettext_lazy("Moved inside"),
}
