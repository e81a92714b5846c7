"""What a phone and the books say after a day of the model, held against each other."""

from tests.faults.verdict import Verdict

from .conftest import Book, Phone
from .model import Day

DONE = {"applied", "already_applied"}


def resend(phone: Phone, ids: list[str]) -> list[str]:
    """What the phone itself put into the drawer a person sends anew; the ids as they are now."""
    steps = [
        {
            "do": "add",
            "name": item["command"]["name"],
            "data": item["command"]["data"],
            "replaces": item["command"]["id"],
        }
        for item in phone.ask("drawer")
        if item["receipt"]["code"].startswith("phone.") and item["state"] == "open"
    ]
    again = dict(zip([step["replaces"] for step in steps], phone.ask("run", steps), strict=True))
    phone.settle()
    return [again.get(key, key) for key in ids]


def judge(phone: Phone, day: Day, ids: list[str], before: int) -> Verdict:
    """`ids`: of the commands by step, "" where the person was told that there is no room."""
    book = Book(phone.device)
    receipts = book.receipts()
    commands = {number: ids[number] for number in day.added if ids[number]}
    kept = {day.steps[number]["data"].get("id") for number in commands}
    present = {key for key in day.present if key in kept}
    there = book.sessions(sorted(day.present | day.absent))
    wrong = {key for key, result in receipts.items() if result not in DONE}
    refused = {commands[number] for number in day.refused if number in commands}
    drawer = {item["command"]["id"]: item for item in phone.ask("drawer") if item["state"] == "open"}
    state = phone.state()
    claimed = (state["waiting"], state["attention"], state["summary"])
    right = (0, len(wrong), "all_sent_needs_you" if wrong else "all_sent")
    return Verdict(
        lost=len(set(commands.values()) - set(receipts)) + len(present - there),
        doubled=len(there - present) + abs(book.session_count() - before - len(present)),
        # Exactly what was refused is in the drawer, each with its reason; and nothing else was claimed.
        silent=len(wrong ^ refused)
        + len(set(drawer) ^ wrong)
        + sum(not item["receipt"]["code"] for item in drawer.values())
        + len(set(receipts) - set(commands.values()))
        + (claimed != right)
        + len(phone.lies),
    )
