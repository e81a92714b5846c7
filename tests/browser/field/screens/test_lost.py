"""What the browser or its owner threw away of the app: nothing in it is hidden, and it mends itself."""

import json
from pathlib import Path

from tests.browser.waiting import wait_until_told

from .conftest import Filler

LOSE_ENTRY = """async () => {
  const done = (asked) => new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result); asked.onerror = () => reject(asked.error);
  });
  const db = await done(indexedDB.open("nhipcau"));
  await done(db.transaction("devices", "readwrite").objectStore("devices").clear());
  db.close();
}"""

COUNT = """async () => {
  const kept = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length);
  return (await Promise.all(kept)).reduce((sum, one) => sum + one, 0);
}"""


def test_work_of_a_store_without_an_entry_is_offered_to_the_coordinator(filled: Filler) -> None:
    """No PIN opens it any more; a phone to be set up anew must not look as if nothing were on it."""
    phone = filled(trouble=True)
    phone.page.evaluate(LOSE_ENTRY)
    phone.page.goto(f"{phone.base}/field/")
    phone.page.click(f"a[href='#/rescue/{phone.device}']")
    phone.page.wait_for_selector("strong:has-text('2')")
    with phone.page.expect_download() as saving:
        phone.page.click(".nf-action button")
    file = json.loads(Path(saving.value.path()).read_text())
    assert file["device"] == phone.device
    assert [row["where"].partition("/")[0] for row in file["records"]] == ["drawer", "drawer"]


def test_an_app_thrown_out_of_the_cache_starts_without_signal_again_after_one_start_with_it(
    filled: Filler,
) -> None:
    phone = filled()
    page = phone.page
    page.goto(f"{phone.base}/field/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    whole = page.evaluate(COUNT)
    assert whole > 10
    page.evaluate("async () => { for (const one of await caches.keys()) await caches.delete(one) }")
    page.goto("about:blank")
    page.goto(f"{phone.base}/field/")
    page.wait_for_selector(".nf-pad")
    wait_until_told(page, f"whole => ({COUNT})().then(n => n === whole)", whole)
    phone.context.set_offline(True)
    page.goto("about:blank")
    page.goto(f"{phone.base}/field/")
    phone.unlock()


def test_a_page_whose_scripts_do_not_come_says_so_in_three_languages(filled: Filler) -> None:
    phone = filled()
    phone.context.route("**/*.js", lambda route: route.abort())
    phone.page.goto(f"{phone.base}/field/")
    late = phone.page.locator(".nf-late")
    assert late.locator("p").count() == 4
    assert not late.is_visible()
    phone.page.evaluate("document.getAnimations().forEach((one) => one.finish())")
    assert late.is_visible()
    phone.context.unroute("**/*.js")
    late.locator("a").click()
    phone.page.wait_for_selector(".nf-pad")
    assert not late.count()
