"""Files are kept by their hash, whole or not at all, on this machine or in a store that speaks S3."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from backstock.core import files

LONG = 9 * 1024 * 1024


class StrictStore(BaseHTTPRequestHandler):
    """Speaks as much S3 as we use, and refuses what is unsigned, changed on the way or put over something else."""

    kept: dict[str, bytes]
    parts: dict[str, dict[int, bytes]]
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def body(self) -> bytes | None:
        """Read what was sent; None when it is not signed for, or not what was signed."""
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        signed = self.headers.get("Authorization", "")
        if not re.match(
            r"AWS4-HMAC-SHA256 Credential=key/\d{8}/here/s3/aws4_request, SignedHeaders=\S+, Signature=\w{64}$", signed
        ):
            self.answer(403)
            return None
        if (claimed := self.headers.get("x-amz-content-sha256")) != hashlib.sha256(
            content
        ).hexdigest() and claimed != "UNSIGNED-PAYLOAD":
            self.answer(400)
            return None
        return content

    @property
    def key(self) -> str:
        return urlsplit(self.path).path

    @property
    def asked(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def do_PUT(self) -> None:
        if (content := self.body()) is None:
            return
        if "uploadId" in self.asked:
            self.parts[self.asked["uploadId"][0]][int(self.asked["partNumber"][0])] = content
        elif self.key in self.kept:
            return self.answer(409)
        else:
            self.kept[self.key] = content
        self.answer(200, ETag=f'"{hashlib.md5(content).hexdigest()}"')

    def do_POST(self) -> None:
        if self.body() is None:
            return
        if "uploads" in self.asked:
            name = f"u{len(self.parts)}"
            self.parts[name] = {}
            self.answer(200, f"<R><UploadId>{name}</UploadId></R>".encode(), Content_Type="application/xml")
        else:
            found = self.parts.pop(self.asked["uploadId"][0])
            self.kept[self.key] = b"".join(found[number] for number in sorted(found))
            self.answer(200, b"<R><ETag>x</ETag></R>", Content_Type="application/xml")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.body() is None:
            return
        if "list-type" in self.asked:
            return self.list(self.key.rstrip("/") + "/" + self.asked["prefix"][0])
        if self.key not in self.kept:
            return self.answer(404)
        content, status = self.kept[self.key], 200
        if found := re.match(r"bytes=(\d+)-(\d+)$", self.headers.get("Range", "")):
            content, status = content[int(found[1]) : int(found[2]) + 1], 206
        self.answer(status, content)

    def list(self, begin: str) -> None:
        found = "".join(
            f"<Contents><Key>{name.split('/', 2)[2]}</Key><LastModified>2026-01-05T04:00:00.000Z</LastModified></Contents>"
            for name in sorted(self.kept)
            if name.startswith(begin)
        )
        self.answer(200, f"<ListBucketResult>{found}</ListBucketResult>".encode(), Content_Type="application/xml")

    def do_DELETE(self) -> None:
        if self.body() is not None:
            self.kept.pop(self.key, None)
            self.answer(204)


@pytest.fixture
def strict(monkeypatch) -> Iterator[dict[str, bytes]]:
    handler = type("Handler", (StrictStore,), {"kept": {}, "parts": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "here",
    }.items():
        monkeypatch.setenv(name, value)
    files._store.cache_clear()
    yield handler.kept
    server.shutdown()
    server.server_close()
    thread.join()
    files._store.cache_clear()


@pytest.fixture(params=["folder", "s3"])
def store(request, settings_of, tmp_path) -> None:
    if request.param == "s3":
        request.getfixturevalue("strict")
    settings_of(FILES="" if request.param == "folder" else "s3://bucket/ours", MEDIA_ROOT=tmp_path)


@pytest.fixture
def settings_of():
    from django.test import override_settings

    entered = []

    def set_to(**values):
        entered.append(override_settings(**values))
        entered[-1].enable()

    yield set_to
    for each in entered:
        each.disable()


def test_a_file_is_kept_read_in_parts_and_removed(store):
    name = files.keep(b"0123456789", "evidence")
    assert name == hashlib.sha256(b"0123456789").hexdigest()
    files.keep_variant(name, ".small", b"01", "evidence")

    assert (files.size_of(name, area="evidence"), files.size_of(name, ".small", "evidence")) == (10, 2)
    assert b"".join(files.read(name, area="evidence")) == b"0123456789"
    assert b"".join(files.read(name, area="evidence", start=3, length=4)) == b"3456"
    assert b"".join(files.read(name, area="evidence", start=8, length=99)) == b"89"
    assert files.is_whole(name, "evidence")
    assert not files.is_kept(name)  # another area knows nothing of it
    files.remove(name, ".small", area="evidence")
    assert files.size_of(name, ".small", "evidence") is None
    assert not files.is_kept(name, "evidence")
    files.remove(name, area="evidence")


def test_the_same_content_is_kept_once_and_never_replaced(store):
    assert files.keep(b"same") == files.keep(b"same")
    files.keep_variant(files.keep(b"same"), ".small", b"first")
    files.keep_variant(files.keep(b"same"), ".small", b"second")
    assert b"".join(files.read(files.keep(b"same"), ".small")) == b"first"


def test_a_long_file_goes_through_in_parts(store):
    name = files.keep_file(io.BytesIO(bytes(LONG)))
    assert files.size_of(name) == LONG
    assert files.is_whole(name)


def test_nobody_reads_half_a_file(tmp_path, settings_of):
    settings_of(FILES="", MEDIA_ROOT=tmp_path)

    class Breaks(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 0:
                raise OSError("the disk is full")
            return super().read(1)

    with pytest.raises(OSError, match="full"):
        files.store().put("ab/cd", Breaks(b"abc"))
    assert files.store().size("ab/cd") is None


@pytest.mark.parametrize("where", ["s3://", "http://bucket", "bucket"])
def test_an_address_that_is_none_is_told(where, strict):
    from backstock.core.s3 import Bucket

    with pytest.raises(ValueError, match="s3://bucket"):
        Bucket(where)


def test_a_store_that_refuses_is_no_missing_file(strict, settings_of, monkeypatch):
    from botocore.exceptions import ClientError

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "stranger")
    settings_of(FILES="s3://bucket")
    with pytest.raises(ClientError):
        files.is_kept("0" * 64)


def test_an_area_tells_what_lies_in_it_and_a_content_goes_with_all_that_lies_beside_it(store):
    first, second = files.keep(b"first", "evidence"), files.keep(b"second", "evidence")
    files.keep(b"another area", "elsewhere")
    files.keep_variant(first, ".small", b"1", "evidence")

    assert sorted(name for name, _ in files.contents("evidence")) == sorted((first, second))
    assert all(put_at.tzinfo for _, put_at in files.contents("evidence"))
    files.remove_all(first, "evidence")
    assert [name for name, _ in files.contents("evidence")] == [second]
    assert files.size_of(first, ".small", "evidence") is None
