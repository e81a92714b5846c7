"""Prepares a checkout: virtual environment, locked packages, front end, fonts, message catalogues.

Runs with the machine's own Python (3.11 or later) and its standard library only. Each step remembers a
fingerprint of what went into it, so that a second call does only what changed. Full output goes to
`build/setup.log`.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / ".stamps"
BUILD = ROOT / "build"
LOG = BUILD / "setup.log"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# The first opens a page in a quarter of the time, but has no camera, no notices and no profile on the disk.
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Settings of the caller's shell that would send packages or imports to another place than `.venv`.
UNWANTED_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "PIP_USER", "VIRTUAL_ENV")
FRONT_END_INPUTS = (
    "package.json",
    "package-lock.json",
    ".npmrc",
    "tsconfig.json",
    "tools/*.mjs",
    "static/src/**/*",
    "field/**/*",
)


class SetupError(Exception):
    """A step failed; the message is for the person who called."""


# ---- fingerprints ----------------------------------------------------------------------------------------


def fingerprint(root: Path, patterns: Sequence[str], *extra: str) -> str:
    """A hash over the names and contents of the files that match, and over some words."""
    digest = hashlib.sha256("\0".join(extra).encode())
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found):
        if "node_modules" in path.parts or "__pycache__" in path.parts:
            continue
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current(stamps: Path, step: str, value: str, outputs: Sequence[Path] = ()) -> bool:
    """Whether the step was finished with just these inputs and its results are still there."""
    stamp = stamps / step
    return stamp.is_file() and stamp.read_text().strip() == value and all(path.exists() for path in outputs)


def remember(stamps: Path, step: str, value: str) -> None:
    """Note that the step is finished; in one go, so that an interruption cannot leave half a note."""
    stamps.mkdir(parents=True, exist_ok=True)
    draft = stamps / f".{step}.{os.getpid()}"
    draft.write_text(value + "\n")
    draft.replace(stamps / step)


# ---- running commands ------------------------------------------------------------------------------------


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


def environment() -> dict[str, str]:
    """The caller's environment, with the virtual environment in front and nothing that leads elsewhere."""
    clean = {name: value for name, value in os.environ.items() if name not in UNWANTED_VARIABLES}
    clean["PATH"] = f"{VENV / 'bin'}{os.pathsep}{clean.get('PATH', os.defpath)}"
    clean["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    clean["DEBIAN_FRONTEND"] = "noninteractive"
    if SYSTEM_CERTIFICATES.is_file():  # an office network may have its own; Node asks for them by name
        clean.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    return clean


def run(title: str, *commands: Sequence[str | Path]) -> None:
    """Run commands, showing one line with the time it took; on failure the end of their output."""
    started = time.monotonic()
    live = sys.stdout.isatty()
    print(f"  {title} …", end="", flush=True)
    for command in commands:
        code, output_starts = _run_logged(command, started, title if live else None)
        if code != 0:
            print(" failed", flush=True)
            with LOG.open(encoding="utf-8", errors="replace") as log:
                log.seek(output_starts)
                tail = log.read().splitlines()[-25:]
            raise SetupError("\n".join([f"{title} failed:", *tail, f"The full output is in {LOG}."]))
    print(f"\r  {title} … done ({time.monotonic() - started:.1f} s)" if live else _took(started), flush=True)


def _took(started: float) -> str:
    return f" done ({time.monotonic() - started:.1f} s)"


def _run_logged(command: Sequence[str | Path], started: float, title: str | None) -> tuple[int, int]:
    """Run one command into the log; returns its exit code and where its output begins."""
    with LOG.open("a", encoding="utf-8") as log:
        output_starts = log.tell()
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        try:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            log.write(f"{error}\n")
            return 127, output_starts
        while True:
            try:
                return process.wait(timeout=1), output_starts
            except subprocess.TimeoutExpired:
                if title:
                    print(f"\r  {title} … {time.monotonic() - started:.0f} s", end="", flush=True)
            except BaseException:
                process.terminate()
                process.wait()
                raise


def answer(*command: str | Path) -> str:
    """What a command prints, or nothing when it fails."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def apt_install(*packages: str) -> None:
    """Install packages of the system; for root only."""
    apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    run(
        f"System packages ({', '.join(packages)})",
        [*apt, "update"],
        [*apt, "install", "-y", "--no-install-recommends", *packages],
    )


def may_use_apt() -> bool:
    """Whether we are root on a Debian or Ubuntu."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


# ---- the steps -------------------------------------------------------------------------------------------


def make_environment() -> None:
    """Create `.venv`, or a fresh one when the present one is broken, half-made or was moved here."""
    stamp = STAMPS / "environment"
    half_installed = STAMPS / "installing"
    if PYTHON.exists() and not half_installed.exists():
        version = answer(PYTHON, "-c", "import pip, sys; print(sys.version_info >= (3, 11))")
        if version == "True" and (not stamp.exists() or stamp.read_text().strip() == str(VENV)):
            remember(STAMPS, "environment", str(VENV))
            return
    if VENV.exists():
        say("  The virtual environment is incomplete or was moved: making a new one.")
        shutil.rmtree(VENV)
    if not answer(sys.executable, "-c", "import ensurepip, venv; print('yes')"):
        get_venv_module()
    run("Virtual environment (.venv)", [sys.executable, "-m", "venv", VENV])
    remember(STAMPS, "environment", str(VENV))


def get_venv_module() -> None:
    """Debian splits the part of Python that makes virtual environments off into its own package."""
    package = f"python3.{sys.version_info[1]}-venv"
    if not may_use_apt():
        raise SetupError(
            f"This Python cannot make virtual environments: its `venv` part is a package of its own.\n"
            f"Ask an administrator to run:  apt-get install {package}"
        )
    apt_install(package)


def install_packages(name: str, *locks: str) -> None:
    """Install from lock files; every file is checked against its hash."""
    step = f"packages-{name}"
    wanted = fingerprint(ROOT, locks, answer(PYTHON, "--version"))
    if is_current(STAMPS, step, wanted):
        return
    remember(STAMPS, "installing", step)
    count = (ROOT / locks[-1]).read_text().count("==")
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--no-input",
        "--require-hashes",
        "-r",
        locks[-1],
    ]
    run(f"Python packages for {name} ({count}, checked by hash)", command)
    remember(STAMPS, step, wanted)
    (STAMPS / "installing").unlink()


