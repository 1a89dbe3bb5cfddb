"""What the law gives whoever buys, whatever a policy says: rights, clocks and what holds beside them. Pure, and data.

`model` says what a rule is, `packs` are the shipped tables with article and source, `rights` finds the right over a line,
`clocks` counts days, `less` finds terms of a policy that give less. Source: research notes C2 and C5.
"""

from backstock.policies.law.clocks import CUSTOMERS, Due, Since, dues
from backstock.policies.law.less import Breach, below_law, gives_less, less_than_law
from backstock.policies.law.model import FACTS, MEMORY, OWN_FACTS, QUALITY_REASONS, LawBook, Market, Pack, Rule
from backstock.policies.law.packs import PACKS
from backstock.policies.law.rights import Asked, Right, never_less, pack_of, right_of, rule_of, with_right

__all__ = [
    "CUSTOMERS", "FACTS", "MEMORY", "OWN_FACTS", "PACKS", "QUALITY_REASONS", "Asked", "Breach", "Due", "LawBook", "Market", "Pack", "Right",
    "Rule", "Since", "below_law", "dues", "gives_less", "less_than_law", "never_less", "pack_of", "right_of", "rule_of", "with_right",
]  # fmt: skip
