"""Paper: PDFs typeset by typst, signatures by pyHanko, QR by segno. Data goes in as JSON, not markup."""

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

from nhipcau.core.crypto import signing_identity


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


def signed_pdf(pdf: bytes, *, reason: str, place: str) -> bytes:
    """The PDF with the installation's signature over the whole file (PAdES B-B); no change is allowed after.

    The moment in the signature is this machine's clock: no time service of somebody else is asked.
    """
    # Half a second to load, and only certificates need it.
    from asn1crypto import keys, x509  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    identity = signing_identity()
    certificates = [x509.Certificate.load(row) for row in (identity.certificate, *identity.issuers)]
    signer = SimpleSigner(
        signing_cert=certificates[0],
        signing_key=keys.PrivateKeyInfo.load(identity.key),
        cert_registry=SimpleCertificateStore.from_certs(certificates),  # type: ignore[no-untyped-call]  # the package gives it no types
    )
    about = PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        reason=reason,
        location=place,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    signed = io.BytesIO()
    sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), about, signer, output=signed)
    return signed.getvalue()