def install_project() -> None:
    """Make the checkout importable and put the command `nhipcau` into the environment.

    Two small files do what an editable installation would do, without a build and without a download.
    """
    packages = Path(answer(PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    pointer, script = packages / "nhipcau.pth", VENV / "bin" / "nhipcau"
    lines = ["#!/bin/sh", f'\'\'\'exec\' "{PYTHON}" "$0" "$@"', "' '''", "import sys"]
    lines += ["from config.cli import main", "sys.exit(main())", ""]
    for path, text in ((pointer, f"{ROOT}\n"), (script, "\n".join(lines))):
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
            path.chmod(0o755 if path == script else 0o644)


def find_node() -> tuple[str, str]:
    """The programs node and npm: the machine's if new enough, else from a package."""
    for _ in range(2):
        search = environment()["PATH"]
        node, npm = shutil.which("node", path=search), shutil.which("npm", path=search)
        major = answer(node, "--version").lstrip("v").split(".")[0] if node else ""
        if node and npm and major.isdigit() and int(major) >= OLDEST_NODE:
            return node, npm
        install_packages("the front-end build", "requirements-node.lock")
    raise SetupError(f"Node {OLDEST_NODE} or later with npm was not found and could not be installed.")


def build_front_end() -> None:
    """Install the locked front-end packages and build styles, scripts and fonts into `static/dist`."""
    if not (ROOT / "package.json").is_file():
        return
    locked = fingerprint(ROOT, ("package.json", "package-lock.json", ".npmrc"))
    built = fingerprint(ROOT, FRONT_END_INPUTS)
    modules = ROOT / "node_modules"
    has_modules = is_current(STAMPS, "front-end-packages", locked, [modules])
    if has_modules and is_current(STAMPS, "front-end", built, [ROOT / "static" / "dist"]):
        return
    _, npm = find_node()
    if not has_modules:
        run("Front-end packages", [npm, "ci", "--no-audit", "--no-fund"])
        remember(STAMPS, "front-end-packages", locked)
    compress: list[str | Path] = [PYTHON, "-m", "whitenoise.compress", "-q", ROOT / "static" / "dist"]
    run("Front end", [npm, "run", "build"], compress)
    remember(STAMPS, "front-end", built)


def build_fonts() -> None:
    """Join the web fonts' subsets into whole fonts for printed documents."""
    tool = ROOT / "tools" / "merge_fonts.py"
    if not tool.is_file():
        return
    wanted = fingerprint(ROOT, ("tools/merge_fonts.py", "package-lock.json"))
    fonts = ROOT / "static" / "dist" / "fonts" / "ttf"
    if not is_current(STAMPS, "fonts", wanted, [fonts]):
        run("Fonts for printed documents", [PYTHON, tool])
        remember(STAMPS, "fonts", wanted)


def compile_messages() -> None:
    """Compile the Vietnamese and Thai catalogues."""
    tool = ROOT / "tools" / "messages.py"
    sources = sorted((ROOT / "locale").glob("**/*.po"))
    if not tool.is_file() or not sources:
        return
    wanted = fingerprint(ROOT, ("tools/messages.py", "locale/**/*.po"))
    if not is_current(STAMPS, "messages", wanted, [source.with_suffix(".mo") for source in sources]):
        run("Message catalogues", [PYTHON, tool, "compile"])
        remember(STAMPS, "messages", wanted)


def get_browsers() -> None:
    """Chromium without a window for most browser tests, a whole one for a few; they say what they miss."""
    have_shell, have_window = bool(shutil.which(SHELL)), any(shutil.which(name) for name in BROWSERS)
    tried = STAMPS / "browsers"
    if ((have_shell or tried.exists()) and have_window) or not may_use_apt():
        return
    try:
        apt_install(*([] if have_shell else [SHELL]), *([] if have_window else ["chromium"]))
    except SetupError:
        # Older systems do not have the one without a window.
        try:
            apt_install("chromium")
        except SetupError as error:
            say(f"  Chromium could not be installed; the browser tests will be left out.\n{error}")
            return
    remember(STAMPS, "browsers", "")


# ---- all together ----------------------------------------------------------------------------------------


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one setup at a time works on a checkout."""
    try:
        BUILD.mkdir(exist_ok=True)
        lock = (BUILD / "setup.lock").open("a")
    except OSError as error:
        raise SetupError(
            f"This checkout cannot be written by you ({error}). It was probably set up by another user: "
            "use a checkout of your own."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another setup of this checkout is running; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare(*, dev: bool) -> None:
    """Do whatever is not done yet."""
    LOG.write_text("")
    make_environment()
    install_packages("running", "requirements.lock")
    if dev:
        install_packages("checking", "requirements.lock", "requirements-dev.lock")
    install_project()
    build_front_end()
    build_fonts()
    compile_messages()
    if dev:
        get_browsers()


def main() -> int:
    """The command line: `bootstrap.py [--dev]`."""
    parser = argparse.ArgumentParser(description="Prepare this checkout.")
    parser.add_argument(
        "--dev", action="store_true", help="also what the checks need (linters, tests, browser)"
    )
    wanted = parser.parse_args()
    started = time.monotonic()
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise SetupError(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
        with alone():
            prepare(dev=wanted.dev)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Call again to go on.", file=sys.stderr)
        return 130
    say(f"Everything is in place ({time.monotonic() - started:.1f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
