"""Files of every kind and every kind of damage: read whole, row by row, or refused with a reason."""

import csv
import gzip
import io
import json
import random
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhipcau.catalogue import services
from nhipcau.catalogue.services import files
from nhipcau.catalogue.services.rows import BadRow, read_entry
from nhipcau.core.sheets import looking
from tests.factories.national import cells, lines, national, workbook

CODES = ("1.000001", "1.000002", "1.000003")


def three() -> list[dict[str, Any]]:
    return [national(code, steps='Bước 1: "nộp",\nBước 2; nhận\t') for code in CODES]


def read(path: Path) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """Contents of the good rows, and the reasons of the others."""
    contents, refused = [], {}
    for row in files.read_rows(path):
        try:
            if row.reason:
                raise BadRow(row.reason)
            contents.append(read_entry(row.number, row.values, cells=row.cells).content)
        except BadRow as bad:
            refused[row.number] = bad.reason
    return contents, refused


def file_of(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def csv_of(rows: list[dict[str, Any]], delimiter: str = ",", **options: Any) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, **options).writerows(cells(rows))
    return text.getvalue()


# ---- the same content from every kind --------------------------------------------------------------

KINDS = {
    "plain": lambda: lines(three()),
    "packed": lambda: gzip.compress(lines(three())),
    "byte order mark": lambda: b"\xef\xbb\xbf" + lines(three()),
    "utf-16": lambda: lines(three()).decode().encode("utf-16"),
    "no last line end": lambda: lines(three()).rstrip(b"\n"),
    "windows line ends": lambda: lines(three()).replace(b"\n", b"\r\n"),
    "blank lines": lambda: b"\n  \n" + lines(three()).replace(b"\n", b"\n\n"),
    "csv": lambda: csv_of(three()).encode(),
    "csv packed": lambda: gzip.compress(csv_of(three()).encode()),
    "csv with mark": lambda: csv_of(three()).encode("utf-8-sig"),
    "csv semicolons": lambda: csv_of(three(), ";").encode(),
    "csv tabs, utf-16": lambda: csv_of(three(), "\t").encode("utf-16"),
    "csv bars": lambda: csv_of(three(), "|").encode(),
    "csv all quoted": lambda: csv_of(three(), quoting=csv.QUOTE_ALL).encode("utf-8-sig"),
    "csv blank rows": lambda: csv_of(three()).encode() + b"," * 10 + b"\r\n\r\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_the_same(kind: str, tmp_path: Path) -> None:
    assert read(file_of(tmp_path, KINDS[kind]())) == (three(), {})


def test_a_spreadsheet_says_the_same(tmp_path: Path) -> None:
    contents, refused = read(workbook(tmp_path / "national.xlsx", cells(three())))
    assert (contents, refused) == (three(), {})


def test_blank_cells_are_blank(tmp_path: Path) -> None:
    row = national(CODES[0], channels="", documents="", legal_basis="", portal="", steps="")
    contents, refused = read(workbook(tmp_path / "n.xlsx", cells([row])))
    assert refused == {}
    assert (contents[0]["channels"], contents[0]["portal"], contents[0]["steps"]) == ([], {}, "")


def test_numbers_and_days_in_cells(tmp_path: Path) -> None:
    row = national(CODES[0], decision=2565, keywords=1.5, crawled="2026-07-18")
    contents, refused = read(workbook(tmp_path / "n.xlsx", cells([row])))
    assert (contents, list(refused)) == ([], [2])
    assert refused[2] == "keywords: text is needed, not a number"
    row["keywords"] = 12
    contents, refused = read(workbook(tmp_path / "n.xlsx", cells([row])))
    assert (contents[0]["decision"], contents[0]["keywords"]) == ("2565", "12")


def test_names_of_the_portal_are_understood(tmp_path: Path) -> None:
    table = "Mã thủ tục;NAME;Số quyết định công bố;Lĩnh vực;Ghi chú\n1.000001;Đăng ký;1/QĐ-BTP;Hộ tịch;x\n"
    contents, refused = read(file_of(tmp_path, table.encode("utf-8-sig")))
    assert refused == {}
    expected = {"code": "1.000001", "name": "Đăng ký", "decision": "1/QĐ-BTP", "field": "Hộ tịch"}
    assert contents == [expected]


def test_letters_are_coded_one_way(tmp_path: Path) -> None:
    apart = "Tie\u0302\u0301ng\r\nViệt\rNam"
    contents, _refused = read(file_of(tmp_path, lines([national(steps=apart)])))
    assert contents[0]["steps"] == "Tiếng\nViệt\nNam"


# ---- files that are refused as a whole -------------------------------------------------------------


def cut(data: bytes, part: float = 0.5) -> bytes:
    return data[: int(len(data) * part)]


def many() -> bytes:
    rng = random.Random(7)
    return lines(national(f"1.{n:06}", steps=str(rng.random())) for n in range(1, 300))


def flipped(data: bytes) -> bytes:
    """One bit in the middle is wrong."""
    place = len(data) // 2
    return data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]


