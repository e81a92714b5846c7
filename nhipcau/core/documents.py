"""Paper: PDFs typeset by typst and QR codes by segno. Data goes in as JSON, never as markup."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings


def qr_svg(text: str, *, border: int = 2) -> str:
    """A QR code (level M) as an SVG document whose size follows its container."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", border=border, xmldecl=False, omitsize=True, svgclass="qr", lineclass="qr-modules"
    )
    return buffer.getvalue().decode()


def typst_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF of a typst template; it reads its data from `json(bytes(sys.inputs.data))`.

    Only our own fonts are used, so that a document looks the same on every machine. Text reaches
    the template as data and cannot become typst code.
    """
    return bytes(
        typst.compile(
            str(template),
            root=str(settings.BASE_DIR / "nhipcau"),
            font_paths=[str(settings.PDF_FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            format="pdf",
        )
    )
