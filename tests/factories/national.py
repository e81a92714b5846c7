"""Rows of a national catalogue as its files hold them, and the ways to write such files."""

import gzip
import json
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from nhipcau.catalogue import services

PORTAL = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfb-cfb3-75d8-9160-fa2bd2ac950a"


def national(code: str = "1.000005", **changes: Any) -> dict[str, Any]:
    """One row with every column."""
    return {
        "code": code,
        "decision": "2628/QĐ-BTC",
        "name": f"Thủ tục mẫu số {code}",
        "levels": "Cấp Xã",
        "type": "TTHC được luật giao quy định chi tiết",
        "field": "Hải quan",
        "steps": "Bước 1: Nộp hồ sơ.\nBước 2: Nhận kết quả.",
        "targets": "Công dân Việt Nam",
        "agencies": "Ủy ban nhân dân cấp xã",
        "competent_agency": "",
        "intake_address": "",
        "delegated_agency": "",
        "coordinating_agency": "",
        "results": "Giấy chứng nhận",
        "conditions": "",
        "keywords": "mẫu",
        "description": "",
        "channels": [
            {"method": "DIRECT", "time": "7 WORKING_DAY", "fee_raw": "0 VNĐ ()", "note": ""},
            {"method": "ONLINE", "time": "1 OTHER", "fee_raw": "20000 VNĐ (mỗi lần đăng ký)", "note": ""},
        ],
        "documents": [
            {"group": "Giấy tờ phải nộp", "name": "- Tờ khai theo mẫu", "originals": 1, "copies": 0},
            {"group": "Giấy tờ phải nộp", "name": "Giấy chứng sinh", "originals": 0, "copies": 2},
            {"group": "", "name": "Giấy tờ khác", "originals": 0, "copies": 0},
        ],
        "legal_basis": ["Luật 54/2014/QH13 (54/2014/QH13)"],
        "portal": {"id": PORTAL[-36:], "url": PORTAL, "issued_by": "Bộ Tài chính", "scope": "STANDARD"},
        "crawled": "2026-07-18/19",
    } | changes


def lines(rows: Iterable[Any]) -> bytes:
    """JSON Lines. A row that is text stands there as it is."""
    texts = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    return "".join(f"{text}\n" for text in texts).encode("utf-8", "surrogateescape")


def cells(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The same as a table: a first row of names, lists as JSON text."""
    names = list(rows[0])
    nested = (list, dict)
    table = [
        [
            json.dumps(row[name], ensure_ascii=False) if isinstance(row[name], nested) else row[name]
            for name in names
        ]
        for row in rows
    ]
    return [names, *table]


def workbook(path: Path, table: Sequence[Sequence[Any]], *, extra: str = "", head: str = "") -> Path:
    """A small XLSX file. A cell that begins with "=" is a formula whose last result was "x"."""
    rows = []
    for number, row in enumerate(table, 1):
        inside = "".join(_cell(f"{_letter(column)}{number}", value) for column, value in enumerate(row))
        rows.append(f'<row r="{number}">{inside}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="TTHC" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{"".join(rows)}{extra}'
        "</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def _letter(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def _cell(place: str, value: Any) -> str:
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if value.startswith("="):
        return f'<c r="{place}" t="str"><f>{escape(value[1:])}</f><v>x</v></c>'
    space = "" if value == value.strip() else ' xml:space="preserve"'
    return f'<c r="{place}" t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>' if value else ""


def take_in(rows: Iterable[Any], *, now: datetime, **options: Any) -> services.Difference:
    """The rows imported, as JSON Lines in a packed file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "national.jsonl.gz"
        path.write_bytes(gzip.compress(lines(rows)))
        return services.import_file(path, by=None, now=now, **options)