BROKEN = {
    "cut gzip": lambda: cut(gzip.compress(many())),
    "gzip without its end": lambda: gzip.compress(many())[:-4],
    "gzip of two bytes": lambda: b"\x1f\x8b",
    "gzip with a wrong bit": lambda: flipped(gzip.compress(many())),
    "gzip with rubbish behind": lambda: gzip.compress(many()) + b"rubbish",
    "cut lines": lambda: lines(three())[:-40],
    "cut text in lines": lambda: lines(three())[: lines(three()).rindex("Bước 2".encode()) + 3],
    "one json list": lambda: json.dumps(three()).encode(),
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "old spreadsheet": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "zip of something else": lambda: zipped({"a.txt": b"hello"}),
    "cut zip": lambda: cut(zipped({"xl/workbook.xml": b"<workbook/>" * 50})),
    "text": "Kính gửi quý cơ quan\nTôi xin gửi danh mục\n".encode,
    "no such columns": lambda: b"id,title\n1,x\n",
    "columns twice": lambda: b"code,name,name\n1.000001,a,b\n",
    "open quotation": lambda: csv_of(three()).encode() + b'"1.000004,never closed\n',
    "cut table": "code,name,field,levels\n1.000001,Tên,Thuế,Xã\n1.000002,Tên".encode,
    "half of utf-16": lambda: b"\xff\xfe" + lines(three()).decode().encode("utf-16-le") + b"\x00",
}


def zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("damage", BROKEN)
def test_a_file_that_is_not_whole_is_refused(damage: str, tmp_path: Path) -> None:
    with pytest.raises(services.UnableToReadFile):
        read(file_of(tmp_path, BROKEN[damage]()))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(services.UnableToReadFile):
            read(path)
        with pytest.raises(services.UnableToReadFile):
            files.digest_of(path)


