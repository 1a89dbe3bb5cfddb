"""The steps of a return as pages: which form each has, what it says, and which command it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from backstock.desk.fields import Keyed
from backstock.desk.parts import Text
from backstock.desk.returns import goods, repairing, request_forms, step_inputs
from backstock.desk.returns.goods import Goods, Room
from backstock.desk.returns.inspect_form import InspectGoods, OpinionGoods
from backstock.desk.returns.repairing import RepairedGoods, RepairHead
from backstock.desk.returns.step_forms import (
    Approval,
    ApproveGoods,
    DisposeGoods,
    EditGoods,
    GoodsForm,
    NeededReason,
    Placing,
    Reason,
    Receipt,
    ReceiveGoods,
)
from backstock.desk.returns.step_inputs import Shelf, Wanted


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step; `permission` is also its name among the legal actions of a return."""

    name: str
    permission: str
    label: Text
    lead: Text
    done: Text
    icon: str
    input: Callable[[str, Keyed, Sequence[Any]], Wanted]
    head: type[Keyed] = Approval
    line: type[GoodsForm] | None = None
    room: Room | None = None
    initial: Callable[[Goods, Shelf], dict[str, Any]] = step_inputs.whole
    hint: Callable[[Goods, Shelf], str] = step_inputs.to_approve
    needs_shelf: bool = False
    takes_photos: bool = False
    # The step as whose proof its photos count, where it is another one.
    shown_as: str = ""
    danger: bool = False


