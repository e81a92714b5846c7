"""Guides and answers made elsewhere, one JSON line each, evaluated without the library or a database.

Responsible for `nhipcau procedures batch FILE`: the way to compare this engine with its twin in the field app
(field/src/guide/batch.ts, which reads and writes the same) or with any other. A line holds

    {"guide": {…}, "answers": {…}, "on": "YYYY-MM-DD", "province": null | "68", "channel": null | "online"}

and optionally `"language": "vi"` (texts in one language only) and `"read": true` (answers are first tidied
and checked as on the pages and in the API). The answer is one canonical JSON line: `checklist` and
`questions`, with `problems` when the answers were read; or `error` with `path` and `message`.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from nhipcau.procedures import guide as engine
from nhipcau.procedures.guide import read_date

# Deeper than any rule that can be evaluated; programs differ in what they can read beyond.
MAX_NESTING = 100
LONGEST_INTEGER = 400
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[][{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """Everything on a line but its guide."""

    answers: Mapping[str, Any]
    on: date
    province: str | None
    channel: str | None
    language: str | None
    read: bool


def evaluate_file(name: str) -> Iterator[str]:
    """An answer for each line of a file; `-` is standard input."""
    if name == "-":
        yield from evaluate(sys.stdin.buffer)
    else:
        with Path(name).open("rb") as lines:
            yield from evaluate(lines)


def evaluate(lines: Iterable[bytes]) -> Iterator[str]:
    """An answer for each line (without its end) that is not blank."""
    for number, line in enumerate(lines):
        text = (line.removeprefix(BYTE_ORDER_MARK) if number == 0 else line).decode(errors="replace")
        if text.strip(" \t\r\n"):
            yield evaluate_line(text)


def evaluate_line(line: str) -> str:
    """One line in, one line out; what cannot be read is an answer too. Never raises."""
    try:
        data = _read_json(line)
        if not isinstance(data, Mapping):
            raise engine.UnableToReadGuide("", "expected names with values")
        request = _read_request(data)
        result = _evaluate(engine.parse(data.get("guide")), request)
    except engine.UnableToReadGuide as error:
        result = {"error": {"path": error.path, "message": error.message}}
    return engine.canonical(result)


def _read_json(line: str) -> Any:
    if _nesting(line) > MAX_NESTING:
        raise engine.UnableToReadGuide("", f"nested more than {MAX_NESTING} deep")
    try:
        return json.loads(line, parse_constant=_no_constant, parse_int=_integer)
    except ValueError:
        raise engine.UnableToReadGuide("", "this line is not JSON") from None


def _nesting(line: str) -> int:
    """How deep lists and objects lie in each other, found before anything is read."""
    depth = deepest = 0
    for token in _TOKEN.finditer(line):
        if token[0] in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in ("]", "}"):
            depth -= 1
    return deepest


def _no_constant(name: str) -> NoReturn:
    """JSON has no NaN and no Infinity."""
    raise ValueError(name)


def _integer(text: str) -> int | float:
    """Python refuses to read very long integers; nobody needs their digits."""
    return int(text) if len(text) < LONGEST_INTEGER else float(text)


def _optional_text(request: Mapping[str, Any], key: str) -> str | None:
    value = request.get(key)
    if value is not None and not isinstance(value, str):
        raise engine.UnableToReadGuide(key, "expected text (put it in quotes)")
    return value


def _read_request(request: Mapping[str, Any]) -> Request:
    answers = {} if request.get("answers") is None else request["answers"]
    if not isinstance(answers, Mapping):
        raise engine.UnableToReadGuide("answers", "expected names with values")
    on = read_date(request.get("on"))
    if on is None:
        raise engine.UnableToReadGuide("on", "expected a day written as YYYY-MM-DD")
    province = _optional_text(request, "province")
    channel = _optional_text(request, "channel")
    language = _optional_text(request, "language")
    if language is not None and language not in engine.LANGUAGES:
        raise engine.UnableToReadGuide("language", f"expected one of {', '.join(engine.LANGUAGES)}")
    return Request(answers, on, province, channel, language, read=request.get("read") is True)


def _evaluate(guide: engine.Guide, request: Request) -> dict[str, Any]:
    answers, problems = request.answers, None
    if request.read:
        answers, found = engine.read_answers(guide.version_on(request.on.isoformat()), answers)
        problems = [asdict(problem) for problem in found]
    where: dict[str, Any] = {"on": request.on, "province": request.province, "channel": request.channel}
    result = {
        "checklist": engine.checklist(guide, answers, **where).as_json(),
        "questions": [engine.as_question(fact) for fact in engine.questions(guide, answers, **where)],
    }
    if request.language:
        result = engine.localise(result, request.language)
    return result if problems is None else {**result, "problems": problems}
