"""Where the files of one cluster live: its data, its socket, its locks.

Normally everything is in `<home>/postgres`. Two things can move: the data, when root's state folder cannot be
entered by the system user that runs the server (nothing above our own folder is ever made more open), and the
socket, because its path may have no more than about 100 bytes.
"""

import hashlib
import json
import os
import secrets
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.postgres.account import Account
from config.state import make_home, write_private

SYSTEM_STATE = Path("/var/lib/nhipcau")
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"


class UnableToPlaceCluster(Exception):
    """The folder that should hold the cluster or its socket belongs to somebody else."""


@dataclass(frozen=True)
class Location:
    """The folders and files of one cluster."""

    home: Path
    base: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.base / "postgres.log"

    @property
    def start_lock(self) -> Path:
        """Held exclusively by whoever starts or stops the server."""
        return self.base / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the server."""
        return self.base / "users.lock"

    @property
    def password_file(self) -> Path:
        """The password of the database's only role; it stays in the home folder, with the keys."""
        return self.home / "postgres-password"


def short_name(path: Path) -> str:
    """A short stable name for a folder."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def locate(home: Path, account: Account) -> Location:
    """Decide, and remember, where the cluster of `home` lives; create the folder."""
    home = make_home(home).resolve()
    pointer = home / "postgres.json"
    if pointer.exists():
        base = Path(json.loads(pointer.read_text(encoding="utf-8"))["folder"])
    elif account.can_enter(home):
        base = home / "postgres"
    else:
        base = place_elsewhere(home)
        write_private(pointer, json.dumps({"folder": str(base)}) + "\n")
    own_private_folder(base, account)
    return Location(home=home, base=base)


def place_elsewhere(home: Path) -> Path:
    """A new folder for the data outside `home`, and a word about it.

    The name is new each time: a state folder made afresh must not find the database of a removed one, whose
    password and keys are gone.
    """
    SYSTEM_STATE.mkdir(parents=True, exist_ok=True, mode=0o755)
    name = short_name(home)
    older = sorted(SYSTEM_STATE.glob(f"{name}-*"))
    base = SYSTEM_STATE / f"{name}-{secrets.token_hex(3)}"
    lines = [
        f"The database may not run as root, and {home} can be entered by root only:",
        f"its files go to {base}.",
    ]
    if older:
        lines.append(
            f"An earlier state folder of this name left {', '.join(map(str, older))}; remove it if unneeded."
        )
    sys.stderr.write("\n".join(lines) + "\n")
    return base


def own_private_folder(folder: Path, account: Account) -> None:
    """Make sure `folder` exists, belongs to the account and is closed to everyone else."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in (account.uid, os.geteuid()):
            raise UnableToPlaceCluster(
                f"{folder} belongs to another user; remove it or choose another NHIPCAU_HOME."
            ) from None
    account.own(folder)
    folder.chmod(0o700)


def socket_folder(location: Location, account: Account) -> Path:
    """A private folder whose socket path is short enough."""
    near = location.base / "socket"
    if len(os.fsencode(near / SOCKET_NAME)) < LONGEST_SOCKET_PATH:
        folder = near
    else:
        folder = Path(tempfile.gettempdir()) / f"nhipcau-{account.uid}-{short_name(location.base)}"
        if len(os.fsencode(folder / SOCKET_NAME)) >= LONGEST_SOCKET_PATH:
            folder = Path("/tmp") / folder.name  # noqa: S108 - a private folder, checked for its owner below
    own_private_folder(folder, account)
    return folder
