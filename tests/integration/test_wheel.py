"""The built wheel carries everything the service needs and works in an environment of its own."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.postgres import query

ROOT = Path(__file__).parents[2]
SHIPPED = (
    "config.toml",
    "programs/gridtokenx/idl.json",
    "programs/gridtokenx/gridtokenx.so",
    "sql/grants.toml",
    "sql/schema.sql",
    "sql/catalogue.jsonl",
)


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel; other packages come from the environment that runs the tests."""

    folder: Path
    packages: Path

    def run(self, command: Sequence[str | Path], **variables: str) -> str:
        kept = {"PATH": os.defpath, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            command, cwd=self.folder, env={**kept, **variables}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def python(self, code: str, *arguments: str) -> str:
        return self.run([self.folder / "bin" / "python", "-c", code, *arguments])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", dist],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = dist.glob("*.whl")
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            folder / "bin" / "python",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-index",
            "--no-deps",
            wheel,
        ],
        check=True,
        capture_output=True,
    )
    # A plain path in a .pth file ends up behind the wheel and runs no .pth file of its own: the sources that
    # the tests run from stay out of reach.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
    return Installed(folder, packages)


def test_command_runs(installed: Installed) -> None:
    version = installed.python("from importlib.metadata import version; print(version('gridtokenx-indexer'))")
    assert version.strip() in installed.run([installed.folder / "bin" / "gridtokenx-indexer", "--version"])


def test_shipped_files_are_inside_and_found(installed: Installed) -> None:
    code = (
        "import json, sys; from gridtokenx_indexer.resources import resource;"
        "print(json.dumps([str(resource(name)) for name in sys.argv[1:]]))"
    )
    sql = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "sql").rglob("*.sql"))]
    names = [*SHIPPED, *sql]
    for name, found in zip(names, json.loads(installed.python(code, *names)), strict=True):
        assert Path(found).is_relative_to(installed.packages), name
        assert Path(found).read_bytes() == (ROOT / name).read_bytes(), name


def test_demo_day_and_its_licence_note_are_inside(installed: Installed) -> None:
    for name in ("village_day.csv", "README.md"):
        inside = installed.packages / "gridtokenx_indexer" / "data" / name
        assert inside.read_bytes() == (ROOT / "gridtokenx_indexer" / "data" / name).read_bytes()


def test_nothing_else_is_inside(installed: Installed) -> None:
    tops = {
        path.parts[0]
        for path in (found.relative_to(installed.packages) for found in installed.packages.rglob("*.py"))
    }
    assert tops == {"gridtokenx_indexer"}
    assert not list(installed.packages.rglob("test_*.py"))


def test_it_migrates_a_database(installed: Installed, empty_database_url: str) -> None:
    code = (
        "import sys; from gridtokenx_indexer.store.migrate import migrate; print(len(migrate(sys.argv[1])))"
    )
    applied = int(installed.python(code, empty_database_url))
    assert query(empty_database_url, "SELECT count(*) FROM _sqlx_migrations") == [(applied,)]
    assert applied == len(list((ROOT / "sql" / "migrations").glob("*.sql")))
