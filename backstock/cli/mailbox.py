"""`backstock mailbox`: messages of customers become drafts of requests."""

from __future__ import annotations

import os
from pathlib import Path

import click

from backstock.cli.databases import require_company
from backstock.cli.main import cli, json_option, print_json, refusals_as_text
from backstock.core.errors import KeyReused
from backstock.core.permissions import SYSTEM
from backstock.returns.commands.draft import DraftRequest, draft_request
from backstock.returns.requests.imap import Account, MailServerError, opened
from backstock.returns.requests.mailbox import Mail, mails_in

# In the environment only: what stands in a command line is seen by everybody on the machine.
PASSWORD = "BACKSTOCK_MAILBOX_PASSWORD"  # nosec B105


def drafted(mail: Mail) -> bool:
    """Keep a message as a draft; tell whether it is new."""
    wanted = DraftRequest(text=mail.text, source="mail", files=mail.kept())
    try:
        return not draft_request(wanted, actor=SYSTEM, key=mail.key).repeated
    except KeyReused:
        # The key is the message; its pictures may be drawn otherwise than when it came, or were only named then.
        return False


def fetch(account: Account) -> dict[str, int]:
    """Make drafts of what is new on the mail server; each is kept before it is marked there, so none is lost or doubled."""
    counts = {"drafts": 0, "known": 0, "left": 0}
    with opened(account) as mailbox:
        for uid, mail in mailbox.messages():
            if mail is None:
                counts["left"] += 1
                continue
            counts["drafts" if drafted(mail) else "known"] += 1
            mailbox.done(uid)
    return counts


@cli.command("mailbox")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--imap", "host", help=f"Read a mailbox on this mail server; its password stands in {PASSWORD}.")
@click.option("--user", default="", help="Who logs in there.")
@click.option("--port", type=click.IntRange(1, 65535), default=993, show_default=True)
@click.option("--folder", default="INBOX", show_default=True)
@click.option("--no-tls", is_flag=True, help="Without encryption, on this very machine only.")
@json_option
def mailbox_command(
    path: Path | None, host: str | None, user: str, port: int, folder: str, no_tls: bool, as_json: bool
) -> None:
    """Read a message (.eml), a folder of them, a Maildir or a mail server; one that came in before stays one draft."""
    if (path is None) == (host is None):
        raise click.UsageError("Name a file or folder, or a mail server with --imap.")
    if any(not each.isprintable() or '"' in each or "\\" in each for each in (user, folder)):
        raise click.UsageError("The user and the folder are plain names.")
    with refusals_as_text(as_json):
        require_company()
        if path is not None:
            new = [drafted(mail) for mail in mails_in(path)]
            counts = {"drafts": sum(new), "known": len(new) - sum(new)}
        else:
            password = os.environ.get(PASSWORD, "")
            if not password:
                raise click.UsageError(f"Put the password into {PASSWORD}.")
            try:
                counts = fetch(Account(host or "", user, password, port, folder, not no_tls))
            except MailServerError as error:
                raise click.ClickException(str(error)) from None
    if as_json:
        print_json(counts)
        return
    click.echo(f"{counts['drafts']} drafts, {counts['known']} known before")
    if counts.get("left"):
        click.echo(f"{counts['left']} left alone: too large or without words")
