"""What the server would refuse is said beside the field; what it refused can be put right and sent anew."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page
from pydantic import ValidationError

from nhipcau.cases.rules import LONGEST_NOTE, read_dossier_code
from nhipcau.citizens.rules import LONGEST_NAME, read_name, read_phone
from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.sync.operations.cases import Open
from nhipcau.visits.rules import LONGEST_TEXT
from tests.browser.field.screens.conftest import FilledPhone, Filler
from tests.browser.field.screens.test_matters import comes, conflict, receipt
from tests.browser.field.screens.test_privacy import fill_case, keys
from tests.factories.phones import case_data

NUMBERS = [
    "", "  ", "0912 345 678", "0912.345.678", "0263 385 1234", "024 0000 0111", "(0263) 385-1234",
    "+84 912 345 678", "+84 0912 345 678", "+84 (0)263-385-1234", "84912345678", "842633851234",
    "0084 912 345 678", "0084 0263 385 1234", "+66 2 000 0111", "+1 202 555 0142", "+123456789012345",
    "+1234567890123456", "+1234567", "912345678", "09123456789", "091234567", "091234567890", "113", "0", "+",
    "++84912345678", "0912x345678", "Bà Tám", "0912\u00a0345\u2013678", "0912\u3000345678",
    "0912\ufeff345678",
    "0912\x85345\x1c678", "๐๙๑๒๓๔๕๖๗๘", "٠٩١٢٣٤٥٦٧٨", "00000000000", "0012025550142",
    "0912 345 678" + " " * 60,
]  # fmt: skip
NAMES = [
    "", "  ", "Bà Tám", "K’ Brốt Ha Mơ", "สมชาย ใจดี", "Tám\t\n Bà", "A" * 80, "Bà  " * 20, "Ệ" * 80, "A" * 81,
    "Bà Tám 12345678", "Bà Tám 123456789", "Tám 079 200 000 123", "Tám 079.200.000.123",
    "Tám 079-200-000-123",
    "Tám ๐๗๙๒๐๐๐๐๐๑๒๓", "123", "…", "Tám\x00", "Tám\u200b", "Tám\ue000", "Ta\u0301m", "e\u0323\u0302" * 80,
]  # fmt: skip


def accepted(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except UnableTo:
        return False
    return True


def number(text: str) -> str | None:
    return read_phone(text) if accepted(read_phone, text) else None


def test_the_phone_reads_numbers_and_names_as_the_server(
    read_codes: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    chance = random.Random(11)
    made = ["".join(chance.choices("0001284+ .-x๐", k=chance.randint(1, 18))) for _ in range(600)]
    made += [chance.choice(("", "0", "84", "+84", "+840", "0084")) + "9" * n for n in range(7, 17)] * 6
    numbers = NUMBERS + made
    found = [each["phone"] for each in read_codes(numbers)]
    assert found == [number(text) for text in numbers]
    assert sum(text is not None for text in found) > 40
    assert [each["name"] is None for each in read_codes(NAMES)] == [
        accepted(read_name, name) for name in NAMES
    ]


def takes(phone: str) -> None:
    try:
        Open.model_validate(case_data(phone=phone))
    except ValidationError as error:
        raise UnableTo("too long") from error


def test_no_field_takes_more_than_the_server(filled: Filler) -> None:
    phone = filled()
    most = phone.page.evaluate("nc.MOST")
    assert most["visitNote"] == LONGEST_TEXT
    phone.unlock()
    page, case = phone.page, phone.ids["case"]
    seen = {}
    for route, names in (
        ("case-open", "name phone"),
        (f"case/{case}/note", "note"),
        (f"case/{case}/dossier", "code"),
    ):
        phone.go(route)
        seen |= {name: int(page.get_attribute(f"#f-{name}", "maxlength") or 0) for name in names.split()}
    assert {**seen, "visitNote": LONGEST_TEXT} == most
    assert (most["name"], most["note"]) == (LONGEST_NAME, LONGEST_NOTE)
    for read, longest in ((takes, most["phone"]), (read_dossier_code, most["code"])):
        assert [accepted(read, "1" * length) for length in (longest, longest + 1)] == [True, False]


def day(days: int) -> str:
    return (clock.local_date(clock.now()) + timedelta(days=days)).isoformat()


def refused(page: Page, name: str) -> None:
    page.click(".nf-action button")
    page.wait_for_selector(f"#e-{name}")


def test_a_case_that_would_be_refused_is_not_opened(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    fill_case(phone)
    page = phone.page
    for name, wrong, right in (
        ("due", day(-1), day(0)),
        ("name", "Bà Tám 079 200 000 123", "Bà Tám"),
        ("phone", "0912 345 67", "+84 0263 385 1234"),
    ):
        page.fill(f"#f-{name}", wrong)
        refused(page, name)
        assert phone.waiting() == []
        page.fill(f"#f-{name}", right)
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route='case-open/done']")
    (opened,) = phone.waiting()
    assert [opened["data"][name] for name in ("due_on", "name")] == [day(0), "Bà Tám"]


def test_the_day_is_that_of_the_server_on_a_phone_whose_clock_is_behind(filled: Filler) -> None:
    phone = filled(ahead=timedelta(days=5))
    phone.unlock()
    phone.go(f"case/{phone.ids['case']}/due")
    page = phone.page
    page.fill("#f-due", day(4))
    refused(page, "due")
    page.fill("#f-due", day(5))
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    phone.go(f"case/{phone.ids['case']}/dossier")
    assert page.input_value("#f-day") == day(5)


def test_days_that_cannot_be_are_said(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page, case = phone.page, phone.ids["case"]
    phone.go(f"case/{case}/due")
    for wrong in (day(-1), day(367)):
        page.fill("#f-due", wrong)
        refused(page, "due")
    phone.go(f"case/{case}/dossier")
    page.fill("#f-code", "G22.99.08-260921-896048")
    page.check("#by-0")
    for wrong in (day(1), day(-3 * 366 - 1)):
        page.fill("#f-day", wrong)
        refused(page, "day")
    assert phone.waiting() == []


def change(phone: FilledPhone, command: str) -> None:
    phone.go(f"drawer/{command}")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector("main .nf-input")


def send(phone: FilledPhone) -> None:
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector("main[data-route=drawer]")


def add(phone: FilledPhone, name: str, data: dict[str, Any], **options: Any) -> str:
    command: str = phone.ask("add", name, data, options)
    return command


def answered(phone: FilledPhone, *receipts: dict[str, Any]) -> None:
    comes(phone, conflict(phone, "", state="decided", keep="server"), 100, *receipts)


def refused_for(command: str, code: str) -> dict[str, Any]:
    return receipt({"id": command}, "refused", code)


def test_a_refused_opening_is_put_right_and_what_belongs_to_it_follows(filled: Filler) -> None:
    """Opened with last year's date by an app that did not look; a note and papers wait for it."""
    phone = filled()
    case = case_data(due_on=day(-365), need="procedure:birth-registration", name="Bà Tám")
    opening = add(phone, "cases.open", case)
    phone.unlock()
    page = phone.page
    phone.go(f"case/{case['id']}/note")
    page.fill("#f-note", "Hẹn thứ Năm")
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='case/{case['id']}']")
    phone.go(f"checklist/case/list/{case['id']}")
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='case/{case['id']}']")
    _opening, note, papers = phone.waiting()
    lost = [refused_for(each["id"], "sync.need_refused") for each in (note, papers)]
    answered(phone, refused_for(opening, "cases.unable_to_open"), *lost)
    change(phone, opening)
    assert page.input_value("#f-name") == "Bà Tám"
    refused(page, "due_on")
    page.fill("#f-due_on", day(7))
    send(phone)
    change(phone, note["id"])
    send(phone)
    phone.go(f"drawer/{papers['id']}")
    send(phone)
    anew, *after = phone.waiting()
    assert anew["data"] == {**case, "due_on": day(7)}
    assert anew["replaces"] == opening
    assert [each["needs"] for each in after] == [[anew["id"]]] * 2
    assert [each["replaces"] for each in after] == [note["id"], papers["id"]]
    assert after[0]["data"] == note["data"]
    assert (after[1]["data"], after[1]["verdict"]) == (papers["data"], papers["verdict"])


