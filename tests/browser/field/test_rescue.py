"""What cannot be sent any more is carried out sealed, and opens to the province alone."""

import base64
import hashlib
import json
import zlib
from random import Random
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .conftest import PIN, Phone, Province

TEXT = "Bà Hai ở thôn Ba, ไม่มีสัญญาณ"
EXPORT = """const blob = await nc.exportRescue(a[0]);
  return [await blob.text(), blob.type]"""


def escrowed_key(phone: Phone, province: Province, at: int = 0) -> bytes:
    """The data key, from what the phone gave the server at its enrolment."""
    escrow = base64.b64decode(phone.run("return nc.posted[a[0]].escrow", at))
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    return province.key.decrypt(escrow, oaep)


def opened(record: dict[str, str], device: str, key: bytes) -> Any:
    iv, box = base64.b64decode(record["iv"]), base64.b64decode(record["box"])
    bound = f"nhipcau/{record['where']}/{device}".encode()
    return json.loads(AESGCM(key).decrypt(iv, box, bound))


@pytest.fixture
def device(phone: Phone) -> str:
    """With three commands waiting, and a fourth in the drawer."""
    device = phone.enrol()
    ids = phone.run("return nc.addNotes(a[0], [a[1], '2', '3', '4'])", device, TEXT)
    phone.run("await nc.of(a[0]).outbox.settle(nc.receipts([a[1]], 'refused'))", device, ids[3])
    return device


def test_what_its_owner_has_settled_is_not_handed_in_again(phone: Phone, device: str) -> None:
    """One matter was sent anew, another put away: only the open one leaves with what waits."""
    ids = phone.run("return nc.addNotes(a[0], ['wrong', 'never mind'])", device)
    phone.run("await nc.of(a[0]).outbox.settle(nc.receipts(a[1], 'refused'))", device, ids)
    anew = "return nc.of(a[0]).outbox.add('cases.note', {case: a[1], note: 'right'}, {replaces: a[1]})"
    right = phone.run(anew, device, ids[0])
    phone.run("await nc.of(a[0]).outbox.putAway(a[1])", device, ids[1])
    text, _kind = phone.run(EXPORT, device)
    where = [record["where"].partition("/") for record in json.loads(text)["records"]]
    assert [store for store, _slash, _id in where] == ["outbox"] * 4 + ["drawer"]
    assert right in {key for _store, _slash, key in where}
    assert not {key for _store, _slash, key in where} & set(ids)


def test_the_province_opens_what_the_phone_gives_out_without_its_pin(
    phone: Phone, province: Province, device: str
) -> None:
    key = escrowed_key(phone, province)
    assert len(key) == 32
    commands = phone.run("return nc.of(a[0]).outbox.all()", device)
    waiting = phone.run("return nc.of(a[0]).outbox.drawer()", device)
    phone.kill()
    phone.run("await nc.endLease(a[0], 'revoked')", device)
    text, kind = phone.run(EXPORT, device)
    assert kind == "application/x-nhipcau-rescue"
    file = json.loads(text)
    assert (file["format"], file["v"], file["device"]) == ("nhipcau-rescue", 1, device)
    assert "Hai" not in text
    found = [opened(record, device, key) for record in file["records"]]
    assert found[:3] == commands
    assert found[0]["data"]["note"] == TEXT
    assert found[3]["command"] == waiting[0]["command"]
    assert [record["where"].split("/")[0] for record in file["records"]] == ["outbox"] * 3 + ["drawer"]
    assert len(phone.rows(device, "outbox")) == 3, "it stays on the phone as well"


def test_a_record_passed_off_as_another_does_not_open(phone: Phone, province: Province, device: str) -> None:
    key = escrowed_key(phone, province)
    file = json.loads(phone.run(EXPORT, device)[0])
    first, second = file["records"][:2]
    with pytest.raises(InvalidTag):
        opened({**first, "where": second["where"]}, device, key)
    with pytest.raises(InvalidTag):
        opened(first, phone.run("return nc.newId()"), key)


