"""Our control templates tie names, hints and errors to their controls, so that nobody is left guessing."""

import re
from html.parser import HTMLParser

from django.utils import translation

from .sample import SampleForm

VALID = {
    "need": "id",
    "alone": "half",
    "name": "Đặng Thị Thử",
    "minutes": "20",
    "day": "2025-07-01",
    "language": "kho",
    "languages": ["kho"],
    "consent": "on",
}


class Page(HTMLParser):
    """Elements of a page as (tag, attributes)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]


def rendered(form: SampleForm) -> str:
    with translation.override("en"):
        return str(form)


def test_every_control_has_a_label() -> None:
    page = Page(rendered(SampleForm()))
    labelled = {attrs.get("for") for tag, attrs in page.elements if tag == "label"}
    controls = {
        attrs["id"]
        for tag, attrs in page.elements
        if tag in {"input", "select", "textarea"} and attrs.get("type") != "hidden"
    }
    assert controls == labelled


def test_ids_are_unique_and_descriptions_exist() -> None:
    page = Page(rendered(SampleForm({})))
    assert len(page.ids()) == len(set(page.ids()))
    described = {name for _, attrs in page.elements for name in (attrs.get("aria-describedby") or "").split()}
    assert "id_name_error" in described
    assert "id_alone_helptext" in described
    assert described <= set(page.ids())


def test_each_error_in_the_summary_leads_to_its_control() -> None:
    form = SampleForm({})
    page = Page(rendered(form))
    targets = [(attrs["href"] or "").removeprefix("#") for tag, attrs in page.elements if tag == "a"]
    assert len(targets) == len(form.errors)
    assert set(targets) <= set(page.ids())
    assert "id_need_0" in targets


def test_a_valid_form_shows_no_error_and_keeps_what_was_typed() -> None:
    html = rendered(SampleForm(VALID))
    assert "error" not in html
    assert 'value="Đặng Thị Thử"' in html
    assert 'value="2025-07-01"' in html
    assert re.search(r'value="half"[^>]* checked', html)
    assert re.search(r'<option value="kho" selected', html)


def test_aria_invalid_stands_on_fields_but_not_on_single_radios() -> None:
    page = Page(rendered(SampleForm({})))
    marked = {attrs.get("type", tag) for tag, attrs in page.elements if attrs.get("aria-invalid") == "true"}
    assert {"text", "number", "date", "select", "checkbox"} <= marked
    assert "radio" not in marked


def test_typed_markup_is_shown_as_text() -> None:
    html = rendered(SampleForm(VALID | {"name": '"><script>x</script>', "note": "</textarea><b>"}))
    assert "<script>" not in html
    assert "<b>" not in html


def test_optional_fields_say_so_unless_the_form_is_a_filter() -> None:
    class Filter(SampleForm):
        mark_optional = False

    assert rendered(SampleForm()).count("(optional)") == 3
    assert "(optional)" not in rendered(Filter())
