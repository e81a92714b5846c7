"""Which system user the database server runs as. PostgreSQL refuses to run as root, rightly."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SYSTEM_USER = "nhipcau"


class UnableToMakeAccount(Exception):
    """Root has no unprivileged user to run the database as."""


class ProcessArguments(TypedDict, total=False):
    """The part of a subprocess call that changes the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """The user that owns the database's files. `is_other` when it is not the user who asks."""

    uid: int
    gid: int
    is_other: bool

    def as_process_arguments(self) -> ProcessArguments:
        """What a subprocess call needs to run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can pass through `folder`, tried for real (modes, lists and mounts all count)."""
        if not self.is_other:
            return os.access(folder, os.X_OK)
        attempt = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **self.as_process_arguments(),
        )
        return attempt.returncode == 0

    def own(self, path: Path) -> None:
        """Give `path` to this user."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)


def current_account() -> Account:
    """The user to run the server as: oneself, or for root a system user of its own."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), is_other=False)
    entry = find_user(SYSTEM_USER) or make_user(SYSTEM_USER)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, is_other=True)


def find_user(name: str) -> pwd.struct_passwd | None:
    """The system's entry for a user, or None."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def make_user(name: str) -> pwd.struct_passwd:
    """Create a system user without a home, a login or a password."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    environment = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    try:
        made = subprocess.run(
            [*command, "--shell", "/usr/sbin/nologin", name],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        reason = made.stderr.strip()
    except OSError as error:
        reason = str(error)
    entry = find_user(name)
    if entry is None:
        raise UnableToMakeAccount(
            f"The database cannot run as root and the system user {name!r} could not be created ({reason}). "
            "Create it, or run as a normal user, or name a server in DATABASE_URL."
        )
    return entry