def test_what_belongs_to_something_sent_anew_and_taken_says_so(filled: Filler) -> None:
    """The server knows what was done in place of what."""
    phone = filled()
    opening = add(phone, "cases.open", case := case_data(due_on=day(-365)))
    phone.unlock()
    phone.go(f"case/{case['id']}/note")
    phone.page.fill("#f-note", "Hẹn thứ Năm")
    phone.page.click(".nf-action button")
    phone.page.wait_for_selector(f"main[data-route='case/{case['id']}']")
    note = phone.waiting()[1]
    lost = refused_for(note["id"], "sync.need_refused")
    answered(phone, refused_for(opening, "cases.unable_to_open"), lost)
    change(phone, opening)
    phone.page.fill("#f-due_on", "")
    send(phone)
    (anew,) = phone.waiting()
    assert anew["data"]["due_on"] is None
    answered(phone, receipt(anew))
    change(phone, note["id"])
    send(phone)
    assert [each["needs"] for each in phone.waiting()] == [[opening]]


def test_what_was_half_changed_of_what_hangs_on_somebody_forgotten_goes_too(filled: Filler) -> None:
    """The opening is sent anew, and its person has asked to be forgotten meanwhile."""
    phone = filled()
    opening = add(phone, "cases.open", case := case_data(due_on=day(-365)))
    note = add(phone, "cases.note", {"case": case["id"], "note": "Hẹn"}, needs=[opening])
    lost = refused_for(note, "sync.need_refused")
    answered(phone, refused_for(opening, "cases.unable_to_open"), lost)
    phone.unlock()
    change(phone, note)
    phone.page.fill("#f-note", "Hẹn Bà Tám")
    phone.page.wait_for_timeout(300)
    assert f"draft/drawer/{note}" in keys(phone)
    change(phone, opening)
    phone.page.fill("#f-due_on", "")
    send(phone)
    (anew,) = phone.waiting()
    answered(phone, receipt(anew, "refused", "sync.forgotten"))
    texts = "() => document.querySelector('main').textContent.split('Đã xóa nội dung').length === 4"
    phone.page.wait_for_function(texts)
    assert "draft/drawer" not in keys(phone)


