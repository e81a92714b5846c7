"""Guides and records of the national catalogue in one search: the page, the interface, the measurement."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from nhipcau.procedures import queries
from tests.factories.national import lines, national

pytestmark = pytest.mark.django_db
SQUID = "1.900001"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("procedures", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def with_records(tmp_path: Path) -> None:
    path = tmp_path / "national.jsonl"
    names = {
        SQUID: "Cấp giấy phép câu mực",
        "1.900002": "Cấp giấy chứng nhận vùng trồng chè",
        "1.900003": "Đăng ký khai sinh lưu động",
        "1.001193": "Đăng ký khai sinh",
        "2.000986": "Liên thông khai sinh, thường trú, bảo hiểm y tế",
    }
    path.write_bytes(lines([national(code, name=name) for code, name in names.items()]))
    run("import", str(path))


@pytest.mark.usefixtures("with_records")
def test_a_record_is_found_and_has_its_page(client: Client) -> None:
    [hit] = queries.find("giay phep cau muc")
    assert (hit.kind, hit.code, hit.slug) == ("record", SQUID, "")
    page = client.get("/guides/", {"q": "giấy phép câu mực", "lang": "en"}).content.decode()
    assert "In the national catalogue (no guide yet)" in page
    assert f'href="/catalogue/{SQUID}/"' in page
    assert "This is not in our library" not in page


@pytest.mark.usefixtures("with_records")
def test_guides_come_first_and_nothing_comes_twice(client: Client) -> None:
    hits = queries.find("khai sinh cho con")
    assert (hits[0].kind, hits[0].slug) == ("guide", "birth-registration")
    assert {"1.001193", "2.000986"}.isdisjoint(hit.code for hit in hits if hit.kind == "record")
    assert [hit.kind for hit in queries.find_guides("khai sinh cho con", limit=3)] == ["guide"] * 3
    page = client.get("/guides/", {"q": "đăng ký khai sinh"}).content.decode()
    assert page.index("/guides/birth-registration/") < page.index("/catalogue/1.900003/")


@pytest.mark.usefixtures("with_records")
def test_an_old_code_leads_to_its_successor() -> None:
    assert [hit.slug for hit in queries.find("2.000986")] == ["linked-birth"]
    assert [hit.slug for hit in queries.find("1001193")] == ["birth-registration"]
    assert [hit.code for hit in queries.find(SQUID)] == [SQUID]


@pytest.mark.usefixtures("with_records")
def test_the_interface_tells_the_kind_of_a_hit(client: Client) -> None:
    found = client.get("/api/v1/procedures/search", {"q": "giấy phép câu mực"}).json()
    assert [(hit["kind"], hit["code"]) for hit in found] == [("record", SQUID)]
    found = client.get("/api/v1/procedures/search", {"q": "mất căn cước"}).json()
    assert (found[0]["kind"], found[0]["slug"]) == ("guide", "id-card-reissue")


def test_the_measurement(tmp_path: Path) -> None:
    path = tmp_path / "queries.csv"
    path.write_text(
        "query,style,expected_codes\n"
        "mất căn cước,plain,1.014064\n"
        "mat can cuoc,no marks,1.014064;1.014063\n"
        "lien thong khai sinh,no marks,2.000986\n"
        "mất căn cước,odd,1.001193\n"
        "giá vàng hôm nay,plain,none\n"
    )
    report = json.loads(run("evaluate", str(path), "--json"))
    assert (report["top_1"], report["out_of_scope_recognised"]) == (0.75, 1.0)
    assert report["styles"]["no marks"]["top_1"] == 1.0
    assert [miss["line"] for miss in report["misses"]] == [5]
    words = run("evaluate", str(path))
    assert "line 5: mất căn cước" in words
    assert "expected 1.001193" in words


def test_files_that_cannot_be_measured(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"query,expected_codes\n\xe9\xe9,1\n")
    for name, words in (("none.csv", "cannot be read"), ("latin.csv", "not UTF-8")):
        with pytest.raises(CommandError, match=words) as caught:
            run("evaluate", str(tmp_path / name))
        assert caught.value.returncode == 2
