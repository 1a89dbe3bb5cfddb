"""Runs a command with the DATABASE_URL of a throw-away PostgreSQL; `{url}` in its arguments becomes that URL too.

uv run python scripts/with_postgres.py -- uv run backstock demo
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.postgres import running_postgres


def main(arguments: list[str]) -> int:
    """Run the command and answer with its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    with running_postgres() as url:
        filled = [argument.replace("{url}", url) for argument in command]
        return subprocess.run(filled, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