@pytest.mark.parametrize(
    ("name", "data", "code", "asked"),
    [
        ("cases.open", {"name": "Bà Tám 079200000123"}, "citizens.unreadable_name", ["name"]),
        ("cases.open", {"phone": "12"}, "citizens.unreadable_phone", ["phone"]),
        ("cases.open", {}, "citizens.forbidden_number", ["name", "phone", "due_on"]),
        ("cases.dossier", {"submitted_on": day(3)}, "cases.unable_to_add_dossier", ["code", "submitted_on"]),
        ("cases.dossier", {}, "cases.unreadable_dossier_code", ["code"]),
        ("cases.change", {"set": {"due_on": day(-9)}}, "cases.unable_to_assign", ["due_on"]),
        ("cases.change", {"set": {"state": "withdrawn"}}, "cases.forbidden_transition", []),
    ],
)
def test_what_the_answer_speaks_of_can_be_changed(
    name: str, data: dict[str, Any], code: str, asked: list[str], filled: Filler
) -> None:
    phone = filled()
    case = {"case": phone.ids["case"]}
    whole = {
        "cases.open": case_data(),
        "cases.dossier": {**case, "code": "G22", "submitted_on": day(0), "submitted_by_citizen": True},
        "cases.change": case,
    }[name]
    command = add(phone, name, {**whole, **data})
    answered(phone, refused_for(command, code))
    phone.unlock()
    phone.go(f"drawer/{command}")
    if asked:
        phone.page.click(".nf-action button")
        phone.page.wait_for_selector("main .nf-input")
    fields = phone.page.locator("main .nf-input").all()
    assert [field.get_attribute("id") for field in fields] == [f"f-{each}" for each in asked]


def test_a_day_of_a_case_is_changed_where_it_stands(filled: Filler) -> None:
    phone = filled()
    data = {"case": str(new_id()), "set": {"due_on": day(-9)}}
    command = add(phone, "cases.change", data)
    answered(phone, refused_for(command, "cases.unable_to_assign"))
    phone.unlock()
    change(phone, command)
    refused(phone.page, "due_on")
    phone.page.fill("#f-due_on", day(9))
    send(phone)
    assert [each["data"] for each in phone.waiting()] == [{**data, "set": {"due_on": day(9)}}]
