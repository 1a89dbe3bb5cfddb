"""The places every company and every warehouse has; ids are computed, so that no command has to look them up. Pure."""

from __future__ import annotations

from functools import cache
from typing import Final

# Company-wide places.
CUSTOMER, SUPPLIER, VENDOR, SCRAP, OUTSIDE, TRANSIT = 1, 2, 3, 4, 5, 6
COMPANY_WIDE: Final = {
    "customer": CUSTOMER,
    "supplier": SUPPLIER,
    "vendor": VENDOR,
    "scrap": SCRAP,
    "outside": OUTSIDE,
    "transit": TRANSIT,
}
GRADES: Final = ("A", "B", "C", "D")
SELLABLE, QUARANTINE, REPAIR = 10, 20, 30
PER_WAREHOUSE: Final = {"sellable": SELLABLE, "quarantine": QUARANTINE, "repair": REPAIR}
# Places in which nothing can be counted below zero. Customer, supplier and outside are mirrors of our own counting.
PHYSICAL: Final = frozenset({"sellable", "quarantine", "repair", "vendor", "transit", "scrap"})


def place_id(kind: str, warehouse_id: int = 0, grade: str = "") -> int:
    """Return the id of a place: company-wide 1 to 9, else warehouse × 100 + kind, graded sellable stock + 1 to 4."""
    if kind in COMPANY_WIDE:
        return COMPANY_WIDE[kind]
    offset = 1 + GRADES.index(grade) if grade else 0
    return warehouse_id * 100 + PER_WAREHOUSE[kind] + offset


@cache
def kind_of(place: int) -> str:
    """Return the kind of a place id."""
    if place < 100:
        return next(kind for kind, each in COMPANY_WIDE.items() if each == place)
    return next(kind for kind, each in PER_WAREHOUSE.items() if each == place % 100 // 10 * 10)


def grade_of(place: int) -> str:
    """Return the grade of a graded sellable place, empty for new goods and everything else."""
    rest = place % 100 - SELLABLE
    return GRADES[rest - 1] if place >= 100 and 0 < rest <= len(GRADES) else ""


def warehouse_of(place: int) -> int:
    """Return the warehouse of a place id, 0 for a company-wide one."""
    return place // 100


def places_of(warehouse_id: int) -> list[tuple[int, str, str, int]]:
    """List the places of a warehouse: (id, kind, grade, warehouse)."""
    plain = [(place_id(kind, warehouse_id), kind, "", warehouse_id) for kind in PER_WAREHOUSE]
    graded = [(place_id("sellable", warehouse_id, grade), "sellable", grade, warehouse_id) for grade in GRADES]
    return plain + graded
