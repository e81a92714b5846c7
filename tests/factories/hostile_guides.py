"""Random guides with answers, as lines of the batch door: sound ones, odd ones, and damaged ones.

Everything is drawn from one `random.Random`, so that hypothesis can steer it and a plain loop can seed it.
The names, numbers and days are those at which two evaluators in two languages are likely to part ways.
"""

import json
import re
from random import Random
from typing import Any

NAMES = (
    *("first", "second", "which", "count", "born_on", "a", "A", "B", "__proto__", "constructor", "toString"),
    *("hasOwnProperty", "valueOf", "length", "0", "10", "9", "vi", "en", "unknown", "yes", "no", "answers"),
    *("", " a ", "é", "e\u0301", "ß", "İ", "Σ", "đ", "Đ", "\uffff", "\ue000", "\U0001f600", "\U0010ffff"),
    *("\ud800", "\udc00", "\ud83dx", "\ud83d\ue000", "a\udfff", "x" * 61, "\U0001f600" * 61, "fact", "kind"),
)
TEXTS = (
    *("", "x", "Căn cước", "ใช่", '"quoted"', "back\\slash", "a\nb\r\tc", "\b\f\x00\x1f", "\x7f\x85\xa0"),
    *(
        "\u2028\u2029",
        "\ufeff",
        "\U0001f468\u200d\U0001f469",
        "\ud800",
        "\udfff\ud800",
        "</script>",
        "{{ x }}",
    ),
)
DAYS = (
    *("2026-11-22", "2026-11-23", "2012-11-22", "2012-11-23", "2024-02-29", "2023-02-29", "1900-02-29"),
    *("2000-02-29", "2008-02-29", "0001-01-01", "0000-01-01", "9999-12-31", "2026-13-01", "2026-00-10"),
    *("2026-11-31", "2026-11-00", "2026-1-1", "20261122", "2026-W47-7", "２０２６-11-22", "2026-11-22\n"),
    *(
        " 2026-11-22",
        "2026-11-22T00:00",
        "-001-01-01",
        "+2026-01-1",
        "10000-01-01",
        "",
        "\U0001f600",
        "\uffff",
    ),
)
SOUND_DAYS = ("2026-11-22", "2027-02-28", "2027-03-01", "2028-02-29", "0001-01-01", "9999-12-31")
NUMBERS = (0, 1, -1, 5, 14, 60, 10**15, -(10**15), 10**15 + 1, 2**53, 2**53 + 1, 10**21, 10**400)
FRACTIONS = (
    0.5,
    -0.5,
    14.0,
    1e-4,
    1e-5,
    1.5e-7,
    5e-324,
    0.1,
    1 / 3,
    123456.789,
    1e15,
    999999999999999.9,
    1e22,
)
# Written as they stand, because a number in Python no longer knows how it was written.
LITERALS = ("-0", "-0.0", "0e0", "1E2", "1.0", "14.00", "1e400", "-1e400", "1e-400", "1.0e+15", "9" * 4000)
NUMBER_WORDS = (
    *(
        "0",
        "14",
        "14.0",
        "-0",
        "-0.0",
        "007",
        "1.5",
        ".5",
        "5.",
        "+5",
        "1e3",
        "1_000",
        "１４",
        " 14 ",
        "14\n",
    ),
    *("0.000001", "0.0000001", "0.00001", "999999999999999", "1000000000000000", "Infinity", "NaN", "0x10"),
)
ORDERS = ("lt", "le", "gt", "ge")
LANGUAGES = ("vi", "en", "th")
PROVINCES = ("68", "31", "", "\ud800")
CHANNELS = ("online", "direct", "post", "")
_LITERAL = re.compile(r'"@@([^"@]*)@@"')
ROWS = ("fees", "time_limits", "channels")

Data = dict[str, Any]


def chance(random: Random, percent: int) -> bool:
    return random.randrange(100) < percent


def number(random: Random) -> Any:
    kind = random.randrange(4)
    if kind == 0:
        return random.choice(NUMBERS[:6])
    if kind == 1:
        return random.choice(NUMBERS)
    return random.choice(FRACTIONS) if kind == 2 else f"@@{random.choice(LITERALS)}@@"


def junk(random: Random, depth: int = 0) -> Any:
    """Anything JSON can say."""
    kind = random.randrange(10 if depth < 3 else 7)
    if kind < 3:
        return (None, True, False)[kind]
    if kind == 3:
        return number(random)
    if kind < 7:
        return random.choice((NAMES, TEXTS, DAYS, NUMBER_WORDS)[random.randrange(4)])
    inner = [junk(random, depth + 1) for _ in range(random.randrange(3))]
    return inner if kind < 9 else {random.choice(NAMES): value for value in inner}


def text(random: Random) -> Any:
    if chance(random, 70):
        return {"vi": "một", "en": "one", "th": "หนึ่ง"}
    keys = [key for key in LANGUAGES if chance(random, 60)] + ["fr", "__proto__"][: random.randrange(12) - 9]
    random.shuffle(keys)
    return {key: random.choice(TEXTS) for key in keys}


