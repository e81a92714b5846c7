"""The command: one address, files of all sorts, loading and checking."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from nhipcau.places.management.commands.places import texts_of


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("places", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("convert", "--file", str(path)).splitlines()]


def test_one_address_as_json() -> None:
    found = json.loads(run("convert", "Xã Đạ Chais, huyện Lạc Dương, tỉnh Lâm Đồng", "--json"))
    assert found["status"] == "ok"
    assert found["candidates"][0]["code"] == "24848"
    assert found["candidates"][0]["province_code"] == "68"
    assert found["candidates"][0]["why"]


def test_one_address_for_people() -> None:
    assert run("convert", "P. Cửa Nam, Hoàn Kiếm, HN").splitlines()[0] == "ambiguous"


def test_garbage_and_bad_bytes_get_an_answer() -> None:
    assert json.loads(run("convert", "\udcff\udcfe 😀", "--json"))["status"] == "not_found"
    assert json.loads(run("convert", "x" * 10_000, "--json"))["status"] == "not_found"


def test_a_table_with_a_column_input(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('\ufeffid,Input\n1,"Xã Đạ Chais, Lạc Dương, Lâm Đồng"\n2,\n3\n', encoding="utf-8")
    found = lines(file)
    assert [row["input"] for row in found] == ["Xã Đạ Chais, Lạc Dương, Lâm Đồng", "", ""]
    assert [row["status"] for row in found] == ["ok", "not_found", "not_found"]


def test_a_plain_list_with_blank_huge_and_broken_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(
        "Xã Đạ Chais, Lạc Dương, Lâm Đồng\r\n\r\n".encode()
        + b"\xff\xfeabc\n"
        + b"x" * 300_000
        + b"\nP3 Q5 HCM"
    )
    found = lines(file)
    assert [row["status"] for row in found] == ["ok", "not_found", "not_found", "ok"]


def test_a_file_in_utf_16(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Xã Đạ Chais, Lạc Dương, Lâm Đồng", encoding="utf-16")
    assert lines(file)[0]["status"] == "ok"


def test_other_delimiters_and_quoted_line_ends() -> None:
    assert list(texts_of('no;input\n1;"a\nb"\n')) == ["a\nb"]
    assert list(texts_of("input\nXã A\n")) == ["Xã A"]
    assert list(texts_of("Xã A, huyện B\nXã C")) == ["Xã A, huyện B", "Xã C"]


@pytest.mark.parametrize("arguments", [("convert",), ("convert", "--file", "/nowhere/at/all")])
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


@pytest.mark.django_db
def test_check_and_load() -> None:
    assert "3380" not in run("check")
    run("load", "--quiet")
    assert " 10040  former_unit" in run("check")
