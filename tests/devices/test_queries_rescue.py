"""Files and codes from strangers: read whole, or refused in clear words; never more than a phone can hold."""

import base64
import json
import os
import random
import tracemalloc
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhipcau.devices.queries import rescue
from nhipcau.devices.queries.rescue import (
    MOST_FILE_BYTES,
    MOST_RECORDS,
    UnableToJoinParts,
    UnableToReadRescue,
    UnableToTakeRescue,
    UnableToTrustRescue,
    read_rescue,
)
from tests.factories.rescues import codes_of, deflated, rescue_codes, rescue_of

DEVICE = uuid4()


def sealed(size: int = 40, **more: object) -> dict[str, object]:
    return {
        "where": f"outbox/{uuid4()}",
        "iv": base64.b64encode(bytes(12)).decode(),
        "box": base64.b64encode(os.urandom(size)).decode(),
        **more,
    }


WHOLE = rescue_of(DEVICE, [sealed(700) for _ in range(12)])
CODES = rescue_codes(WHOLE)


def test_a_file_is_read() -> None:
    found = read_rescue(WHOLE.encode())
    assert found.device == DEVICE
    assert len(found.records) == 12
    assert None not in found.records
    assert read_rescue(b"\xef\xbb\xbf" + WHOLE.encode() + b"\r\n") == found


@given(st.data())
def test_codes_in_any_order_with_repeats(data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(CODES)))
    order = data.draw(st.permutations([*CODES, *again]))
    between = data.draw(st.sampled_from(["\n", "\r\n\r\n", " ", "\t", ", "]))
    assert read_rescue(between.join(order)) == read_rescue(WHOLE)


@given(st.sets(st.integers(0, len(CODES) - 1), min_size=1, max_size=len(CODES) - 1))
def test_missing_codes_are_named(gone: set[int]) -> None:
    there = [code for at, code in enumerate(CODES) if at not in gone]
    with pytest.raises(UnableToJoinParts) as refused:
        read_rescue("\n".join(there))
    assert ", ".join(str(at + 1) for at in sorted(gone)) in str(refused.value)


def test_codes_of_two_phones_are_not_mixed() -> None:
    other = rescue_codes(rescue_of(uuid4(), [sealed(700)]))
    with pytest.raises(UnableToReadRescue):
        read_rescue("\n".join([*CODES, *other]))


@given(st.integers(0, len(CODES) - 1), st.integers(0, 700), st.sampled_from("AZaz09-_"))
def test_a_changed_code_is_told(at: int, where: int, letter: str) -> None:
    head, _colon, content = CODES[at].rpartition(":")
    place = where % len(content)
    changed = content[:place] + letter + content[place + 1 :]
    codes = [*CODES[:at], f"{head}:{changed}", *CODES[at + 1 :]]
    if changed == content:
        return
    try:
        # The last letter of all may carry bits that mean nothing.
        assert read_rescue("\n".join(codes)) == read_rescue(WHOLE)
    except UnableToTrustRescue:
        return
    assert at == len(CODES) - 1


def test_two_contents_under_one_number() -> None:
    with pytest.raises(UnableToTrustRescue):
        read_rescue("\n".join([*CODES, CODES[0][:-1] + ("A" if CODES[0][-1] != "A" else "B")]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        "",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        "hello",
        "{}",
        "[]",
        "null",
        '{"format": "other"}',
        '{"format": "nhipcau-rescue"}',
        json.dumps({"format": "nhipcau-rescue", "v": 2, "device": str(DEVICE), "records": []}),
        json.dumps({"format": "nhipcau-rescue", "v": 1, "device": 7, "records": []}),
        json.dumps({"format": "nhipcau-rescue", "v": 1, "device": "\ud800", "records": []}),
        json.dumps({"format": "nhipcau-rescue", "v": 1, "device": str(DEVICE), "records": {}}),
        '["format", "nhipcau-rescue", "v"]',
        '{"format": "nhipcau-rescue", "v": ' + "9" * 100_000 + "}",
        '{"format": "nhipcau-rescue", "records": ' + "[" * 100_000,
        '{"format": "nhipcau-rescue", "records": ' + '{"a":' * 10_000,
        "NCR1:zzzzzzzz:1/1:AAAA",
        "NCR1:01234567:0/0:AAAA",
        "NCR1:01234567:2/1:AAAA",
        "NCR1:01234567:1/1:A",
        "NCR1:01234567:1/1:AAAA",
    ],
)
def test_what_is_not_ours(content: str | bytes) -> None:
    with pytest.raises(UnableToReadRescue):
        read_rescue(content)


@pytest.mark.parametrize("end", [20, 200, -1])
def test_cut_off(end: int) -> None:
    with pytest.raises(UnableToReadRescue):
        read_rescue(WHOLE[:end])
    packed = deflated(WHOLE.encode())
    with pytest.raises(UnableToTrustRescue):
        read_rescue("\n".join(codes_of(packed[:end], CODES[0].split(":")[1])))


def test_a_small_code_that_unfolds_into_a_large_text() -> None:
    bomb = codes_of(deflated(b"0" * (MOST_FILE_BYTES * 4)), "01234567")
    tracemalloc.start()
    with pytest.raises(UnableToTakeRescue):
        read_rescue("\n".join(bomb))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < MOST_FILE_BYTES * 3


def test_more_than_a_phone_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescue, "MOST_FILE_BYTES", 1000)
    with pytest.raises(UnableToTakeRescue):
        read_rescue(b"{" + b" " * 1000)
    monkeypatch.undo()
    with pytest.raises(UnableToTakeRescue):
        read_rescue(rescue_of(DEVICE, [{}] * (MOST_RECORDS + 1)))


def test_records_that_are_none_are_counted_not_dropped() -> None:
    bad = [
        sealed(where="pack/x"),
        sealed(where=7),
        sealed(where=f"outbox/{uuid4()}/x"),
        sealed(iv="AAAA"),
        sealed(iv=None),
        sealed(box="=" * 7),
        sealed(box=""),
        sealed(box="é"),
        {},
        None,
        7,
        "text",
    ]
    records = [*bad, sealed()]
    random.shuffle(records)
    found = read_rescue(rescue_of(DEVICE, records))
    assert [each is None for each in found.records] == [each in bad for each in records]
