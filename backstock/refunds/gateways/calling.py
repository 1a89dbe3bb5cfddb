"""One HTTP call to a gateway, and RSA signatures. Whatever is not a whole answer is `Unclear`: it may have been paid."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from backstock.refunds.gateways.protocol import Unclear

# Far below the time for which a worker takes a refund.
SECONDS: Final = 20.0
MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text; raise Unclear where it is none."""
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError:
            raise Unclear("not_text") from None

    def object(self) -> dict[str, Any]:
        """Return the JSON object that came; raise Unclear for anything else."""
        try:
            found = json.loads(self.text)
        except ValueError:
            raise Unclear("not_json") from None
        if not isinstance(found, dict):
            raise Unclear("not_json")
        return found


def call(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", seconds: float = SECONDS
) -> Reply:  # fmt: skip
    """Call once, following nothing; raise Unclear when no whole answer came."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        made: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=seconds, context=ssl.create_default_context()
        )
    elif parts.hostname in ("127.0.0.1", "localhost", "::1"):
        made = http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)
    else:
        raise Unclear("not_https")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        made.request(method, path or "/", body or None, dict(headers))
        answer = made.getresponse()
        content = answer.read(MOST_BYTES)
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
    except TimeoutError:
        raise Unclear("timeout") from None
    except (OSError, http.client.HTTPException) as error:
        raise Unclear(type(error).__name__) from None
    finally:
        made.close()


def private_key(pem: bytes) -> RSAPrivateKey:
    """Read our key."""
    key = load_pem_private_key(pem, None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("an RSA private key is expected")
    return key


def public_key(pem: bytes) -> RSAPublicKey:
    """Read the gateway's key, also from its certificate."""
    is_certificate = b"BEGIN CERTIFICATE" in pem
    key = load_pem_x509_certificate(pem).public_key() if is_certificate else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise ValueError("an RSA public key is expected")
    return key


def signed(key: RSAPrivateKey, message: str) -> str:
    """Sign with RSA and SHA-256, as base64."""
    return base64.b64encode(key.sign(message.encode(), PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: str, signature: str) -> bool:
    """Tell whether a signature is the gateway's."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
