"""A real mail server and a real push service, both on this machine, and nobody's mocks."""

import asyncio
import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import http_ece
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from config.settings import _smtp as read_smtp
from nhipcau.core.ids import new_id
from tests.factories.messages import BROWSER_KEY, BROWSER_SECRET

# A Thursday, 9:00 in Vietnam: nobody sleeps.
NOW = datetime.datetime(2025, 7, 3, 2, 0, tzinfo=datetime.UTC)
NIGHT = datetime.datetime(2025, 7, 3, 15, 0, tzinfo=datetime.UTC)  # 22:00
MORNING = datetime.datetime(2025, 7, 3, 23, 30, tzinfo=datetime.UTC)  # 6:30 on Friday


@dataclass
class MailServer:
    """Takes mails, or answers what it is told to."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    answer: str = "250 OK"
    to_recipient: str = "250 OK"
    arrived: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.arrived.set()
        while self.hangs:
            await asyncio.sleep(0.02)
        if self.answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(message_from_bytes(envelope.content, policy=default))
        return self.answer

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?from=nhipcau@example.vn"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def text(self, number: int = -1) -> str:
        content: str = self.mails[number].get_content()  # type: ignore[attr-defined]  # the modern policy
        return content


@pytest.fixture(scope="session")
def one_mail_server() -> Iterator[MailServer]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler = MailServer(port=probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mail_server(one_mail_server: MailServer, settings: Settings) -> Iterator[MailServer]:
    """A mail server with nothing in it; mail is switched on."""
    one_mail_server.mails.clear()
    one_mail_server.arrived.clear()
    one_mail_server.answer = one_mail_server.to_recipient = "250 OK"
    settings.SMTP = read_smtp(one_mail_server.address)
    yield one_mail_server
    one_mail_server.hangs = False


@dataclass
class PushService:
    """What a push service sees: headers and ciphertext; what the browser makes of it."""

    port: int = 0
    status: int = 201
    more: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def endpoint(self, name: str = "one") -> str:
        return f"https://localhost:{self.port}/push/{name}"

    def shown(self, number: int = -1) -> bytes:
        """The plain text of a notice, as the browser decrypts it."""
        body = self.requests[number][2]
        plain: bytes = http_ece.decrypt(body, private_key=BROWSER_KEY, auth_secret=BROWSER_SECRET)
        return plain


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "push.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def one_push_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PushService, Path]]:
    service = PushService()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.requests.append((self.path, headers, body))
            self.send_response(410 if self.path.endswith("/gone") else service.status)
            for name, value in service.more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    certificate = _certificate(tmp_path_factory.mktemp("push"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield service, certificate
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def push_service(
    one_push_service: tuple[PushService, Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> PushService:
    """A push service over HTTPS, known to the settings and trusted by its own certificate."""
    service, certificate = one_push_service
    service.requests.clear()
    service.status, service.more = 201, {}
    settings.PUSH_SERVICES = (f"localhost:{service.port}",)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    return service


@pytest.fixture
def lan(db: None) -> UUID:
    """Somebody to be told: a member's id, of whom this room knows nothing more."""
    return new_id()
