"""A guide in the European vocabularies for public services, so that others can reuse it.

Responsible for the mapping to CPSV-AP 3.2 and CCCEV 2 as JSON-LD (https://semiceu.github.io/CPSV-AP/). Papers
inside an evidence type list are all needed; of several lists any one is enough, as in a guide. What a guide
does not know (an amount, the competent authority) is left out, never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from .logic import read_date
from .model import Guide, Item, Requirement, Row, Source, Text, Version

EU = "http://publications.europa.eu/resource/authority/"
LANGUAGE_CODES = {"vi": "VIE", "en": "ENG", "th": "THA"}
DURATIONS = {"hour": "PT{}H", "day": "P{}D", "working_day": "P{}D", "month": "P{}M"}

CONTEXT: dict[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cccev": "http://data.europa.eu/m8g/",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def public_service(guide: Guide, *, home: str, page: str, agency: str = "") -> dict[str, Any]:
    """One node `cpsv:PublicService` of the guide's first version, without the context.

    `home`: the address that names the service (its parts are fragments of it); `page`: where people read it;
    `agency`: the competent authority, where the national catalogue names one.
    """
    version = guide.versions[0]
    return _without_blanks(
        {
            "@id": home,
            "@type": "cpsv:PublicService",
            "dct:identifier": guide.code or guide.slug,
            "dct:title": _texts(guide.name),
            "dct:description": _texts(guide.summary),
            "skos:altLabel": _said(guide.official_name, "vi") if guide.official_name else None,
            "dcat:keyword": [_said(word, lang) for lang, words in guide.keywords.items() for word in words],
            "dct:language": [_ref(f"{EU}language/{LANGUAGE_CODES[language]}") for language in guide.name],
            "dct:spatial": _ref(f"{EU}country/VNM"),
            "dct:temporal": _period(version.valid_from, version.valid_until),
            "cv:isGroupedBy": {"@id": f"{home}#event-{guide.life_event}", "@type": "cv:LifeEvent",
                               "dct:identifier": guide.life_event},
            "foaf:page": _ref(page),
            "cv:hasCompetentAuthority": _authority(home, agency),
            "cv:holdsRequirement": [_requirement(home, requirement) for requirement in version.requirements],
            "cv:hasCost": list(_costs(home, version)),
            "cv:hasChannel": list(_channels(home, version)),
            "cv:processingTime": _durations(version.time_limits),
            "cpsv:follows": _steps(home, version),
            "cv:hasLegalResource": [_legal(home, source) for source in version.sources],
            "dct:replaces": list(guide.replaces),
        }
    )  # fmt: skip


def document(services: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A whole JSON-LD document of one or more services."""
    return {"@context": CONTEXT, "@graph": [dict(service) for service in services]}


def _without_blanks(node: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _ref(address: str) -> dict[str, str]:
    return {"@id": address}


def _said(text: str, language: str) -> dict[str, str]:
    return {"@value": text, "@language": language}


def _texts(text: Text | None) -> list[dict[str, str]]:
    return [_said(words, language) for language, words in (text or {}).items()]


def _period(start: str | None, end: str | None) -> dict[str, Any]:
    """Ours are half-open, in DCAT the last day counts: the end given is the day before the change."""
    last = read_date(end)
    return {"@type": "dct:PeriodOfTime"} | {
        name: {"@value": day, "@type": "xsd:date"}
        for name, day in (
            ("dcat:startDate", start),
            ("dcat:endDate", (last - timedelta(days=1)).isoformat() if last and last > date.min else None),
        )
        if day
    }


def _authority(home: str, agency: str) -> dict[str, Any] | None:
    if not agency:
        return None
    return {"@id": f"{home}#authority", "@type": "cv:PublicOrganisation", "dct:title": _said(agency, "vi")}


def _requirement(home: str, requirement: Requirement) -> dict[str, Any]:
    place = f"{home}#requirement-{requirement.id}"
    return _without_blanks(
        {
            "@id": place,
            "@type": "cv:Requirement",
            "dct:identifier": requirement.id,
            "dct:title": _texts(requirement.title),
            "dct:description": _texts(requirement.why),
            "cccev:hasEvidenceTypeList": [
                {
                    "@id": f"{place}-list-{number}",
                    "@type": "cccev:EvidenceTypeList",
                    "dct:identifier": f"{requirement.id}-{number}",
                    "cccev:specifiesEvidenceType": [_evidence_type(home, item) for item in evidence.items],
                }
                for number, evidence in enumerate(requirement.evidence, start=1)
            ],
        }
    )


def _evidence_type(home: str, item: Item) -> dict[str, Any]:
    return _without_blanks(
        {
            "@id": f"{home}#evidence-{item.id}",
            "@type": "cccev:EvidenceType",
            "dct:identifier": item.id,
            "dct:title": _texts(item.name),
            "dct:description": _texts(item.how_to_get),
            "cccev:evidenceTypeClassification": _said(item.form, "en"),
        }
    )


def _costs(home: str, version: Version) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(version.fees, start=1):
        amount = row.content["amount"]
        yield _without_blanks(
            {
                "@id": f"{home}#cost-{number}",
                "@type": "cv:Cost",
                "dct:identifier": row.id or f"cost-{number}",
                "cv:value": None if amount is None else {"@value": str(amount), "@type": "xsd:decimal"},
                "cv:currency": _ref(f"{EU}currency/VND"),
                "dct:description": _texts(row.content["per"]) + _texts(row.note),
                "dct:temporal": _period(row.valid_from, row.valid_until)
                if row.valid_from or row.valid_until
                else None,
                "dct:spatial": [f"VN-GSO-{code}" for code in row.provinces],
            }
        )


def _channels(home: str, version: Version) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(version.channels, start=1):
        yield _without_blanks(
            {
                "@id": f"{home}#channel-{number}",
                "@type": "cv:Channel",
                "dct:identifier": row.id or f"channel-{number}",
                "dct:type": _said(row.content["kind"], "en"),
                "dct:description": _texts(row.content["where"]) + _texts(row.note),
                "foaf:page": _ref(row.content["url"]) if _is_web(row.content["url"]) else None,
            }
        )


def _durations(rows: tuple[Row, ...]) -> list[dict[str, str]]:
    return [
        {"@value": DURATIONS[unit].format(row.content["value"]), "@type": "xsd:duration"}
        for row in rows
        if row.content["value"] is not None
        and (unit := row.content["unit"]) in DURATIONS
        and row.when is None
    ]


def _steps(home: str, version: Version) -> dict[str, Any] | None:
    if not version.steps:
        return None
    return {
        "@id": f"{home}#steps",
        "@type": "cpsv:Rule",
        "dct:identifier": "steps",
        "dct:description": [words for step in version.steps for words in _texts(step)],
    }


def _legal(home: str, source: Source) -> dict[str, Any]:
    return _without_blanks(
        {
            "@id": f"{home}#source-{source.id}",
            "@type": "eli:LegalResource",
            "dct:identifier": source.id,
            "dct:title": _said(source.title, "vi"),
            "dct:type": _said(source.kind, "en"),
            "dct:modified": {"@value": source.checked_on, "@type": "xsd:date"},
            "foaf:page": _ref(source.url) if _is_web(source.url) else None,
        }
    )


def _is_web(address: str | None) -> bool:
    return bool(address) and str(address).startswith(("https://", "http://"))
