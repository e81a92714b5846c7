"""A phone that passes from hand to hand: what the browser around the app writes down, or leaves open."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.field.screens.conftest import FilledPhone, Filler, Site, signed_in, type_pin
from tests.browser.field.screens.test_matters import comes, conflict
from tests.browser.field.screens.test_screens import tap

MINUTE = 60_000
# As if the phone were laid aside, or taken up again.
AWAY = """away => {
  Object.defineProperty(document, "hidden", {configurable: true, get: () => away});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
LATER = "ms => { const real = Date.now; Date.now = () => real.call(Date) + ms; }"
WITHDRAWN = "() => document.querySelector('#f-agreed').checked === false"


def lay_aside(page: Page, milliseconds: int) -> None:
    """The running clock stands still meanwhile, as it does on a phone that sleeps."""
    page.evaluate(AWAY, True)
    page.evaluate(LATER, milliseconds)
    page.evaluate(AWAY, False)


def test_no_name_goes_into_the_history_of_the_browser(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"case/{phone.ids['case']}")
    assert "Brốt" in phone.page.locator("h1").inner_text()
    assert "Brốt" not in phone.page.title()


@pytest.mark.parametrize(("minutes", "shut"), [(4, False), (6, True)])
def test_a_phone_that_slept_comes_back_locked(minutes: int, shut: bool, filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    lay_aside(phone.page, minutes * MINUTE)
    if shut:
        phone.page.wait_for_selector(".nf-pad")
    phone.page.wait_for_timeout(200)
    assert phone.page.locator(".nf-pad").count() == int(shut)


def test_half_typed_or_not_it_does_not_stay_open_for_hours(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go("case-open")
    phone.page.fill("#f-name", "Bà Tám")
    lay_aside(phone.page, 6 * MINUTE)
    assert phone.page.input_value("#f-name") == "Bà Tám"
    lay_aside(phone.page, 40 * MINUTE)
    phone.page.wait_for_selector(".nf-pad")
    assert phone.page.locator("#f-name").count() == 0


def test_laid_aside_it_shows_nothing(filled: Filler) -> None:
    """What the list of open apps keeps as a picture."""
    phone = filled()
    phone.unlock()
    phone.go(f"case/{phone.ids['case']}")
    phone.page.evaluate(AWAY, True)
    cover = """() => {
      const style = getComputedStyle(document.body, "::after");
      return [style.content, style.position, style.inset];
    }"""
    assert phone.page.evaluate(cover) == ['""', "fixed", "0px"]
    phone.page.evaluate(AWAY, False)
    assert phone.page.evaluate(cover)[0] == "none"


def test_a_page_kept_by_the_browser_comes_back_locked(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    phone.page.wait_for_selector(".nf-pad")


def test_what_is_typed_is_left_to_no_service_of_the_browser(filled: Filler) -> None:
    """No translation or spelling by a stranger's server, nothing remembered for other forms."""
    phone = filled()
    phone.unlock()
    page = phone.page
    assert page.locator("html").get_attribute("translate") == "no"
    assert page.locator("meta[name=google][content=notranslate]").count() == 1
    for route in ("case-open", f"case/{phone.ids['case']}/note", f"visit/{phone.ids['visit']}/result"):
        phone.go(route)
        loose = "nodes => nodes.filter(n => n.autocomplete !== 'off' || n.spellcheck).map(n => n.id)"
        assert page.eval_on_selector_all("input:not([type=radio], [type=checkbox]), textarea", loose) == []


def test_a_note_half_written_is_there_after_the_page_was_killed(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go(f"case/{phone.ids['case']}/note")
    page.fill("#f-note", "Hẹn thứ Năm")
    page.wait_for_timeout(300)
    page.reload()
    type_pin(page)
    page.wait_for_selector("#f-note")
    assert page.input_value("#f-note") == "Hẹn thứ Năm"
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    phone.go(f"case/{phone.ids['case']}/note")
    assert page.input_value("#f-note") == ""


def test_two_touches_are_one_note(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    phone.go(f"case/{phone.ids['case']}/note")
    phone.page.fill("#f-note", "Hẹn thứ Năm")
    phone.page.evaluate(
        "() => { const key = document.querySelector('.nf-action button'); key.click(); key.click(); }"
    )
    phone.page.wait_for_selector(f"main[data-route='case/{phone.ids['case']}']")
    assert len(phone.waiting()) == 1


def test_a_case_is_opened_once_by_two_touches(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    fill_case(phone)
    phone.page.evaluate(
        "() => { const key = document.querySelector('.nf-action button'); key.click(); key.click(); }"
    )
    phone.page.wait_for_selector("main[data-route='case-open/done']")
    assert len(phone.waiting()) == 1


def fill_case(phone: FilledPhone) -> None:
    page = phone.page
    phone.go("case-open")
    tap(page, "procedure:birth-registration")
    page.check("#f-agreed")
    page.check("#method-0")
    page.fill("#f-name", "Bà Tám")
    page.wait_for_timeout(300)


def test_a_yes_taken_back_takes_the_name_with_it(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    fill_case(phone)
    page = phone.page
    page.uncheck("#f-agreed")
    page.wait_for_function(WITHDRAWN)
    page.wait_for_timeout(300)
    phone.go("today")
    phone.go("case-open")
    assert page.input_value("#f-name") == ""


def test_the_next_person_is_not_given_the_name_and_the_yes_of_the_last(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    fill_case(phone)
    page = phone.page
    phone.go("today")
    phone.go("case-open")
    assert page.input_value("#f-name") == "Bà Tám"
    page.locator(".nf-notice--warn button").click()
    page.wait_for_function("() => document.querySelector('#f-name').value === ''")
    assert page.locator("#f-agreed").is_checked() is False


def test_an_address_that_cannot_be_read_opens_the_app(filled: Filler) -> None:
    phone = filled()
    phone.page.goto(f"{phone.base}/field/#/%E0%A4%A")
    type_pin(phone.page)
    phone.page.wait_for_selector("a.nf-button--large")


def asked(page: Page, site: Site) -> Any:
    page.wait_for_selector(".nf-action a[href^='/account/login/']")
    return site.me


def test_a_second_person_is_not_set_up_under_the_sign_in_of_the_first(filled: Filler, site: Site) -> None:
    phone = filled()
    site.me = signed_in(phone, "vi")
    phone.page.goto(f"{phone.base}/field/#/enrol")
    assert asked(phone.page, site) == {"signed_in": False}
    assert "Minh" not in phone.page.inner_text("main")


def test_another_account_is_really_another(filled: Filler, site: Site) -> None:
    phone = filled()
    context = phone.context.browser.new_context()  # type: ignore[union-attr] # a context of a browser
    page = context.new_page()
    site.me = signed_in(phone, "vi")
    page.goto(f"{phone.base}/field/")
    page.wait_for_selector("h2")
    page.click("main button.nf-link")
    page.wait_for_url("**/account/login/**")
    assert site.me == {"signed_in": False}
    # Back from there it goes on where it was left.
    site.me = signed_in(phone, "vi")
    page.goto(f"{phone.base}/field/")
    page.wait_for_selector("h2")
    assert "Minh" in page.inner_text("main")
    context.close()


def killed(phone: FilledPhone) -> None:
    """The page goes, and is opened again where it was."""
    phone.page.wait_for_timeout(300)
    phone.page.reload()
    type_pin(phone.page)
    phone.page.wait_for_selector("main .nf-input")


def test_a_dossier_half_written_is_there_after_the_page_was_killed(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page, case = phone.page, phone.ids["case"]
    phone.go(f"case/{case}/dossier")
    page.fill("#f-code", "G22.99.08-260921-896048")
    page.fill("#f-day", "2026-01-05")
    page.check("#by-1")
    killed(phone)
    assert [page.input_value(f"#f-{name}") for name in ("code", "day")] == [
        "G22.99.08-260921-896048",
        "2026-01-05",
    ]
    assert page.is_checked("#by-1")
    phone.go("status/leave")
    page.click(f"main a.nf-row[href='#/case/{case}/dossier']")
    page.wait_for_selector("#f-code")
    page.click(".nf-action button")
    page.wait_for_selector(f"main[data-route='case/{case}']")
    phone.go(f"case/{case}/dossier")
    assert page.input_value("#f-code") == ""
    assert "draft/" not in keys(phone)


def test_what_was_half_changed_in_the_drawer_is_there_after_the_page_was_killed(filled: Filler) -> None:
    phone = filled(trouble=True)
    (note, _late) = phone.ask("drawer")
    phone.unlock()
    page = phone.page
    phone.go(f"drawer/{note['command']['id']}")
    page.click(".nf-action button")
    page.fill("#f-note", "Gọi lại vào buổi chiều")
    killed(phone)
    assert page.input_value("#f-note") == "Gọi lại vào buổi chiều"
    page.click(".nf-action button")
    page.wait_for_selector("main[data-route=drawer]")
    assert [command["data"]["note"] for command in phone.waiting()] == ["Gọi lại vào buổi chiều"]
    assert "draft/" not in keys(phone)


def test_what_was_half_changed_about_who_is_forgotten_goes_too(filled: Filler) -> None:
    phone = filled(trouble=True)
    (note, _late) = phone.ask("drawer")
    phone.unlock()
    phone.go(f"drawer/{note['command']['id']}")
    phone.page.click(".nf-action button")
    phone.page.fill("#f-note", "Gọi cho Bà Tám")
    phone.page.wait_for_timeout(300)
    assert "draft/drawer" in keys(phone)
    phone.go("today")
    comes(phone, conflict(phone, note["command"]["id"], state="forgotten", fields=[]), 100)
    phone.go("drawer")
    phone.page.wait_for_selector("main a.nf-row:has-text('Đã xóa nội dung')")
    assert "draft/" not in keys(phone)


def keys(phone: FilledPhone) -> str:
    """What stands in clear beside what is sealed."""
    found: str = phone.page.evaluate(
        """name => new Promise((told) => {
          indexedDB.open(name).onsuccess = ({target: {result: db}}) => {
            db.transaction("meta").objectStore("meta").getAllKeys().onsuccess = (event) => {
              db.close();
              told(event.target.result.join(" "));
            };
          };
        })""",
        f"nhipcau-{phone.device}",
    )
    return found


def told_of_papers(phone: FilledPhone) -> str:
    return f"{keys(phone)} {phone.page.title()} {phone.page.url}"


def test_nobody_reads_without_a_pin_which_papers_a_case_is_about(filled: Filler) -> None:
    """What was ticked is there again, and neither history nor store say of which procedure."""
    phone = filled()
    phone.unlock()
    page, case = phone.page, phone.ids["case"]
    phone.go(f"case/{case}")
    page.click("a.nf-row[href^='#/checklist/']")
    page.wait_for_selector("h1:has-text('khai sinh')")
    page.click(".nf-action a")
    page.wait_for_selector("h2:has-text('Chạm vào giấy tờ')")
    page.locator("main input[type=checkbox]").first.check()
    page.wait_for_timeout(300)
    told = told_of_papers(phone)
    assert f"draft/checklist/{case}" in told
    assert "birth" not in told
    assert "khai sinh" not in told
    page.reload()
    type_pin(page)
    page.wait_for_selector("main input[type=checkbox]")
    assert page.locator("main input[type=checkbox]").first.is_checked()


def test_what_an_older_app_named_by_its_guide_is_named_otherwise_and_goes_on(filled: Filler) -> None:
    phone = filled()
    case = phone.ids["case"]
    work = {"answers": {}, "asked": [], "have": ["id_card"]}
    phone.ask("draft", f"checklist/birth-registration/{case}", work)
    phone.ask("draft", "checklist/marriage/", work)
    phone.unlock()
    phone.go(f"checklist/case/list/{case}")
    assert phone.page.locator("main input[type=checkbox]:checked").count() == 1
    assert f"draft/checklist/{case}" in keys(phone)
    assert keys(phone).count("draft/") == 1


def test_the_list_of_one_guide_is_not_that_of_another(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    page = phone.page
    phone.go("checklist/birth-registration/0")
    page.locator(".nf-tile").first.click()
    page.wait_for_selector("main[data-route='checklist/birth-registration/1']")
    assert "draft/checklist" in keys(phone).split()
    phone.go("checklist/id-card-exchange/list")
    assert page.locator(".nf-action a").get_attribute("href") == "#/checklist/id-card-exchange/0"


def test_locked_by_hand_it_is_locked_in_every_tab(filled: Filler) -> None:
    phone = filled()
    phone.unlock()
    other = phone.context.new_page()
    other.goto(f"{phone.base}/field/#/case/{phone.ids['case']}")
    type_pin(other)
    other.wait_for_selector("h1:has-text('Brốt')")
    phone.go("status")
    phone.page.locator("main .nf-button--quiet").last.click()
    for page in (phone.page, other):
        page.wait_for_selector(".nf-pad")
    assert "Brốt" not in other.content()
