"""The strict gateway: a real HTTP server in a process of its own, speaking the wire format of each gateway.

    python -m backstock.cli.drill.server FOLDER        prints its port; keys and secrets lie in the folder

It remembers keys, refuses to give back more than was paid, and drops, delays and lies as `/control` tells it. Notices it
sends twice, late and the newest first.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backstock.cli.drill.till import Cut, Refund, Till
from backstock.cli.drill.wires import AlipayWire, Asked, Keys, Said, StripeWire, WeChatWire
from backstock.refunds.gateways.calling import private_key, public_key

Wire = AlipayWire | WeChatWire | StripeWire


class Server(ThreadingHTTPServer):
    """The till behind every wire."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        secrets = json.loads((folder / "secrets.json").read_text())
        keys = Keys(
            private_key((folder / "gateway.pem").read_bytes()), public_key((folder / "merchant.pub").read_bytes()),
            secrets["apiv3_key"], secrets["secret_key"], secrets["webhook_secret"],
        )  # fmt: skip
        self.till = Till()
        self.wires: dict[str, Wire] = {
            "alipay": AlipayWire(self.till, keys),
            "wechat": WeChatWire(self.till, keys),
            "stripe": StripeWire(self.till, keys),
        }

    def answer(self, asked: Asked) -> Said:
        """Answer by the wire that the path names."""
        if asked.path == "/control":
            order = json.loads(asked.body or b"{}")
            if "notify" in order:
                threading.Thread(target=self.notify, args=(order["notify"],), daemon=True).start()
            return Said(200, json.dumps(self.till.told(order)).encode())
        if asked.path.startswith("/v3/"):
            return self.wires["wechat"].answer(asked)
        return self.wires["stripe" if asked.path.startswith("/v1/") else "alipay"].answer(asked)

    def notify(self, to: dict[str, Any]) -> None:
        """Send the notice of every refund to its address twice, late, and the newest first."""
        time.sleep(to.get("late", 0.0))
        with self.till.lock:
            refunds: Sequence[Refund] = list(reversed(self.till.refunds.values()))
        for refund in (*refunds, *refunds):
            headers, body = self.wires[refund.wire].notice(refund)
            parts = urlsplit(to["urls"][refund.wire])
            called = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
            called.request("POST", parts.path, body, headers)
            called.getresponse().read()
            called.close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"

    def _answered(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            said = self.server.answer(Asked(self.command, self.path, headers, self.rfile.read(length)))
        except Cut:
            self.close_connection = True
            return
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        self.wfile.write(said.body)

    do_GET = do_POST = _answered

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


def main(folder: str) -> None:
    """Serve until killed."""
    server = Server(Path(folder))
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
