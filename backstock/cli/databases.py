"""Which database a console command works on, and whose company may lie in it."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from backstock.core.errors import NoCompany
from backstock.core.models import Company


def default_url() -> str:
    """Return the URL of this installation's database."""
    named = os.environ.get("DATABASE_URL")
    return named or f"sqlite:///{settings.DATABASES['default']['NAME']}"


def migrated() -> None:
    """Bring the tables of the default database up to date, making the file where there is none."""
    if connection.vendor == "sqlite":
        Path(str(connection.settings_dict["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def company_maker() -> str | None:
    """Return who made the company of the default database; None when it holds none. Makes nothing."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return None
    if Company._meta.db_table not in connection.introspection.table_names():
        return None
    return Company.objects.values_list("made_by", flat=True).first()


def refuse_company_of_others(maker: str) -> None:
    """Refuse a database that holds a company somebody else made; raise NoCompany."""
    found = company_maker()
    if found not in (None, maker):
        raise NoCompany(
            database=str(connection.settings_dict["NAME"]),
            problem=f"holds a company that {maker} did not make ({found}); name another database",
        )


def require_company() -> None:
    """Refuse a database without a company; raise NoCompany."""
    if company_maker() is None:
        raise NoCompany(
            database=str(connection.settings_dict["NAME"]),
            problem="holds no company yet; `backstock setup` makes one, `backstock demo` a made-up one",
        )
