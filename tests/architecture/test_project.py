"""The project's own files: dependencies with reasons, an exact lock, and nothing that ties it to one machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.source import ROOT, project_files

# Written so that no pattern finds itself.
NEVER_SAID = {
    "a package registry": r"//[a-z.]*(p[y]pi|python[h]osted|npm[j]s|npmm[i]rror|yarn[p]kg|deb[.]d[e]bian)\.(org|com)",
    "a path of one machine": r"(?<![\w.-])/(w[o]rk|f[a]rm|r[o]ot|hom[e]/\w+|Us[e]rs/\w+)/|/tmp/b[a]sh_jobs",
}
NEVER_KEPT = r"(^|/)(uv\.lock|node_modules|\.venv[^/]*|[^/]*\.min\.(js|css)|[^/]*\.(sqlite3?|db|mo|pyc))(/|$)"


def said(pattern: str, text: str) -> list[str]:
    return [line.strip()[:120] for line in text.splitlines() if re.search(pattern, line)]


@pytest.mark.parametrize("what", NEVER_SAID)
def test_no_file_names(what):
    found = {}
    for name in project_files():
        text = (ROOT / name).read_bytes().decode("utf-8", errors="replace")
        if lines := said(NEVER_SAID[what], text):
            found[name] = lines
    assert found == {}


def test_what_is_never_said_is_recognised():
    assert said(NEVER_SAID["a package registry"], "url = https://files." + "python" + "hosted.org/x")
    assert said(NEVER_SAID["a package registry"], "https://registry." + "npm" + "js.org/x")
    assert said(NEVER_SAID["a path of one machine"], "cd /" + "work/main")
    assert said(NEVER_SAID["a path of one machine"], "open('/" + "home/ann/x')")
    assert not said(NEVER_SAID["a path of one machine"], "https://example.com/" + "work/main, docs/" + "work/x")


def test_no_lock_with_hosts_no_third_party_or_built_file_and_no_database_is_kept():
    assert [name for name in project_files() if re.search(NEVER_KEPT, name)] == []
    assert all(re.search(NEVER_KEPT, bad) for bad in ("uv.lock", "a/node_modules/b.js", "c.min.css", "d.sqlite3"))


def test_every_dependency_says_on_its_line_why_it_is_here():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    lists = [project["project"]["dependencies"], project["build-system"]["requires"]]
    lists += project["dependency-groups"].values()
    lists += project["project"].get("optional-dependencies", {}).values()
    wanted = [name for names in lists for name in names if isinstance(name, str)]
    silent = [name for name in wanted if not re.search(rf'^\s*"{re.escape(name)}",\s+# \S', text, re.MULTILINE)]
    assert len(wanted) > 20
    assert silent == []


def test_every_direct_dependency_is_exact():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    assert [name for names in lists for name in names if "==" not in name] == []


def requirements(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


def uv() -> list[str]:
    """The uv that runs these tests, else one on PATH, else the one that a Python on PATH can run."""
    for found in (os.environ.get("UV", ""), "uv", str(ROOT / ".venv-uv" / "bin" / "uv")):
        if shutil.which(found):
            return [found]
    return [shutil.which("python3") or sys.executable, "-m", "uv"]


def test_the_lock_is_what_its_own_versions_export_to(tmp_path):
    """Whole and consistent with pyproject.toml; that the index has something newer by now is no fault of the lock."""
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    exact = [line.split(" ")[0] for line in requirements(locked) if re.match(r"[a-z0-9]", line)]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pinned = project.replace("[tool.uv]\n", f"[tool.uv]\nconstraint-dependencies = {json.dumps(exact)}\n")
    (tmp_path / "pyproject.toml").write_text(pinned, encoding="utf-8")
    command = [*uv(), "export", "--quiet", "--all-groups", "--all-extras", "--no-emit-project", "--no-header"]
    command += ["--project", str(tmp_path)]
    fresh = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert fresh.returncode == 0, fresh.stderr
    assert requirements(locked) == requirements(fresh.stdout), "run `just lock`"


def test_every_locked_package_has_its_hash_and_no_host():
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    packages = [line for line in lines if line and not line.strip().startswith("#")]
    assert len(packages) > 30
    assert [line[:60] for line in packages if "--hash=sha256:" not in line or "://" in line] == []
