"""A small strict IMAP server on real sockets: it knows five commands, one user, and refuses everything else."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Post:
    """The one mailbox, its marks, and what the server is to do wrong."""

    mails: dict[int, bytes]
    password: str = "secret pass"
    own_marks: bool = True
    marks: dict[int, set[str]] = field(default_factory=dict)
    # Breaks off instead of marking, so many times.
    breaks: int = 0
    port: int = 0


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            if not self.answer(tag, rest):
                return

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, tag: str, rest: str) -> bool:
        post: Post = self.server.post  # type: ignore[attr-defined]
        said = "BAD what?"
        if rest == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
            said = "OK done"
        elif found := re.fullmatch(r'LOGIN "?(\S+?)"? "(.*)"', rest):
            said = "OK done" if found.groups() == ("shop", post.password) else f"NO not with {found[2]}"
        elif rest == 'SELECT "INBOX"':
            self.say(f"* {len(post.mails)} EXISTS")
            self.say(rf"* OK [PERMANENTFLAGS (\Seen{' \\*' if post.own_marks else ''})] limited")
            said = "OK [READ-WRITE]"
        elif rest in ("UID SEARCH UNKEYWORD Backstock", "UID SEARCH UNSEEN"):
            mark = "Backstock" if "KEYWORD" in rest else r"(\Seen)"
            new = [str(uid) for uid in post.mails if mark not in post.marks.get(uid, set())]
            self.say(" ".join(["* SEARCH", *new]))
            said = "OK done"
        elif found := re.fullmatch(r"UID FETCH (\d+) \(RFC822\.SIZE\)", rest):
            self.say(f"* {found[1]} FETCH (UID {found[1]} RFC822.SIZE {len(post.mails[int(found[1])])})")
            said = "OK done"
        elif found := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", rest):
            content = post.mails[int(found[1])]
            self.wfile.write(f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(content)}}}\r\n".encode() + content)
            self.say(")")
            said = "OK done"
        elif found := re.fullmatch(r"UID STORE (\d+) \+FLAGS\.SILENT (.+)", rest):
            if post.breaks:
                post.breaks -= 1
                return False
            post.marks.setdefault(int(found[1]), set()).add(found[2])
            said = "OK done"
        elif rest == "LOGOUT":
            self.say("* BYE")
            said = "OK done"
        self.say(f"{tag} {said}")
        return rest != "LOGOUT"


@contextmanager
def running(post: Post) -> Iterator[Post]:
    """Serve the mailbox until the end of the block."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        server.post = post  # type: ignore[attr-defined]
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
