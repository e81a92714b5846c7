"""Where a member may be reached: typed and confirmed by a code, or given by their browser."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nhipcau.core.crypto import blind_index
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import UnableToReadCode, make_code, new_id, read_code
from nhipcau.core.jobs import enqueue
from nhipcau.messaging.channels import channel
from nhipcau.messaging.channels.protocol import Item, Notice, PermanentTrouble
from nhipcau.messaging.channels.web_push.subscriptions import read_subscription
from nhipcau.messaging.enums import Channel
from nhipcau.messaging.models import Address

CODE_FOR = timedelta(hours=1)
MOST_TRIES = 5
MOST_BROWSERS = 5
LONGEST_EMAIL = 254
_WRONG_CODE = _("This code is not the one in the mail, or it is too old. Ask for a new one.")


class UnableToReadEmail(UnableTo):
    """The text is not an e-mail address."""

    code = "messaging.unreadable_email"


class UnableToConfirm(UnableTo):
    """The code does not fit, is too old, or was tried too often."""

    code = "messaging.wrong_code"


class UnableToSendMail(UnableTo):
    """This installation sends no mail."""

    code = "messaging.no_mail"


def give_email(*, recipient: UUID, email: str, commune: str, language: str, now: datetime) -> Address:
    """Notes an address, in place of the one before, and mails it a code; an equal confirmed one stays."""
    value = _read_email(email)
    if not channel(Channel.EMAIL).is_on():
        raise UnableToSendMail(_("This site cannot send e-mail yet."))
    index = blind_index(value.lower(), purpose="messaging.email")
    with transaction.atomic():
        mine = Address.objects.select_for_update().filter(recipient=recipient, channel=Channel.EMAIL)
        known = mine.first()
        if known is not None and known.value_index == index and known.verified_at is not None:
            return known
        mine.delete()
        row = Address.objects.create(
            id=new_id(now),
            recipient=recipient,
            unit_code=commune,
            channel=Channel.EMAIL,
            value=value,
            value_index=index,
            created_at=now,
            code=make_code(),
            code_until=now + CODE_FOR,
        )
        enqueue("messaging.send_code", address_id=str(row.pk), language=language)
    return row


def confirm_email(*, recipient: UUID, code: str, now: datetime) -> None:
    """The code from the mail makes the address one's own. Raises `UnableToConfirm`."""
    try:
        typed = read_code(code)
    except UnableToReadCode as error:
        raise UnableToConfirm(_WRONG_CODE) from error
    with transaction.atomic():
        row = (
            Address.objects.select_for_update()
            .filter(recipient=recipient, channel=Channel.EMAIL, verified_at__isnull=True)
            .first()
        )
        fits = row is not None and _fits(row, typed, now)
        if row is not None:
            row.code_tries += 1
            if fits:
                row.verified_at, row.code, row.code_until = now, "", None
            row.save(update_fields=["code_tries", "verified_at", "code", "code_until"])
    if not fits:
        raise UnableToConfirm(_WRONG_CODE)


def send_code(*, address_id: UUID, language: str, now: datetime) -> None:
    """Mails the code of an address that still waits for it; temporary trouble is raised for a retry."""
    row = Address.objects.filter(pk=address_id, verified_at__isnull=True).exclude(code_until=None).first()
    if row is None or row.code_until is None or row.code_until <= now:
        return
    with translation.override(language):
        item = Item(
            gettext("Your code: %(code)s") % {"code": row.code},
            gettext(
                "Somebody, probably you, gave this e-mail address for messages of the programme. "
                "Type the code on the page below within one hour. If it was not you, do nothing."
            ),
            "/messages/settings/",
        )
    try:
        channel(Channel.EMAIL).deliver(Notice(row.pk, language, True, (item,)), row.value)
    except PermanentTrouble:
        return  # the address does not exist: no code will ever be typed


def give_browser(*, recipient: UUID, subscription: str, label: str, commune: str, now: datetime) -> Address:
    """Notes a browser that shows notices, as the browser itself describes it (JSON).

    A browser that showed another member's notices shows only this one's from now on. Raises
    `channels.web_push.subscriptions.UnableToReadSubscription`.
    """
    endpoint, value = read_subscription(subscription)
    index = blind_index(endpoint, purpose="messaging.web_push")
    with transaction.atomic():
        Address.objects.filter(channel=Channel.WEB_PUSH, value_index=index).delete()
        mine = Address.objects.filter(recipient=recipient, channel=Channel.WEB_PUSH)
        newest = mine.order_by("-created_at", "-id").values_list("pk", flat=True)
        mine.exclude(pk__in=list(newest[: MOST_BROWSERS - 1])).delete()
        return Address.objects.create(
            id=new_id(now),
            recipient=recipient,
            unit_code=commune,
            channel=Channel.WEB_PUSH,
            value=value,
            value_index=index,
            label=label[:60],
            created_at=now,
            verified_at=now,
        )


def remove_address(*, recipient: UUID, address_id: UUID) -> bool:
    """Forgets one of one's own addresses; False when there was none."""
    with transaction.atomic():
        count, _by_model = Address.objects.filter(pk=address_id, recipient=recipient).delete()
    return bool(count)


def _read_email(text: str) -> str:
    value = text.strip()
    try:
        validate_email(value)
    except ValidationError as error:
        raise UnableToReadEmail(_("This is not an e-mail address. Example: lan@example.vn.")) from error
    if len(value) > LONGEST_EMAIL or not value.isascii():
        raise UnableToReadEmail(_("This is not an e-mail address. Example: lan@example.vn."))
    return value


def _fits(row: Address, typed: str, now: datetime) -> bool:
    alive = row.code_until is not None and now < row.code_until and row.code_tries < MOST_TRIES
    return alive and hmac.compare_digest(row.code, typed)
