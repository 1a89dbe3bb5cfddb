"""`backstock setup`: the company of this database and its first administrator."""

from __future__ import annotations

import click

from backstock.cli.databases import default_url, migrated
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core.currencies import digits_of
from backstock.core.people import AddUser, add_user
from backstock.core.permissions import SYSTEM
from backstock.warehouse.commands.found import found_company


@cli.command("setup")
@click.option("--name", prompt="公司名称 company name")
@click.option("--currency", default="CNY", show_default=True, help="ISO 4217 code; it cannot change later.")
@click.option(
    "--tax",
    type=click.Choice(["exclusive", "inclusive"]),
    default="inclusive",
    show_default=True,
    help="How prices are meant.",
)
@click.option("--cost", type=click.Choice(["average", "fifo", "specific"]), default="average", show_default=True)
@click.option(
    "--warehouse", "warehouses", multiple=True, default=("MAIN",), show_default=True, help="May be given several times."
)
@click.option("--admin", prompt="管理员登录名 administrator", help="Log-in name of the first administrator.")
@click.password_option(prompt="密码 password")
@json_option
def setup_command(
    name: str, currency: str, tax: str, cost: str, warehouses: tuple[str, ...], admin: str, password: str, as_json: bool
) -> None:  # fmt: skip
    """Make the company of this installation's database, with its first administrator."""
    migrated()
    with refusals_as_text(as_json):
        raw = {
            "name": name,
            "currency": currency,
            "currency_digits": digits_of(currency),
            "tax_mode": tax,
            "cost_method": cost,
            "warehouses": list(warehouses),
        }
        found_company(found_company.parse(raw), actor=SYSTEM)
        person = AddUser(username=admin, roles=("admin",), password=password)
        add_user(person, actor=SYSTEM)
    click.echo(f"{name}: {default_url().rpartition('@')[2]}  →  backstock serve")
    if as_json:
        print_json({"company": name, "admin": admin})
