"""`backstock mailbox`: messages of customers become drafts of requests."""

from __future__ import annotations

from pathlib import Path

import click

from backstock.cli.databases import require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.draft import DraftRequest, draft_request
from backstock.returns.requests.mailbox import mails_in


@cli.command("mailbox")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@json_option
def mailbox_command(path: Path, as_json: bool) -> None:
    """Read a message (.eml), a folder of them or a Maildir; one that came in before stays one draft."""
    made = known = 0
    with refusals_as_text(as_json):
        require_company()
        for mail in mails_in(path):
            wanted = DraftRequest(text=mail.text, source="mail", files=mail.files)
            done = draft_request(wanted, actor=SYSTEM, key=mail.key)
            made, known = made + (not done.repeated), known + done.repeated
    if as_json:
        print_json({"drafts": made, "known": known})
    else:
        click.echo(f"{made} drafts, {known} known before")
