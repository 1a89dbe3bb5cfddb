# The commands of daily work; `just` lists them. Newcomers need only `sh scripts/demo` and `sh scripts/test`.

_default:
    @just --list --unsorted

# A year of a trading company's returns, running on this machine
demo *options:
    sh scripts/demo {{options}}

# Everything that must hold, on both databases
test:
    sh scripts/test

# Some tests on SQLite: just try tests/core -k scratch
try *options:
    uv run pytest {{options}}

# Some tests on PostgreSQL
try-postgres *options:
    BACKSTOCK_TEST_DB=postgres uv run pytest {{options}}

# Any command on a throw-away PostgreSQL: just postgres backstock demo
postgres *command:
    uv run python scripts/with_postgres.py -- {{command}}

# Format and mend what can be mended
tidy:
    uv run ruff check --fix
    uv run ruff format

# Types, imports, templates, security smells
check:
    uv run ruff check
    uv run ruff format --check
    uv run mypy
    uv run lint-imports
    uv run djlint backstock --lint --quiet
    uv run bandit --quiet --recursive backstock --configfile pyproject.toml

# After a change of pyproject.toml: the exact packages with their hashes
lock:
    rm -f uv.lock
    uv export --quiet --all-groups --all-extras --no-emit-project --no-header --output-file requirements.lock

# After a new or changed refusal: its line in docs/errors.md
docs-errors:
    uv run python scripts/docs_errors.py
