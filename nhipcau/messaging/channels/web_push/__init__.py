"""Notices that a browser shows even when the site is closed (Web Push, RFC 8030, 8291, 8292).

The content is encrypted for the browser; the push service between sees only that there is something.
"""

import json

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from nhipcau.messaging.channels.protocol import Notice, PermanentTrouble, Receipt
from nhipcau.messaging.channels.web_push.subscriptions import is_known_service
from nhipcau.messaging.enums import Trouble


class WebPush:
    """One notice to one browser."""

    def is_on(self) -> bool:
        return bool(settings.PUSH_KEY or settings.INDEX_KEY)

    def deliver(self, notice: Notice, address: str) -> Receipt:
        # A third of a second, and most processes never post anything.
        from nhipcau.messaging.channels.web_push.posting import post  # noqa: PLC0415

        subscription = json.loads(address)
        if not is_known_service(str(subscription["endpoint"])):
            raise PermanentTrouble(Trouble.REFUSED)
        return Receipt(post(notice, payload(notice), subscription))


def payload(notice: Notice) -> str:
    """As little as helps: the subject and where to read on, never the text."""
    first, more = notice.items[0], len(notice.items) - 1
    body = ""
    if more:
        with translation.override(notice.language):
            body = ngettext("and %(count)d more message", "and %(count)d more messages", more)
            body %= {"count": more}
    link = first.link if first.link and not more else "/messages/"
    content = {"title": first.subject, "body": body, "link": link, "tag": str(notice.id)}
    return json.dumps(content, ensure_ascii=False)


CHANNEL = WebPush()
