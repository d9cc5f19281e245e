"""Files of an embedded server: its cluster, made at once or not at all, its log and its socket folder."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.store.embedded_paths import ServerUser
from gridtokenx_indexer.store.embedded_process import spawn

SUPERUSER = "postgres"
_SOCKET_PATH_LIMIT = 107
_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_LOG_TAIL_CHARACTERS = 2000
_LOG_KEEP_BYTES = 10_000_000


def create_cluster(pgdata: Path, *, programs: Path, user: ServerUser, durable: bool) -> bool:
    """Runs initdb unless the cluster exists; a run that is killed half-way leaves nothing that counts.

    The superuser may enter without a password, because only the socket folder's owner reaches the server.
    """
    if pgdata.exists():
        return False
    partial = pgdata.with_name(pgdata.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    user.give(partial)
    command: list[str | Path] = [
        programs / "initdb",
        f"--pgdata={partial}",
        f"--username={SUPERUSER}",
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    if not durable:
        command.append("--no-sync")
    with tempfile.TemporaryFile() as output:
        code = spawn(command, user=user, directory=partial, output=output).wait()
        if code != 0:
            output.seek(0)
            raise StopError(
                f"initdb failed with code {code}: {output.read().decode(errors='replace').strip()}",
                remedy=f"check the space and rights of {pgdata.parent}, or set DATABASE_URL",
            )
    partial.rename(pgdata)
    return True


def socket_folder(data_dir: Path, user: ServerUser) -> Path:
    """A folder for the socket that only the server's user and root may enter, short enough for the system."""
    folder = data_dir / "run"
    if len(os.fsencode(str(folder) + _SOCKET_NAME)) > _SOCKET_PATH_LIMIT:
        digest = sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()) / f"gridtokenx-{digest}"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        user.give(folder)
    found = folder.lstat()
    owner = user.account.pw_uid if user.account else os.geteuid()
    # In a shared temporary folder somebody else could have made it first, to listen in our place.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) != 0o700:
        raise StopError(
            f"{folder} is not a private folder of the embedded Postgres", remedy="remove it, then start again"
        )
    return folder


def rotate_log(path: Path) -> None:
    """Keeps one old server log once the current one is large."""
    if path.exists() and path.stat().st_size > _LOG_KEEP_BYTES:
        path.replace(path.with_name(path.name + ".1"))


def log_tail(path: Path) -> str:
    """The end of the server's log, for the message of a failed start."""
    try:
        return path.read_text(errors="replace")[-_LOG_TAIL_CHARACTERS:].strip()
    except FileNotFoundError:
        return ""
