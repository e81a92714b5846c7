"""Mail through the server named in `NHIPCAU_SMTP_URL`. Plain text: every phone reads it."""

import smtplib
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from nhipcau.messaging.channels.protocol import Notice, PermanentTrouble, Receipt, TemporaryTrouble
from nhipcau.messaging.enums import Trouble

SECONDS = 15


class Email:
    """One mail a notice; several messages gathered are one mail with a list."""

    def is_on(self) -> bool:
        return settings.SMTP is not None

    def deliver(self, notice: Notice, address: str) -> Receipt:
        mail = _mail(notice, address)
        try:
            mail.send()
        except smtplib.SMTPException as error:
            raise _trouble(error) from error
        except OSError as error:
            raise TemporaryTrouble(Trouble.UNREACHABLE) from error
        return Receipt(mail.extra_headers["Message-ID"])


def _mail(notice: Notice, address: str) -> EmailMessage:
    smtp: dict[str, Any] = settings.SMTP or {}
    host = parseaddr(smtp["sender"])[1].partition("@")[2]
    with translation.override(notice.language):
        wishes = settings.SITE_URL + reverse("messaging:settings")
        context = {"items": notice.items, "site": settings.SITE_URL, "wishes": wishes}
        body = render_to_string("messaging/mail.txt", context)
        subject = notice.items[0].subject
        if more := len(notice.items) - 1:
            subject += ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}
    headers = {
        # The same at every try: a second copy is recognised as one.
        "Message-ID": f"<{notice.id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{wishes}>",
    }
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", timeout=SECONDS, **smtp["server"]
    )
    return EmailMessage(subject, body, smtp["sender"], [address], headers=headers, connection=connection)


def _trouble(error: smtplib.SMTPException) -> TemporaryTrouble | PermanentTrouble:
    """What the server's answer means. Faults of our own set-up are tried again: they get repaired."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return _by_code(codes[0] if codes else 450)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentTrouble(Trouble.REFUSED)
    return TemporaryTrouble(Trouble.UNREACHABLE)


def _by_code(code: int) -> TemporaryTrouble | PermanentTrouble:
    return PermanentTrouble(Trouble.REFUSED) if code >= 500 else TemporaryTrouble(Trouble.BUSY)


CHANNEL = Email()