def with_some(random: Random, data: Data, makers: Data, percent: int = 40) -> Data:
    """The data with some of the optional fields; a field may be there and say nothing."""
    for key, make in makers.items():
        if chance(random, percent):
            data[key] = None if chance(random, 1) else make()
    return data


def answer_for(random: Random, fact: Data) -> Any:
    """Mostly an answer that fits the question."""
    if chance(random, 12):
        return junk(random)
    if chance(random, 12):
        return random.choice(("unknown", None, " UNKNOWN ", "Unknown"))
    kind = fact["type"]
    if kind == "number":
        return random.choice(NUMBER_WORDS) if chance(random, 40) else number(random)
    if kind == "date":
        return random.choice(DAYS if chance(random, 40) else DAYS[:5])
    if kind == "yes_no":
        return random.choice(("yes", "no", "yes", "no", True, False, "YES", " no\u2003", "\ufeffyes", "true"))
    options = [option["value"] for option in fact["options"]]
    return random.choice([*options, "c", " B ", "\x1ca\x85"])


def leaf(random: Random, facts: list[Data]) -> Any:
    fact = random.choice(facts) if facts else {"id": "nobody", "type": "yes_no"}
    name = random.choice(NAMES) if chance(random, 8) else fact["id"]
    kind = fact["type"] if chance(random, 85) else random.choice(("number", "date", "yes_no"))
    operators = [random.choice(ORDERS) for _ in range(random.randrange(1, 3))]
    if kind == "number" and chance(random, 80):
        rule: Data = {order: number(random) for order in operators}
    elif kind == "date" and chance(random, 80):
        rule = {order: random.choice(DAYS) for order in operators if chance(random, 40)}
        rule["age"] = {order: number(random) for order in operators if chance(random, 95)}
    elif chance(random, 50):
        rule = {"is": answer_for(random, fact)}
    else:
        rule = {"in": [answer_for(random, fact) for _ in range(random.randrange(4))]}
    if chance(random, 6):
        rule[random.choice((*NAMES, "is", "in", "age", "lt", "all", "not"))] = junk(random)
    return {"fact": name, **rule} if chance(random, 97) else rule


def rule(random: Random, facts: list[Data], depth: int = 0) -> Any:
    if chance(random, 4):
        return junk(random)
    kind = random.randrange(8) if depth < 3 else 7
    if kind < 4:
        inner = [rule(random, facts, depth + 1) for _ in range(random.randrange(4))]
        extra = {random.choice(("fact", "any", "note")): junk(random)} if chance(random, 5) else {}
        return {"all" if kind < 2 else "any": inner, **extra}
    if kind == 4:
        return {"not": rule(random, facts, depth + 1)}
    if kind == 5 and chance(random, 15):
        return deep_rule(random, facts)
    return leaf(random, facts)


def deep_rule(random: Random, facts: list[Data]) -> Any:
    """About as deep as rules are evaluated, or a little deeper."""
    found = leaf(random, facts)
    for _ in range(random.choice((22, 23, 24, 25, 26, 40))):
        found = {"not": found} if chance(random, 50) else {random.choice(("all", "any")): [found]}
    return found


def fact_data(random: Random, name: str) -> Data:
    kind = random.choice(("yes_no", "choice", "number", "date"))
    data: Data = {"id": name, "type": kind, "question": text(random)}
    if kind == "choice":
        values = [
            random.choice(("a", "b", "A", "B", "yes")) if chance(random, 80) else random.choice(NAMES)
            for _ in range(random.randrange(1, 4))
        ]
        data["options"] = [{"value": value, "text": text(random)} for value in values]
    return with_some(random, data, {"help": lambda: text(random)}, 20)


def item(random: Random) -> Data:
    makers: Data = {
        "form": lambda: random.choice(("original", "copy", *TEXTS)),
        "use": lambda: "show",
        "count": lambda: (
            number(random) if chance(random, 2) else random.choice((1, 2, 0, -1, 2.0, "@@-0@@", "@@1e2@@"))
        ),
        "in_database": lambda: random.choice((True, False, "true", 1)),
        "how_to_get": lambda: text(random),
        "validity": lambda: text(random),
    }
    return with_some(random, {"id": random.choice(NAMES), "name": text(random)}, makers, 15)


def requirement(random: Random, facts: list[Data]) -> Data:
    def evidence() -> Data:
        data: Data = {"items": [item(random) for _ in range(random.randrange(3))]}
        return with_some(random, data, {"when": lambda: rule(random, facts)}, 60)

    data: Data = {"id": random.choice(NAMES), "title": text(random)}
    data["evidence"] = [evidence() for _ in range(random.randrange(4))]
    makers = {"when": lambda: rule(random, facts), "why": lambda: text(random), "source": lambda: "s"}
    return with_some(random, data, makers)