def test_the_key_in_trust_is_the_provinces_or_there_is_no_device(phone: Phone) -> None:
    province, phone.province = phone.province, Province.__new__(Province)
    phone.province.spki = base64.b64encode(b"no key").decode()
    with pytest.raises(Exception, match=r"store.bad_escrow_key"):
        phone.enrol()
    assert phone.run("return [nc.posted.length, (await nc.listDevices()).length]") == [0, 0]
    phone.province = province
    assert phone.enrol()


def collected(phone: Phone, parts: list[str]) -> str:
    text: str = phone.run(
        """const collector = new nc.RescueCollector();
        nc.reads = a[0].map(part => collector.add(part).read);
        return collector.text()""",
        parts,
    )
    return text


def test_codes_are_read_in_any_order_with_repeats(phone: Phone, device: str) -> None:
    phone.run("await nc.addNotes(a[0], Array.from({length: 60}, (_, n) => a[1] + n))", device, TEXT)
    text = phone.run("return nc.rescueText(a[0])", device)
    parts: list[str] = phone.run("return nc.rescueQr(a[0])", text)
    assert len(parts) > 10
    assert max(map(len, parts)) <= 900
    random = Random(5)
    for _ in range(10):
        mixed = [*parts, *random.choices(parts, k=7)]
        random.shuffle(mixed)
        assert collected(phone, mixed) == text
        assert sorted(phone.run("return nc.reads")) == ["known"] * 7 + ["new"] * len(parts)


@pytest.mark.parametrize("compresses", [True, False])
def test_codes_read_as_any_other_program_would(phone: Phone, device: str, compresses: bool) -> None:
    """The documented format, put together here without the app; also of browsers that compress nothing."""
    phone.run("await nc.addNotes(a[0], Array.from({length: 150}, (_, n) => a[1] + n))", device, TEXT)
    if not compresses:
        phone.run("globalThis.CompressionStream = undefined")
    text = phone.run("return nc.rescueText(a[0])", device)
    assert len(text) > 65_535, "more than one block"
    parts: list[str] = phone.run("return nc.rescueQr(a[0])", text)
    heads = [part.split(":", 3) for part in parts]
    assert {head[0] for head in heads} == {"NCR1"}
    assert {head[1] for head in heads} == {hashlib.sha256(text.encode()).hexdigest()[:8]}
    assert [head[2] for head in heads] == [f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)]
    packed = "".join(head[3] for head in heads)
    plain = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), wbits=-15)
    assert plain.decode() == text
    assert collected(phone, parts) == text


def test_what_does_not_belong_is_told_apart(phone: Phone) -> None:
    mine: list[str] = phone.run("return nc.rescueQr(a[0])", "mine " + Random(1).randbytes(2000).hex())
    other: list[str] = phone.run("return nc.rescueQr(a[0])", "other " + Random(2).randbytes(2000).hex())
    script = """const collector = new nc.RescueCollector();
      const told = a[0].map(part => collector.add(part));
      return [told, collector.missing(), await nc.tried(() => collector.text())]"""
    read = [mine[1], other[0], "https://example.org/", "NCR1:zz", mine[1]]
    told, missing, text = phone.run(script, read)
    assert [one["read"] for one in told] == ["new", "other", "unknown", "unknown", "known"]
    assert missing == [n for n in range(1, len(mine) + 1) if n != 2]
    assert text["code"] == "rescue.unreadable"
    at = len(mine[0]) - 5
    spoilt = mine[0][:at] + ("A" if mine[0][at] != "A" else "B") + mine[0][at + 1 :]
    assert phone.run(script, [spoilt, *mine[1:]])[2]["code"] == "rescue.unreadable"


def test_a_forgotten_pin_is_not_the_end(phone: Phone, province: Province, device: str) -> None:
    """The old store stays for the province; the member goes on in a new one, and both are on the phone."""
    key = escrowed_key(phone, province)
    phone.reload()
    anew = phone.enrol("850317")
    assert phone.unlock(anew, "850317") == {"ok": anew}
    assert phone.run("return nc.of(a[0]).outbox.count()", anew) == 0
    file = json.loads(phone.run(EXPORT, device)[0])
    assert [opened(record, device, key)["data"]["note"] for record in file["records"][:3]] == [TEXT, "2", "3"]
    assert phone.unlock(device, PIN) == {"ok": device}, "remembered after all"
