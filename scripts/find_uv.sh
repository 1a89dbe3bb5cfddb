# Read by `demo` and `test`: sets $UV to a working uv, installing it if this machine has none.
# shellcheck shell=sh

uv_works() { $1 --version >/dev/null 2>&1; }

find_uv() {
    for candidate in "uv" "python3 -m uv" ".venv-uv/bin/uv"; do
        if uv_works "$candidate"; then UV=$candidate; return 0; fi
    done
    return 1
}

install_uv() {
    echo "uv is not here yet: installing it" >&2
    # Debian's own Python refuses --user (it is managed by apt), so a small environment of its own comes next.
    python3 -m pip install --quiet --user uv >/dev/null 2>&1 && find_uv && return 0
    rm -rf .venv-uv
    python3 -m venv .venv-uv >/dev/null 2>&1 && .venv-uv/bin/python -m pip install --quiet uv && find_uv && return 0
    rm -rf .venv-uv
    python3 -m pip install --quiet --user --break-system-packages uv && find_uv && return 0
    return 1
}

if ! find_uv && ! install_uv; then
    echo "Backstock needs uv and could not install it: please install Python 3 with pip, or uv itself." >&2
    exit 1
fi

# Any Python that Backstock runs on is better than downloading the one named in .python-version.
if [ -z "${UV_PYTHON:-}" ] && ! $UV python find 3.13 >/dev/null 2>&1; then
    UV_PYTHON=$($UV python find '>=3.12,<3.15' 2>/dev/null) && export UV_PYTHON || unset UV_PYTHON
fi
