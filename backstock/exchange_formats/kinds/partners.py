"""Customers and suppliers. jshERP's headers are those of its Excel export (it has names, no codes); the others are own knowledge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from backstock.exchange_formats import cells
from backstock.exchange_formats.kinds.kind import (
    CODE,
    MONEY,
    NOTE,
    PEOPLE,
    SHORT,
    UNKNOWN_SUPPLIER,
    YES,
    Column,
    Form,
    Kind,
    Row,
    one_each,
    whole,
)
from backstock.partners.commands.register import RegisterPartner, register_partner
from backstock.partners.details import PartnerContact
from backstock.partners.models import Contact, Partner


def _columns(customer: bool) -> tuple[Column, ...]:
    return *_who(customer, "客户" if customer else "供应商"), *_terms(customer, "客户" if customer else "供应商")


def _who(customer: bool, kingdee: str) -> tuple[Column, ...]:
    return (
        Column(
            key="code", zh="编码", en="Code", form=CODE, required=True, example="C001" if customer else "V001",
            facts=("partner",),
            aliases={
                "guanjiapo": ("往来单位编号", "单位编号", f"{kingdee}编号"),
                "kingdee": (f"{kingdee}编码", f"{kingdee}编号", f"{kingdee}代码"),
                "jsherp": ("名称", "会员卡号"),
            },
        ),
        Column(
            key="name", zh="名称", en="Name", example="杭州晨光百货",
            aliases={
                "guanjiapo": ("往来单位全名", "单位全名", f"{kingdee}全名"), "kingdee": (f"{kingdee}名称",), "jsherp": ("名称",),
            },
        ),
        Column(
            key="phone", zh="电话", en="Phone", form=Form(cells.line(40)), example="13800000000",
            aliases={"guanjiapo": ("手机", "电话", "联系电话"), "kingdee": ("手机", "联系电话", "电话"), "jsherp": ("手机号码", "联系电话")},
        ),
        Column(
            key="email", zh="电子邮箱", en="E-mail",
            aliases={"guanjiapo": ("电子邮件", "邮箱"), "kingdee": ("邮箱", "Email"), "jsherp": ("电子邮箱",)},
        ),
        Column(
            key="address", zh="地址", en="Address", form=Form(cells.words(1000)),
            aliases={"guanjiapo": ("单位地址", "联系地址", "地址"), "kingdee": ("联系地址", "送货地址", "地址"), "jsherp": ("地址",)},
        ),
    )  # fmt: skip


def _terms(customer: bool, kingdee: str) -> tuple[Column, ...]:
    return (
        Column(
            key="tax_number", zh="纳税人识别号", en="Tax number", form=Form(cells.line(40)),
            aliases={"guanjiapo": ("税号", "纳税人识别号"), "kingdee": ("纳税人识别号", "税号"), "jsherp": ("纳税人识别号",)},
        ),
        Column(
            key="contacts", zh="联系人", en="Contacts", form=PEOPLE, example="王芳=13900000000",
            note_zh="姓名=电话；多个用分号隔开", note_en="name=phone; several with semicolons",
            aliases={"guanjiapo": ("联系人",), "kingdee": ("联系人", "首要联系人"), "jsherp": ("联系人",)},
        ),
        Column(key="level", zh="价格级别", en="Price level", form=SHORT, aliases={"guanjiapo": ("价格等级",), "kingdee": (f"{kingdee}等级",)}),
        Column(
            key="credit_limit_cents", zh="信用额度", en="Credit limit", form=MONEY,
            aliases={"guanjiapo": ("应收款上限", "信用额度"), "kingdee": ("信用额度",)},
        ),
        Column(
            key="payment_days", zh="账期(天)", en="Days to pay", form=whole(0, 3650), example="30",
            aliases={"guanjiapo": ("收款期限(天)", "账期"), "kingdee": ("账期天数", "收款期限")},
        ),
        Column(
            key="notes", zh="备注", en="Notes", form=NOTE,
            aliases={"guanjiapo": ("备注",), "kingdee": ("备注",), "jsherp": ("备注",)},
        ),
        Column(
            key="both", zh="也是供应商" if customer else "也是客户", en="Supplier too" if customer else "Customer too", form=YES,
        ),
    )  # fmt: skip


def _make(customer: bool) -> Callable[[Row, date], RegisterPartner]:
    def make(row: Row, on: date) -> RegisterPartner:
        stated = row.given(
            "code",
            "name",
            "phone",
            "email",
            "address",
            "tax_number",
            "level",
            "credit_limit_cents",
            "payment_days",
            "notes",
        )
        both = bool(row["both"])
        return RegisterPartner(
            **stated, is_customer=customer or both, is_supplier=not customer or both, on=on, contacts=_contacts(row)
        )

    return make


def _contacts(row: Row) -> tuple[PartnerContact, ...]:
    # Where only one thing is said it is the name.
    said = [(name, phone) if name else (phone, "") for name, phone in row["contacts"] or ()]
    return tuple(PartnerContact(name=name, phone=phone) for name, phone in said)


def _existing(customer: bool) -> Callable[[], Iterator[Mapping[str, Any]]]:
    def existing() -> Iterator[Mapping[str, Any]]:
        known = Partner.objects.filter(archived_at=None, merged_into=None).exclude(code=UNKNOWN_SUPPLIER).order_by("pk")
        # Who is both stands among the customers, marked, so that it comes in once.
        known = known.filter(is_customer=True) if customer else known.filter(is_customer=False)
        contacts: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for pk, name, phone in Contact.objects.order_by("pk").values_list("partner_id", "name", "phone"):
            contacts[pk].append((name, phone) if phone else ("", name))
        for partner in known.iterator():
            yield {
                **{key: getattr(partner, key) for key in (
                    "code", "name", "phone", "email", "address", "level", "credit_limit_cents", "payment_days", "notes",
                )},
                "contacts": tuple(contacts[partner.pk]), "tax_number": partner.tax_number, "both": partner.is_supplier if customer else None,
            }  # fmt: skip

    return existing


CUSTOMERS = Kind(
    key="customers", zh="客户", en="Customers", columns=_columns(True), commands=("partners.register",), is_personal=True,
    about_zh="客户档案：编码、名称、电话、地址、信用额度、账期。",
    about_en="Customers: code, name, phone, address, credit limit, days to pay.",
    entries=one_each(register_partner, _make(True)), existing=_existing(True),
)  # fmt: skip
SUPPLIERS = Kind(
    key="suppliers", zh="供应商", en="Suppliers", columns=_columns(False), commands=("partners.register",),
    is_personal=True,
    about_zh="供应商档案：编码、名称、电话、地址、账期。", about_en="Suppliers: code, name, phone, address, days to pay.",
    entries=one_each(register_partner, _make(False)), existing=_existing(False),
)  # fmt: skip
