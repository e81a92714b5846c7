"""The page of a national record: what it shows, what it holds back, and hostile text."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.factories.national import PORTAL, national, take_in

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CODE = "1.000005"

pytestmark = pytest.mark.django_db


def page(client: Client, *, lang: str = "en", code: str = CODE) -> str:
    answer = client.get(reverse("catalogue:record", args=[code]), {"lang": lang}, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_what_the_catalogue_said_and_when(client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    html = page(client)
    text = words(html)
    assert f'<h1 class="govuk-heading-l" lang="vi"><bdi>Thủ tục mẫu số {CODE}</bdi></h1>' in html
    assert "What the national catalogue said on 18/07/2026" in text
    assert "We have no guide for this yet Read the official page, or ask the officer." in text
    assert "Not checked by us" in text
    assert f'href="{PORTAL}"' in html
    for said in (
        "Hải quan",
        "Cấp Xã",
        "2628/QĐ-BTC",
        "Originals: 1",
        "Copies: 2",
        "How many: ask the officer",
    ):
        assert said in text


def test_zero_is_not_free_and_nothing_said_is_asked(client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    text = words(page(client))
    assert "In person How long it takes 7 working days Fee Ask the officer" in text
    assert "Online How long it takes Ask the officer Fee 20.000 VNĐ (mỗi lần đăng ký)" in text
    assert "0 VNĐ ()" not in text


@pytest.mark.parametrize("decision", ["Demo/QĐ-BCA", "", "205/TTr-SNNMT"])
def test_without_a_signed_decision_only_identity_and_link(decision: str, client: Client) -> None:
    take_in([national(CODE, decision=decision)], now=NOW)
    html = page(client)
    assert "No signed decision confirms this entry" in html
    assert f'href="{PORTAL}"' in html
    for held_back in ("Tờ khai", "20.000", "Papers", "Ways to file", "QĐ-BCA"):
        assert held_back not in html


def test_without_papers_and_ways(client: Client) -> None:
    take_in([national(CODE, documents=[], channels=[], portal={})], now=NOW)
    text = words(page(client))
    assert "names no papers" in text
    assert "names no way to file" in text
    assert "Look for the code on dichvucong.gov.vn" in text


def test_many_papers_open_group_by_group(client: Client) -> None:
    papers = [{"group": f"Nhóm {n % 2}", "name": f"Giấy {n}", "originals": 1, "copies": 0} for n in range(8)]
    take_in([national(CODE, documents=papers)], now=NOW)
    assert page(client).count("<details") == 2
    take_in([national(CODE, documents=papers[:3])], now=NOW + timedelta(days=1))
    assert page(client).count("<details") == 0


def test_history_names_the_days_and_the_columns(client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    changed = national(CODE, documents=[], decision="9/QĐ-BTC", crawled="2026-10-02")
    take_in([changed], now=NOW + timedelta(days=9))
    text = words(page(client))
    assert "Changed: Decision, Papers 02/10/2026 First read 18/07/2026" in text


def test_a_long_history_stays_short(client: Client) -> None:
    for number in range(16):
        take_in([national(CODE, results=f"Kết quả {number}")], now=NOW + timedelta(days=number))
    html = page(client)
    assert html.count("nc-timeline__when") == 12
    assert "First read" not in html


def test_no_longer_listed(client: Client) -> None:
    take_in([national(CODE), national("1.000006")], now=NOW)
    assert "no longer names" not in page(client)
    take_in([national("1.000006")], now=NOW + timedelta(days=1))
    assert "The newest national catalogue no longer names this procedure" in page(client)


def test_whom_it_is_for(client: Client) -> None:
    take_in([national(CODE, portal={"scope": "SPECIFIC", "issued_by": "Tỉnh Lâm Đồng"})], now=NOW)
    assert "Only in one place. It was issued by: Tỉnh Lâm Đồng" in words(page(client))
    take_in([national(CODE, portal={"scope": "STANDARD_INTERNAL"})], now=NOW + timedelta(days=1))
    assert "work between state offices" in page(client)


def test_in_three_languages(client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    assert "Danh mục quốc gia ghi ngày 18/07/2026" in page(client, lang="vi")
    thai = page(client, lang="th")
    assert 'lang="th"' in thai
    assert "เรายังไม่มีคู่มือเรื่องนี้" in thai
    assert '<span lang="vi"><bdi>Tờ khai theo mẫu</bdi></span>' in thai


EVIL = "<script>alert(1)</script>\u202e<img src=x onerror=alert(2)>{{ 7|add:1 }}\"'"


def evil_row() -> dict[str, Any]:
    return national(
        CODE,
        name=EVIL,
        field=EVIL,
        agencies=EVIL,
        channels=[{"method": EVIL, "time": EVIL + " OTHER", "fee_raw": EVIL, "note": EVIL}],
        documents=[{"group": EVIL, "name": EVIL, "originals": 1, "copies": 1}],
        portal={"url": "javascript:alert(3)", "issued_by": EVIL, "scope": "SPECIFIC"},
    )


def test_hostile_text_is_only_text(client: Client) -> None:
    take_in([evil_row()], now=NOW)
    html = page(client)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "javascript:" not in html
    assert "\u202e" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 8


@pytest.mark.parametrize("code", ["1.999999", "x", "1.000005'", "%00", "1.000005%00", "a" * 500, "..", "<b>"])
def test_what_is_not_there(code: str, client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    assert client.get(f"/catalogue/{code}/").status_code == 404


def test_each_page_costs_the_same(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [national(f"1.00000{number}") for number in range(1, 4)]
    take_in(rows, now=NOW)
    address = reverse("catalogue:record", args=["1.000001"])
    with django_assert_num_queries(5):
        client.get(address)


# ---- between guides and records --------------------------------------------------------------------


def test_a_code_without_a_guide_leads_to_its_record(client: Client) -> None:
    take_in([national(CODE)], now=NOW)
    answer = client.get(reverse("procedures:guide", args=[CODE]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("catalogue:record", args=[CODE]))
    assert client.get(reverse("procedures:guide", args=["1.999999"])).status_code == 404
    assert client.get(f"/kiosk/{CODE}/").status_code == 404


def test_guide_and_record_lead_to_each_other(client: Client) -> None:
    guide = reverse("procedures:guide", args=["birth-registration"])
    record = reverse("catalogue:record", args=["1.001193"])
    assert record not in client.get(guide).content.decode()
    take_in([national("1.001193")], now=NOW)
    assert f'href="{record}"' in client.get(guide).content.decode()
    html = page(client, code="1.001193")
    assert "We have a guide for this, in plain words" in html
    assert f'href="{guide}"' in html
    assert "We have no guide" not in html
