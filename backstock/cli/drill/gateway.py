"""Start the strict gateway with keys of its own, and write the `gateways.toml` that leads to it."""

from __future__ import annotations

import http.client
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

SECTIONS = """
[alipay]
kind = "alipay"
app_id = "2021000000000001"
private_key = "merchant.pem"
alipay_public_key = "gateway.pub"
url = "http://127.0.0.1:{port}/gateway.do"
seconds = {seconds}

[wechat]
kind = "wechat"
mchid = "1900000001"
serial = "MERCHANT1"
private_key = "merchant.pem"
wechat_serial = "PUB_KEY_ID_1"
wechat_public_key = "gateway.pub"
apiv3_key = "{apiv3_key}"
url = "http://127.0.0.1:{port}"
seconds = {seconds}

[card]
kind = "stripe"
secret_key = "{secret_key}"
webhook_secret = "{webhook_secret}"
url = "http://127.0.0.1:{port}"
seconds = {seconds}
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that runs, and the file that leads to it."""

    port: int
    config: Path

    def tell(self, **order: Any) -> dict[str, Any]:
        """Tell it what to do; it answers with what was paid."""
        called = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            called.request("POST", "/control", json.dumps(order))
            found: dict[str, Any] = json.loads(called.getresponse().read())
            return found
        finally:
            called.close()


@contextmanager
def running(folder: Path, seconds: float = 2.0) -> Iterator[Running]:
    """Run the strict gateway as long as the block lasts."""
    kept = {
        "apiv3_key": secrets.token_hex(16),
        "secret_key": secrets.token_hex(16),
        "webhook_secret": secrets.token_hex(16),
    }
    for name in ("gateway", "merchant"):
        key = generate_private_key(public_exponent=65537, key_size=2048)
        (folder / f"{name}.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / f"{name}.pub").write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    (folder / "secrets.json").write_text(json.dumps(kept))
    command = [sys.executable, "-m", "backstock.cli.drill.server", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline() if server.stdout else 0)
        config = folder / "gateways.toml"
        config.touch(0o600)
        config.write_text(SECTIONS.format(port=port, seconds=seconds, **kept))
        yield Running(port, config)
    finally:
        server.kill()
        server.wait()
        if server.stdout:
            server.stdout.close()
