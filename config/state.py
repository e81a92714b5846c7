"""Where an installation keeps its state: the home folder, and the keys that must never be lost.

The keys come from the environment (`NHIPCAU_SECRET_KEY`, `NHIPCAU_FIELD_KEYS`, `NHIPCAU_INDEX_KEY`) or from
`keys.json` in the home folder, which is made on first use and readable by its owner only.
"""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYS_FILE = "keys.json"


class UnableToReadKeys(Exception):
    """The key file exists but cannot be used; making a new one would lose encrypted data for good."""


@dataclass(frozen=True)
class Keys:
    """What the installation signs and encrypts with. The first field key encrypts, all of them decrypt."""

    secret_key: str
    field_keys: tuple[str, ...]
    index_key: str

    def as_environment(self) -> dict[str, str]:
        """The same keys as variables for the settings and for child processes."""
        return {
            "NHIPCAU_SECRET_KEY": self.secret_key,
            "NHIPCAU_FIELD_KEYS": ",".join(self.field_keys),
            "NHIPCAU_INDEX_KEY": self.index_key,
        }


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The state folder: `NHIPCAU_HOME`, else `.nhipcau` in the checkout. It need not exist yet."""
    given = environment.get("NHIPCAU_HOME", "").strip()
    return Path(given).expanduser().absolute() if given else ROOT / ".nhipcau"


def make_home(home: Path) -> Path:
    """Create the state folder, private to its owner.

    Root's own folder can be passed through (not listed) by others, because the database server below it must
    not run as root. A folder that exists already is left as it is.
    """
    if not home.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return home


def write_private(path: Path, text: str) -> None:
    """Write a new file only its owner can read; a file that is there already wins, also in a race."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def new_keys() -> Keys:
    """Fresh random keys; field keys have the form Fernet wants (32 bytes, URL-safe base 64)."""
    return Keys(
        secret_key=secrets.token_urlsafe(48),
        field_keys=(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),),
        index_key=secrets.token_urlsafe(32),
    )


def load_keys(home: Path) -> Keys:
    """Read the keys of the home folder, making them on first use."""
    path = home / KEYS_FILE
    if not path.exists():
        make_home(home)
        write_private(path, json.dumps(asdict(new_keys()), indent=2) + "\n")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(
            secret_key=str(found["secret_key"]),
            field_keys=tuple(str(key) for key in found["field_keys"]),
            index_key=str(found["index_key"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnableToReadKeys(
            f"The key file {path} cannot be read ({error!r}). Without it the encrypted names and phone "
            "numbers are lost: restore it from the backup; do not delete it."
        ) from error
    if not (keys.secret_key and keys.index_key and keys.field_keys and all(keys.field_keys)):
        raise UnableToReadKeys(f"The key file {path} holds an empty key. Restore it from the backup.")
    return keys


def put_keys_in_environment(home: Path) -> None:
    """Fill in the key variables that the environment does not give yet."""
    names = ("NHIPCAU_SECRET_KEY", "NHIPCAU_FIELD_KEYS", "NHIPCAU_INDEX_KEY")
    if all(os.environ.get(name) for name in names):
        return
    for name, value in load_keys(home).as_environment().items():
        if not os.environ.get(name):
            os.environ[name] = value
