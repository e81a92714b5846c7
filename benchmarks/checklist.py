"""How long a checklist takes: on the server, and in a browser on a four times slowed processor.

    python benchmarks/checklist.py [--repeat N]

Every guide that ships is evaluated for several sampled situations, from its JSON to what a page shows:
reading the guide, the checklist, its texts in one language. Beside it stands what merely reading that JSON
takes in the same run (`json.loads`, `JSON.parse`): the ratio can be compared between machines, the
milliseconds cannot. `first` is the first checklist of a fresh page, nothing compiled yet (the middle one of
five pages); on the server it is the first one of the guide. Targets: 5 ms on the server, 20 ms in the
browser. A busy machine shows in `first` and p95: the load is printed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402 - the checkout comes first

from guides import canonical, checklist, localise, parse, read_yaml  # noqa: E402 - as above

ON = "2026-11-22"
SITUATIONS = 8
FRESH_PAGES = 5
SLOWED = 4
SERVER_TARGET, BROWSER_TARGET = 5.0, 20.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
IN_THE_PAGE = """
({ text, situations, repeat }) => {
  const { parse, checklist, asJson, localise, canonical } = NhipCauGuide;
  const timed = (work) => { const start = performance.now(); work(); return performance.now() - start; };
  const evaluate = (answers) =>
    localise(asJson(checklist(parse(JSON.parse(text)), answers, { on: "2026-11-22", province: "68" })), "vi");
  const first = timed(() => evaluate(situations[0]));
  const times = [], reading = [];
  for (let i = 0; i < repeat; i += 1) {
    for (const answers of situations) times.push(timed(() => evaluate(answers)));
    reading.push(timed(() => { for (let j = 0; j < 20; j += 1) JSON.parse(text); }) / 20);
  }
  return { first, times, reading, result: canonical(evaluate(situations[0])) };
}
"""


@dataclass(frozen=True)
class Case:
    """One guide as JSON, with answers to all or some of its questions."""

    name: str
    text: str
    situations: list[dict[str, Any]]


@dataclass(frozen=True)
class Times:
    """Milliseconds for a checklist, and for reading the guide's JSON alone."""

    first: float
    checklist: list[float]
    reading: list[float]


def cases() -> Iterator[Case]:
    for file in sorted((ROOT / "data/guides").glob("*.yaml")):
        data = read_yaml(file.read_text()).data
        random = Random(file.stem)
        facts = parse(data).version_on(ON).facts.values()
        situations: list[dict[str, Any]] = [{}]
        for _ in range(SITUATIONS - 1):
            asked = [fact for fact in facts if random.random() < 0.8]
            situations.append({fact.id: random.choice(fact.values or ("14", "2001-05-01")) for fact in asked})
        yield Case(file.stem, json.dumps(data, ensure_ascii=False), situations)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def evaluated(case: Case, answers: dict[str, Any]) -> Any:
    guide = parse(json.loads(case.text))
    return localise(checklist(guide, answers, on=date.fromisoformat(ON), province="68").as_json(), "vi")


def on_the_server(case: Case, repeat: int) -> Times:
    def one(answers: dict[str, Any]) -> float:
        return timed(lambda: evaluated(case, answers))

    first = one(case.situations[0])
    times = [one(answers) for _ in range(repeat) for answers in case.situations]
    return Times(first, times, [timed(lambda: json.loads(case.text)) for _ in range(repeat * 4)])


def in_a_page(case: Case, repeat: int, browser: Browser, engine: str) -> dict[str, Any]:
    page = browser.new_page()
    page.add_script_tag(content=engine)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    asked = {"text": case.text, "situations": case.situations, "repeat": repeat}
    found: dict[str, Any] = page.evaluate(IN_THE_PAGE, asked)
    page.close()
    return found


def in_the_browser(case: Case, repeat: int, browser: Browser, engine: str) -> Times:
    """In pages of their own, so that nothing of the guide before is warm."""
    firsts = [in_a_page(case, 0, browser, engine)["first"] for _ in range(FRESH_PAGES)]
    found = in_a_page(case, repeat, browser, engine)
    if found["result"] != canonical(evaluated(case, case.situations[0])):
        sys.exit(f"{case.name}: the browser has another result than the server.")
    return Times(at(0.5, firsts), found["times"], found["reading"])


def at(part: float, times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]


def row(name: str, times: Times) -> str:
    reading = at(0.5, times.reading)
    middle, slow = at(0.5, times.checklist), at(0.95, times.checklist)
    return f"{name:32} {times.first:8.2f} {middle:8.2f} {slow:8.2f} {reading:10.3f} {middle / reading:8.1f}"


def table(title: str, measured: dict[str, Times], target: float) -> None:
    """One line for each guide, then all together against the target."""
    print(f"\n{title}\n{'':32} {'first':>8} {'p50':>8} {'p95':>8} {'JSON alone':>10} {'ratio':>8}")
    for name, times in measured.items():
        print(row(name, times))
    together = Times(
        at(0.5, [times.first for times in measured.values()]),
        [value for times in measured.values() for value in times.checklist],
        [value for times in measured.values() for value in times.reading],
    )
    print(row("all together", together))
    slow = at(0.95, together.checklist)
    verdict = "kept" if max(slow, together.first) < target else "missed"
    busy = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"target {target:.0f} ms: {verdict}; {busy}")


def browser_engine() -> str:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", ROOT / "tools/build_field.mjs", folder], check=True, cwd=ROOT)
        return (Path(folder) / "guide.js").read_text()


def measure_browser(found: list[Case], repeat: int) -> dict[str, Times]:
    program = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if program is None:
        sys.exit("No Chromium on this machine.")
    engine = browser_engine()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        measured = {case.name: in_the_browser(case, repeat, browser, engine) for case in found}
        browser.close()
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a checklist on the server and in a slowed browser.")
    parser.add_argument("--repeat", type=int, default=25, help="rounds over the situations of a guide (25)")
    repeat = parser.parse_args().repeat
    found = list(cases())
    table("Server (Python)", {case.name: on_the_server(case, repeat) for case in found}, SERVER_TARGET)
    title = f"Chromium, processor slowed {SLOWED} times"
    table(title, measure_browser(found, repeat), BROWSER_TARGET)


if __name__ == "__main__":
    main()
