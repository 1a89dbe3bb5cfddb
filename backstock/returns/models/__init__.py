"""The tables of returns, one file per matter: the return itself first."""

from backstock.returns.models.claims import SupplierReason
from backstock.returns.models.disposing import DisposalProof
from backstock.returns.models.dock_rules import BlindLimit, DockRules
from backstock.returns.models.draft import RequestDraft
from backstock.returns.models.flow import ReturnApproval, WaivedPaper
from backstock.returns.models.inspecting import InspectionFinding, InspectionRules, SecondOpinion
from backstock.returns.models.law import LegalClock, LegalClocksKept, PurchaseNotice
from backstock.returns.models.link import ReturnLink
from backstock.returns.models.parcels import FindingAnswer, Parcel, ParcelReturn
from backstock.returns.models.quota import Quota
from backstock.returns.models.recall import Recall, RecallAsk, RecallBuyer, RecallLot
from backstock.returns.models.repairs import Repair
from backstock.returns.models.replacements import ExchangeFee, Replacement, Swap, SwapStep
from backstock.returns.models.rma import Return, ReturnEvent, ReturnLine, ReturnPiece
from backstock.returns.models.scans import DockScan
from backstock.returns.models.sending import SentBack
from backstock.returns.models.unclaimed import Unclaimed, UnclaimedEvent, UnclaimedLine

__all__ = [
    "BlindLimit",
    "DisposalProof",
    "DockRules",
    "DockScan",
    "ExchangeFee",
    "FindingAnswer",
    "InspectionFinding",
    "InspectionRules",
    "LegalClock",
    "LegalClocksKept",
    "Parcel",
    "ParcelReturn",
    "PurchaseNotice",
    "Quota",
    "Recall",
    "RecallAsk",
    "RecallBuyer",
    "RecallLot",
    "Repair",
    "Replacement",
    "RequestDraft",
    "Return",
    "ReturnApproval",
    "ReturnEvent",
    "ReturnLine",
    "ReturnLink",
    "ReturnPiece",
    "SecondOpinion",
    "SentBack",
    "SupplierReason",
    "Swap",
    "SwapStep",
    "Unclaimed",
    "UnclaimedEvent",
    "UnclaimedLine",
    "WaivedPaper",
]