@pytest.mark.parametrize("data", [b"", b"\n\n", gzip.compress(b"", mtime=0), b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows(data: bytes, tmp_path: Path) -> None:
    assert read(file_of(tmp_path, data)) == ([], {})


@pytest.mark.django_db
@pytest.mark.parametrize("data", [b"", b"code,name\n", b"{}\n", b"not json\n{}\n"])
def test_a_file_without_a_usable_row_is_not_imported(data: bytes, tmp_path: Path) -> None:
    with pytest.raises((services.UnableToImport, services.UnableToReadFile)):
        services.compare_file(file_of(tmp_path, data))


def test_a_bomb_is_not_unfolded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_BYTES", 300_000)
    for unfolded in (b"\n" * 900_000, b" " * 900_000, lines(three()) * 300):
        with pytest.raises(services.UnableToReadFile):
            read(file_of(tmp_path, gzip.compress(unfolded)))


def test_a_spreadsheet_that_unfolds_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "n.xlsx", cells(three()), extra=" " * 400_000)
    monkeypatch.setattr(looking, "MOST_BYTES", 300_000)
    with pytest.raises(services.UnableToReadFile):
        read(path)


@pytest.mark.parametrize("place", ["XFD1048576", "A60000", "ZZ2"])
def test_a_sheet_with_a_cell_far_away(place: str, tmp_path: Path) -> None:
    """The reader would make a table of all cells between."""
    row = "".join(letter for letter in place if letter.isdigit())
    far = f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'
    with pytest.raises(services.UnableToReadFile):
        read(workbook(tmp_path / "n.xlsx", cells(three()), extra=far))


def test_a_sheet_with_entities_of_its_own(tmp_path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(services.UnableToReadFile):
        read(workbook(tmp_path / "n.xlsx", cells(three()), head=head))


def test_a_sheet_in_letters_nobody_knows(tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="klingon"?>'
    with pytest.raises(services.UnableToReadFile):
        read(workbook(tmp_path / "n.xlsx", cells(three()), head=head))


def test_a_cell_that_names_a_shared_text_that_is_not_there(tmp_path: Path) -> None:
    extra = '<row r="9"><c r="A9" t="s"><v>7</v></c></row>'
    with pytest.raises(services.UnableToReadFile):
        read(workbook(tmp_path / "n.xlsx", cells(three()), extra=extra))


# ---- rows that are refused one by one --------------------------------------------------------------


def deep(depth: int) -> str:
    return f'{{"code": "1.000001", "name": "x", "portal": {{"a": {"[" * depth}{"]" * depth}}}}}'


BAD = {
    "not json": ("oh", "not readable as JSON"),
    "not a record": ("[1, 2]", "not a record"),
    "a field twice": ('{"code": "1.000001", "code": "1.000002", "name": "x"}', "a field stands there twice"),
    "no code": ({"name": "x"}, "no code"),
    "code of another shape": (national("2.009182739"), "is not a code"),
    "code with other digits": (national("1.٠٠٠٠٠١"), "is not a code"),
    "code as number": (national(1.000193), "code: text is needed, not a number"),
    "no name": ({"code": "1.000001"}, "no name"),
    "a name of hidden marks": (national(name="\u200b\u202e "), "no name"),
    "name is a list": (national(name=["x"]), "name: text is needed, not a list"),
    "name too long": (national(name="x" * 2001), "name: 2,001 letters, more than 2,000"),
    "field too long": (national(field="x" * 201), "field: 201 letters"),
    "a null letter": (national(steps="a\x00b"), "steps: a control character (U+0000)"),
    "a bell": (national(name="a\x07b"), "name: a control character (U+0007)"),
    "a control letter": (national(keywords="a\x9fb"), "keywords: a control character (U+009F)"),
    "half a letter": (r'{"code": "1.000001", "name": "\ud83d"}', "name: letters that are not UTF-8"),
    "channels no list": (national(channels={"a": 1}), "channels: a list is needed"),
    "channel no object": (national(channels=["ONLINE"]), "channels: each entry must be an object"),
    "fee no text": (national(channels=[{"fee_raw": 0}]), "channels, fee_raw: text is needed, not a number"),
    "originals no number": (
        national(documents=[{"name": "x", "originals": "1"}]),
        "documents, originals: a number",
    ),
    "originals true": (
        national(documents=[{"name": "x", "originals": True}]),
        "documents, originals: a number",
    ),
    "copies below nothing": (
        national(documents=[{"name": "x", "copies": -1}]),
        "documents, copies: a number",
    ),
    "paper without words": (national(documents=[{"name": 5}]), "documents, name: text is needed"),
    "too many papers": (
        national(documents=[{"name": "x"}] * 2001),
        "documents: 2001 entries, more than 2000",
    ),
    "law no text": (national(legal_basis=[5]), "legal_basis: text is needed"),
    "portal no object": (national(portal="https://x"), "portal: an object is needed"),
    "deep": (deep(50), "lists within lists without end"),
    "very deep": (deep(100_000), "lists within lists without end"),
    "no number": ('{"code": "1.000001", "name": "x", "portal": {"a": NaN}}', "NaN is not a value"),
    "endless number": ('{"code": "1.000001", "name": "x", "portal": {"a": 1e999}}', "a number without end"),
    "long number": ('{"code": "1.000001", "name": "x", "portal": {"a": ' + "9" * 5000 + "}}", "too long"),
    "control letter in a name": (national(portal={"a\x01": 1}), "portal: a control character"),
    "huge line": (national(steps="x" * 4_000_001), "the line is longer than a record can be"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_row_is_refused_and_the_next_is_read(fault: str, tmp_path: Path) -> None:
    bad, reason = BAD[fault]
    path = file_of(tmp_path, lines([national(CODES[1]), bad, national(CODES[2])]))
    contents, refused = read(path)
    assert [content["code"] for content in contents] == [CODES[1], CODES[2]]
    assert list(refused) == [2]
    assert reason in refused[2]


def test_a_broken_first_line_does_not_hide_what_the_file_is(tmp_path: Path) -> None:
    contents, refused = read(file_of(tmp_path, lines(["# national catalogue", national(CODES[1])])))
    assert [content["code"] for content in contents] == [CODES[1]]
    assert list(refused) == [1]


def test_letters_of_another_coding_refuse_their_row(tmp_path: Path) -> None:
    good, bad = lines([national(CODES[0])]), lines([national(CODES[1], name="caf\udce9")])
    contents, refused = read(file_of(tmp_path, good + bad + lines([national(CODES[2])])))
    assert len(contents) == 2
    assert refused == {2: "name: letters that are not UTF-8"}
    rows = "code,name\n1.000001,Đường\n".encode() + b"1.000002,\xd0\xd5\n" + "1.000003,Phường\n".encode()
    contents, refused = read(file_of(tmp_path, rows))
    assert [content["code"] for content in contents] == [CODES[0], CODES[2]]
    assert refused == {3: "name: letters that are not UTF-8"}


def test_rows_of_a_table_that_do_not_fit(tmp_path: Path) -> None:
    table = "code,name,documents\n1.000001,a\n1.000002,b,[],c\n1.000003,c,{\n1.000004,d,[]\n"
    contents, refused = read(file_of(tmp_path, table.encode()))
    assert [content["code"] for content in contents] == ["1.000004"]
    assert refused == {
        2: "2 cells where 3 are named",
        3: "more cells than the 3 that are named",
        4: "documents: not readable as JSON",
    }


def test_row_numbers_of_a_table_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    """Also behind cells of several lines and blank rows."""
    table = 'code,name\n1.000001,"a\nb\nc"\n\nx,d\n'
    assert list(read(file_of(tmp_path, table.encode()))[1]) == [4]


def test_a_formula_is_no_fact(tmp_path: Path) -> None:
    table = [["code", "name"], ["1.000001", "a"], ["1.000002", '=CONCAT("b","c")'], ["1.000003", "c"]]
    contents, refused = read(workbook(tmp_path / "n.xlsx", table))
    assert [content["code"] for content in contents] == ["1.000001", "1.000003"]
    assert refused == {3: "cell B3 holds a formula"}


def test_a_code_that_a_spreadsheet_took_for_a_number(tmp_path: Path) -> None:
    """1.000190 and 1.00019 are one number, but two procedures."""
    table = [["code", "name"], [1.00019, "a"], ["1.000003", "c"]]
    contents, refused = read(workbook(tmp_path / "n.xlsx", table))
    assert len(contents) == 1
    assert "may have lost its zeros" in refused[2]


def test_a_full_cell_is_cut_off(tmp_path: Path) -> None:
    """A longer one was written by a program that does not cut."""
    table = [["code", "name", "steps"]]
    table += [[code, "a", "x" * n] for code, n in zip(CODES, (32_767, 32_766, 32_768), strict=True)]
    contents, refused = read(workbook(tmp_path / "n.xlsx", table))
    assert [content["code"] for content in contents] == ["1.000002", "1.000003"]
    assert "the rest is cut off" in refused[2]


# ---- whatever comes --------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400),
    kind=st.sampled_from([b"", b"{", b"code,name\n", b"\x1f\x8b", b"PK\x03\x04"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, kind: bytes, tmp_path: Path) -> None:
    with suppress(services.UnableToReadFile):
        read(file_of(tmp_path, kind + data))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 2500), letter=st.integers(0, 255))
def test_one_wrong_byte_in_a_spreadsheet(place: int, letter: int, tmp_path: Path) -> None:
    data = bytearray(workbook(tmp_path / "n.xlsx", cells(three())).read_bytes())
    data[place % len(data)] = letter
    with suppress(services.UnableToReadFile):
        read(file_of(tmp_path, bytes(data)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(changes=st.dictionaries(st.sampled_from(list(national())), JSON, max_size=4))
def test_any_values_are_taken_or_refused_and_kept_as_they_are(changes: dict[str, Any]) -> None:
    try:
        entry = read_entry(1, national(**{"code": "1.000001"} | changes))
    except BadRow:
        return
    again = read_entry(2, entry.content)
    assert (again.content, again.hash) == (entry.content, entry.hash)