_ALL = (
    Step(
        name="approve", permission="returns.approve", icon="check",
        label=gettext_lazy("Approve"), done=gettext_lazy("Approved."),
        lead=gettext_lazy("Say how many may come back. What you do not authorise stays with the customer."),
        line=ApproveGoods, room=goods.undecided, input=step_inputs.approval,
    ),
    Step(
        name="receive", permission="returns.receive", icon="package-import",
        label=gettext_lazy("Receive goods"), done=gettext_lazy("Goods received into quarantine."),
        lead=gettext_lazy("Count what lies in the parcel. Leave empty what has not come yet."),
        head=Receipt, line=ReceiveGoods, room=goods.expected, input=step_inputs.receipt,
        initial=step_inputs.all_arrived, hint=step_inputs.to_receive, takes_photos=True,
    ),
    Step(
        name="inspect", permission="returns.inspect", icon="clipboard-check",
        label=gettext_lazy("Inspect"), done=gettext_lazy("Inspected."),
        lead=gettext_lazy("Give a grade, and say whether we take the goods back. Nothing moves yet."),
        line=InspectGoods, room=goods.uninspected, input=step_inputs.inspection,
        initial=step_inputs.one_verdict, hint=step_inputs.to_inspect, takes_photos=True,
    ),
    Step(
        name="dispose", permission="returns.dispose", icon="packages",
        label=gettext_lazy("Place goods"), done=gettext_lazy("Goods placed."),
        lead=gettext_lazy("Say where the inspected goods go. Refused goods never go on our shelves."),
        head=Placing, line=DisposeGoods, room=goods.unplaced, input=step_inputs.placing,
        initial=step_inputs.by_verdict, hint=step_inputs.to_place, needs_shelf=True, takes_photos=True,
    ),
    Step(
        name="finish_repair", permission="returns.finish_repair", icon="tool",
        label=gettext_lazy("Finish repair"), done=gettext_lazy("Repair finished."), head=RepairHead, line=RepairedGoods,
        lead=gettext_lazy("Say what is ready, where it goes, and what it cost. On the shelf a piece takes the cost up, as far as it can be fetched."),
        room=goods.in_repair, input=repairing.finishing, hint=repairing.to_finish, takes_photos=True, shown_as="dispose",
    ),
    Step(
        name="edit", permission="returns.edit", icon="edit",
        label=gettext_lazy("Correct"), done=gettext_lazy("Corrected."),
        lead=gettext_lazy("Change how many come back, as long as nobody has decided."),
        line=EditGoods, input=request_forms.correction,
    ),
    Step(
        name="change_type", permission="returns.change_type", icon="refresh",
        label=gettext_lazy("Other type"), done=gettext_lazy("Type changed."), head=request_forms.OtherType,
        lead=gettext_lazy("The customer wants something else than at first. What stands against it is not offered."),
        input=request_forms.other_type,
    ),
    Step(
        name="split", permission="returns.split", icon="copy",
        label=gettext_lazy("Split"), done=gettext_lazy("Split."),
        lead=gettext_lazy("Some of it goes on in a return of its own, with its own decision. Merging takes it back."),
        line=request_forms.SplitGoods, room=goods.undecided, input=request_forms.splitting,
        initial=request_forms.whole_line, hint=request_forms.to_split,
    ),
    Step(
        name="merge", permission="returns.merge", icon="link",
        label=gettext_lazy("Merge"), done=gettext_lazy("Merged."), head=request_forms.Merging,
        lead=gettext_lazy("Another request of this customer goes on in this one and is withdrawn. Splitting takes it back."),
        input=request_forms.merging,
    ),
    Step(
        name="prolong", permission="returns.prolong", icon="calendar",
        label=gettext_lazy("More time"), done=gettext_lazy("The goods may come later."), head=request_forms.MoreTime,
        lead=gettext_lazy("Say until when the goods may arrive. After that day the authorisation lapses by itself."),
        input=request_forms.more_time,
    ),
    Step(
        name="close", permission="returns.close", icon="circle-check",
        label=pgettext_lazy("step", "Close"), done=gettext_lazy("Closed."), head=Reason, input=step_inputs.closing,
        lead=gettext_lazy("Nothing more will come. What was authorised and never arrived may be asked back again."),
    ),
    Step(
        name="reject", permission="returns.reject", icon="circle-x", danger=True,
        label=gettext_lazy("Turn down"), done=gettext_lazy("Turned down."), head=NeededReason, input=step_inputs.rejection,
        lead=gettext_lazy("The customer keeps the goods and gets no money. This is final for this request."),
    ),
    Step(
        name="cancel", permission="returns.cancel", icon="x", danger=True,
        label=gettext_lazy("Withdraw"), done=gettext_lazy("Withdrawn."), head=Reason, input=step_inputs.cancellation,
        lead=gettext_lazy("The customer no longer wants to return anything. The goods may be asked back again later."),
    ),
)  # fmt: skip
OPINION = Step(
    name="opinion", permission="returns.inspect", icon="clipboard-check",
    label=gettext_lazy("Second opinion"), done=gettext_lazy("Second opinion kept."),
    lead=gettext_lazy("Another inspector looks again. Both verdicts stay; yours counts from now on."),
    line=OpinionGoods, room=goods.unplaced, input=step_inputs.opinion,
    hint=step_inputs.to_place, needs_shelf=True, initial=step_inputs.nothing_yet,
)  # fmt: skip
STEPS = {step.name: step for step in _ALL}
SETTLE: Text = gettext_lazy("Refund")
STRAIGHT: Text = gettext_lazy("Went straight to the supplier")
SHIP: Text = gettext_lazy("Ship other goods")
# In the order in which they are offered: the way forward first, what ends the return last.
BUTTONS: tuple[tuple[str, str, Text, str, bool], ...] = (
    *((each.permission, each.name, each.label, each.icon, each.danger) for each in _ALL[:4]),
    (_ALL[4].permission, _ALL[4].name, _ALL[4].label, _ALL[4].icon, False),
    ("returns.ship_replacement", "ship_replacement", SHIP, "truck-delivery", False),
    ("refunds.settle", "settle", SETTLE, "cash", False),
    ("returns.vendor_credit", "vendor_credit", gettext_lazy("Supplier's credit"), "receipt-refund", False),
    ("returns.send_straight", "straight", STRAIGHT, "truck-return", False),
    *((each.permission, each.name, each.label, each.icon, each.danger) for each in _ALL[5:]),
)
FORWARD = (
    "returns.approve", "returns.receive", "returns.inspect", "returns.dispose", "returns.finish_repair",
    "returns.ship_replacement", "refunds.settle",
)  # fmt: skip


def next_words(actions: Sequence[str], refund_only: bool = False) -> str:
    """Say what a return waits for: the steps forward, or to be closed when there is none."""
    labels = {permission: label for permission, _name, label, _icon, _danger in BUTTONS}
    steps = [name for name in FORWARD if name in actions and not (refund_only and name == "returns.receive")]
    if not steps and "returns.close" in actions:
        steps = ["returns.close"]
    return ", ".join(str(labels[name]) for name in steps)