def row(random: Random, facts: list[Data], key: str) -> Data:
    amount = random.choice((None, 0, 50_000, number(random) if chance(random, 3) else 7.0))
    content: Data = {
        "fees": {"amount": amount},
        "time_limits": {"value": amount, "unit": "day"},
        "channels": {"kind": random.choice(("direct", "online", "app", "post"))},
    }[key]
    makers: Data = {
        "id": lambda: random.choice(("", "copy", "__proto__")),
        "when": lambda: rule(random, facts),
        "provinces": lambda: [random.choice(PROVINCES) for _ in range(random.randrange(3))],
        "channel": lambda: random.choice(CHANNELS),
        "valid_from": lambda: random.choice(DAYS),
        "valid_until": lambda: random.choice(DAYS),
        "note": lambda: text(random),
        "source": lambda: random.choice(TEXTS),
        "per": lambda: text(random),
        "where": lambda: text(random),
        "url": lambda: "https://example.org/",
    }
    return with_some(random, dict(content), makers, 25)


def version(random: Random) -> Data:
    pool = LANGUAGES if chance(random, 8) else NAMES
    names = list(dict.fromkeys(random.choice(pool) for _ in range(random.randrange(7))))
    facts = [fact_data(random, name) for name in names]
    source = {"id": "s", "title": "t", "kind": "own", "checked_on": "2026-01-01", "confidence": "low"}
    data: Data = {
        "valid_from": random.choice(DAYS) if chance(random, 30) else random.choice(SOUND_DAYS[:3]),
        "sources": [source] * random.randrange(3),
        "facts": facts,
        "requirements": [requirement(random, facts) for _ in range(random.randrange(5))],
        **{key: [row(random, facts, key) for _ in range(random.randrange(4))] for key in ROWS},
    }
    makers: Data = {
        "valid_until": lambda: random.choice(DAYS),
        "online": lambda: random.choice(("full", "unknown", "")),
        **{key: lambda: [text(random)] for key in ("steps", "warnings", "ask_officer")},
    }
    return with_some(random, data, makers, 30)


def guide(random: Random) -> Data:
    """Shaped like a guide, if an odd one."""
    data: Data = {"schema": 1, "slug": "random", "life_event": "birth", "name": text(random)}
    data["versions"] = [version(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    makers: Data = {
        "code": lambda: random.choice(TEXTS),
        "kind": lambda: "in_app",
        "official_name": lambda: random.choice(TEXTS),
        "summary": lambda: text(random),
        "keywords": lambda: random.choice(({}, [], "", 0, {"vi": ["x"]}, {"fr": 1})),
        "replaces": lambda: ["1.000001"],
        "see_also": lambda: random.choice(([], ["x"])),
    }
    return with_some(random, data, makers, 25)


def damaged(random: Random, data: Any) -> Any:
    """The same with one place changed: another value there, or its name, or nothing."""
    places = list(_places(data))
    if not places:
        return junk(random)
    inside, key = random.choice(places)
    kind = random.randrange(4)
    if kind == 0:
        del inside[key]
    elif kind == 1 and isinstance(inside, dict):
        inside[random.choice(NAMES)] = inside.pop(key)
    else:
        inside[key] = junk(random)
    return data


def _places(data: Any) -> Any:
    for key in list(data) if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


def answers(random: Random, data: Data) -> Data:
    """Answers to questions of any version of a guide, and to some it does not ask."""
    facts = [fact for each in data["versions"] for fact in each["facts"]]
    pairs = [(fact["id"], answer_for(random, fact)) for fact in facts if chance(random, 65)]
    pairs += [(random.choice(NAMES), junk(random)) for _ in range(random.randrange(3))]
    random.shuffle(pairs)
    return dict(pairs)


def request(random: Random) -> Any:
    """One guide and what is asked of it."""
    data = guide(random)
    asked: Data = {"answers": answers(random, data), "on": random.choice(SOUND_DAYS)}
    makers: Data = {
        "province": lambda: random.choice(PROVINCES),
        "channel": lambda: random.choice(CHANNELS),
        "language": lambda: random.choice(LANGUAGES),
        "read": lambda: random.choice((True, True, False, "yes")),
    }
    with_some(random, asked, makers)
    # Copied first: one source may stand in several places, and damage is meant for one.
    data = json.loads(json.dumps(data))
    for _ in range(random.choice((0, 0, 0, 0, 1, 2))):
        data = damaged(random, data)
    asked["guide"] = data
    return damaged(random, asked) if chance(random, 5) else asked


def written(data: Any) -> str:
    """JSON in plain letters, with the numbers as they were meant to stand there."""
    return _LITERAL.sub(lambda found: found[1], json.dumps(data))


def line(random: Random) -> str:
    """A request as a line of JSON; now and then one that is not JSON."""
    text = written(request(random))
    kind = random.randrange(60)
    if kind == 0:
        return text[: random.randrange(1, len(text))]
    if kind == 1:
        return "[" * random.choice((99, 100, 101, 5000)) + "]" * random.choice((0, 99, 100, 101, 5000))
    if kind == 2:
        return random.choice(
            ("NaN", "[1,]", "{'a': 1}", "01", '"\t"', "\ufeff{}", "nul", '{"guide": NaN}', "\\", '"\\')
        )
    return text


def raw(text: str) -> bytes:
    """The line as bytes, with characters as themselves where that is possible."""
    data = re.sub(
        r"\\u(?!d[89a-f]|00[01]|005c|0022)([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text
    )
    return data.encode()
