"""A day's pack as the server sends it: real choices and guides, people who do not exist."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import TextChoices
from django.utils import translation

from guides import LANGUAGES
from nhipcau.cases.enums import AgeBand, Alone, CaseState, Outcome, Papers, Topic
from nhipcau.citizens.enums import ConsentMethod, Purpose
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.visits.enums import NextStep, VisitState
from tests.databases import ROOT

CHOICES: dict[str, type[TextChoices]] = {
    "topic": Topic,
    "outcome": Outcome,
    "alone": Alone,
    "age_band": AgeBand,
    "papers": Papers,
    "case_state": CaseState,
    "consent_purpose": Purpose,
    "consent_method": ConsentMethod,
    "visit_outcome": VisitState,
    "next_step": NextStep,
}
SPOKEN = {"vi": "Tiếng Việt", "cil": "Tiếng Cơ-ho", "th": "Tiếng Thái", "en": "English"}
COMMUNE = {"code": "24848", "name": "Lạc Dương"}
GUIDES = ("birth-registration", "id-card-exchange", "household-business", "marriage")
VECTORS = ROOT / "tests" / "vectors" / "guides"
CONSENT = {
    "vi": "Chúng tôi xin ghi tên và số điện thoại để theo dõi hồ sơ.\nBà con rút lại lúc nào cũng được.",
    "en": "We ask to write down your name and number, to follow it.\nYou can take this back at any time.",
    "th": "เราขอจดชื่อและเบอร์โทรศัพท์เพื่อติดตามเรื่องนี้\nคุณถอนความยินยอมได้ทุกเมื่อ",
}


def guide_source(slug: str) -> dict[str, Any]:
    """A shipped guide, as the golden vectors have it."""
    vectors = json.loads((VECTORS / f"shipped-{slug}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = vectors["guide"]
    return found


def one_language(content: Any, language: str) -> Any:
    if isinstance(content, dict):
        if content and all(key in LANGUAGES for key in content):
            return {language: next(content[key] for key in (language, *LANGUAGES) if key in content)}
        return {key: one_language(value, language) for key, value in content.items()}
    return [one_language(each, language) for each in content] if isinstance(content, list) else content


def guide(slug: str, language: str) -> dict[str, Any]:
    source = one_language(guide_source(slug), language)
    return {
        "slug": slug,
        "code": source["code"],
        "name": source["name"][language],
        "summary": source["summary"][language],
        "keywords": guide_source(slug)["keywords"]["vi"],
        "life_event": source["life_event"],
        "version": str(new_id()),
        "mark": "7K3M9QX4AB",
        "content": source,
    }


def choices(language: str) -> dict[str, Any]:
    with translation.override(language):
        lists = {
            name: [{"value": value, "label": str(label)} for value, label in known.choices]
            for name, known in CHOICES.items()
        }
    return {**lists, "language": [{"value": code, "label": name} for code, name in SPOKEN.items()]}


def at(now: datetime, hours: float) -> str:
    return (now + timedelta(hours=hours)).isoformat()


def people(now: datetime, ids: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    today, place = clock.local_date(now).isoformat(), {"commune": COMMUNE["code"]}
    times = {"day": today, "starts_at": at(now, -1), "ends_at": at(now, 3), **place}
    case = {
        "id": ids["case"],
        "code": "7K3M-9QXC",
        "card": sha256(ids["token"].encode()).hexdigest()[:32],
        "need": "procedure:birth-registration",
        "state": "papers_missing",
        "moves": ["papers_ready", "submitted", "closed_not_possible"],
        "due_on": today,
        **place,
        "name": "K’ Brốt Ha Mơ Nguyễn Thị Thùy Dương",
        "phone": "0912 345 678",
        "opened_at": at(now, -200),
        "notes": [
            {"at": at(now, -50), "by": "Trần Thị Bích", "text": "Còn chờ giấy chứng sinh của bệnh viện."}
        ],
        "version": None,
    }
    conflict = {
        "id": ids["conflict"],
        "about": ids["case"],
        "title": "7K3M-9QX4",
        "state": "open",
        "mark": "0f3c",
        "raised_at": at(now, -2),
        "reason": "Một người khác đã đổi ngày xem lại.",
        "fields": [
            {
                "name": "due_on",
                "label": "Ngày xem lại",
                "base": None,
                "theirs": "2026-12-01",
                "mine": "2026-12-08",
            }
        ],
    }
    return [
        (
            "shift",
            ids["shift"],
            {
                "id": ids["shift"],
                **times,
                "post": "Trung tâm Phục vụ hành chính công xã Lạc Dương",
                "post_id": str(new_id()),
                "place": "12 Lang Biang",
                "role": "Hỗ trợ",
                "state": "confirmed",
                "checked_in_at": None,
                "checked_out_at": None,
            },
        ),
        (
            "visit",
            ids["visit"],
            {
                "id": ids["visit"],
                "version": 3,
                **times,
                "hamlet": "Thôn Đưng K’Si, xã Đạ Chais cũ",
                "address": "Nhà thứ ba sau trường mẫu giáo",
                "notes": "Bà cụ nghe không rõ. Gọi trước khi đến.",
                "need": "procedure:id-card-exchange",
                "case": ids["case"],
                "companions": ["Lê Văn Hùng"],
                "state": "planned",
            },
        ),
        (
            "class",
            ids["class"],
            {
                "id": ids["class"],
                "version": 1,
                **times,
                "title": "Dùng điện thoại thông minh an toàn",
                "place": "Nhà văn hóa thôn 3",
                "expected": 25,
                "state": "planned",
                "count": 4,
            },
        ),
        ("case", ids["case"], case),
        ("conflict", ids["conflict"], conflict),
    ]


def page(
    language: str, now: datetime, ids: dict[str, str], cut: dict[str, Any] | None = None
) -> dict[str, Any]:
    """All of it, as one page of the pack."""
    slugs = [slug for slug in GUIDES if (VECTORS / f"shipped-{slug}.json").exists()]
    point = str(new_id())
    me = {
        "id": str(new_id()),
        "name": "Nguyễn Thị Minh",
        "language": language,
        "commune": COMMUNE,
        "province": {"code": "68", "name": "Lâm Đồng"},
        "communes": [COMMUNE],
        "may": [],
        "top_needs": [*(f"procedure:{slug}" for slug in slugs[:2]), "topic:vneid"],
        "cut": cut or {},
    }
    things: list[tuple[str, str, dict[str, Any]]] = [
        ("me", "me", me),
        *(("choices", each, choices(each)) for each in ("vi", "th", "en")),
        (
            "point",
            point,
            {
                "id": point,
                "commune": "24848",
                "name": "Trung tâm Phục vụ hành chính công Lạc Dương",
                "kind": "centre",
                "address": "12 Lang Biang",
                "hours": "Thứ Hai – Thứ Sáu: 07:30–11:30, 13:30–17:00",
            },
        ),
        ("consent", "follow_up", {"purpose": "follow_up", "texts": CONSENT}),
        *(("guide", slug, guide(slug, language)) for slug in slugs),
        *people(now, ids),
    ]
    items = [
        {"seq": seq, "kind": kind, "id": id, "body": body} for seq, (kind, id, body) in enumerate(things, 1)
    ]
    return {"epoch": "sample", "items": items, "next": len(items), "more": False}
