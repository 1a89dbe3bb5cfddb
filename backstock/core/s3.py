"""Files in an S3-compatible store: `s3://bucket/prefix`. Address, region and keys come as boto3 reads them from its environment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CHUNK = 1024 * 1024
# Path addresses: stores of one's own have no name per bucket. Checksums only where asked: not every store knows the new ones.
CONFIG = Config(
    s3={"addressing_style": "path"},
    retries={"max_attempts": 5, "mode": "standard"},
    connect_timeout=5,
    read_timeout=30,
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class Bucket:
    """A bucket, or a part of one."""

    def __init__(self, where: str) -> None:
        parts = urlsplit(where)
        if parts.scheme != "s3" or not parts.netloc:
            raise ValueError(f"BACKSTOCK_FILES={where}: s3://bucket or s3://bucket/prefix expected")
        self.bucket, prefix = parts.netloc, parts.path.strip("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.client: Any = boto3.Session().client("s3", config=CONFIG)

    def size(self, name: str) -> int | None:
        try:
            return int(self.client.head_object(Bucket=self.bucket, Key=self.prefix + name)["ContentLength"])
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise

    def put(self, name: str, source: BinaryIO) -> None:
        """Send a file, in parts when it is long; the store shows it only when it is whole."""
        self.client.upload_fileobj(source, self.bucket, self.prefix + name)

    def read(self, name: str, start: int, length: int) -> Iterator[bytes]:
        if length <= 0:
            return
        span = f"bytes={start}-{start + length - 1}"
        found = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name, Range=span)
        yield from found["Body"].iter_chunks(CHUNK)

    def remove(self, name: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def names(self, begin: str) -> Iterator[tuple[str, datetime]]:
        """Yield in the order of names, as every store of this kind lists them."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + begin)
        for page in pages:
            for each in page.get("Contents", ()):
                yield each["Key"].removeprefix(self.prefix), each["LastModified"]
