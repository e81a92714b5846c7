"""Guides in the European vocabularies: nothing invented, nothing lost, safe to follow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guides import Guide, linked_data, parse, public_service, read_yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "data/guides").glob("*.yaml"))
HOME = "https://example.org/api/v1/procedures/1.jsonld"


def guide(data: dict[str, Any]) -> Guide:
    header = {"schema": 1, "slug": "x", "code": "1.000001", "kind": "procedure", "life_event": "birth"}
    version = {"valid_from": "2026-01-01", "sources": [source()]} | data
    return parse(header | {"name": {"vi": "Tên"}, "versions": [version]})


def source(url: str = "https://example.org/law") -> dict[str, str]:
    facts = {"kind": "law", "checked_on": "2026-07-18", "confidence": "high"}
    return {"id": "law", "title": "Luật", "url": url} | facts


def service(data: dict[str, Any]) -> dict[str, Any]:
    return public_service(guide(data), home=HOME, page="https://example.org/guides/x/")


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from nodes(value)
    elif isinstance(part, list):
        for value in part:
            yield from nodes(value)


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
def test_every_guide_can_be_given_away(file: Path) -> None:
    shipped = parse(read_yaml(file.read_text()).data)
    node = public_service(shipped, home=HOME, page="https://example.org/")
    assert {title["@language"] for title in node["dct:title"]} == {"vi", "en", "th"}
    requirements = {entry["dct:identifier"]: entry for entry in node.get("cv:holdsRequirement", [])}
    for requirement in shipped.versions[0].requirements:
        lists = requirements[requirement.id]["cccev:hasEvidenceTypeList"]
        named = [[kind["dct:identifier"] for kind in one["cccev:specifiesEvidenceType"]] for one in lists]
        assert named == [[item.id for item in evidence.items] for evidence in requirement.evidence]
    prefixes = set(linked_data([])["@context"]) | {"@id", "@type", "@value", "@language"}
    assert {key.partition(":")[0] for entry in nodes(node) for key in entry} <= prefixes
    assert not any(value in (None, "", [], {}) for entry in nodes(node) for value in entry.values())


def test_an_unknown_amount_is_left_out_and_zero_is_kept() -> None:
    unknown, free = service({"fees": [{"amount": None}, {"amount": 0, "provinces": ["31"]}]})["cv:hasCost"]
    assert "cv:value" not in unknown
    assert free["cv:value"] == {"@value": "0", "@type": "xsd:decimal"}
    assert free["dct:spatial"] == ["VN-GSO-31"]


def test_the_last_day_of_a_half_open_period_counts() -> None:
    period = service({"valid_until": "2027-03-01"})["dct:temporal"]
    assert period["dcat:endDate"]["@value"] == "2027-02-28"
    assert "dcat:endDate" not in service({})["dct:temporal"]


def test_only_certain_times_are_promised() -> None:
    rule = {"fact": "late", "is": "yes"}
    limits = [{"value": 7, "unit": "working_day"}, {"value": 9, "unit": "day", "when": rule}]
    limits.append({"value": None, "unit": "day"})
    node = service({"time_limits": limits})
    assert node["cv:processingTime"] == [{"@value": "P7D", "@type": "xsd:duration"}]


def test_an_address_that_runs_code_is_no_link() -> None:
    hostile = service({"sources": [source("javascript:alert(1)")]})
    assert "foaf:page" not in hostile["cv:hasLegalResource"][0]


@pytest.mark.django_db
def test_the_interface_gives_one_and_all(client: Client) -> None:
    whole = client.get("/api/v1/procedures/all.jsonld").json()
    one = client.get("/api/v1/procedures/1.001193.jsonld").json()["@graph"][0]
    assert one in whole["@graph"]
    assert len(whole["@graph"]) == len(client.get("/api/v1/procedures").json())
