"""A volunteer takes their work off a phone that others use; what the app knows after the next opening."""

from nhipcau.devices.models import Device

from .conftest import App, Day, Opened

TAKE_OFF = "a[href='#/status/leave']"
SURE = "button:has-text('Xóa việc của tôi khỏi máy')"

# Opens the screen, and touches the key on it in the moment it is drawn.
SLIP = """([open, sure]) => {
  new MutationObserver(() => {
    const key = document.querySelector(sure);
    if (key && !window.slipped) { window.slipped = true; key.click(); }
  }).observe(document.body, {subtree: true, childList: true});
  document.querySelector(open).click();
}"""


def stores(app: App) -> list[str]:
    found: list[str] = app.page.evaluate(
        """async () => {
          const kept = [];
          for (const { name } of await indexedDB.databases()) {
            const db = await new Promise((resolve) => {
              const asked = indexedDB.open(name);
              asked.onsuccess = () => resolve(asked.result);
            });
            for (const store of db.objectStoreNames) {
              const asked = db.transaction(store).objectStore(store).count();
              const count = await new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result) });
              if (count) kept.push(`${name.slice(0, 8)}/${store}`);
            }
            db.close();
          }
          return kept.sort();
        }"""
    )
    return found


def take_off(app: App) -> None:
    """A slip of the thumb asks; the touch that is meant takes it off."""
    app.go("today")
    app.go("status")
    app.page.evaluate(SLIP, [TAKE_OFF, "main[data-route='status/leave'] .nf-action button"])
    app.page.wait_for_function("() => window.slipped")
    app.page.wait_for_timeout(700)
    assert any(name.endswith("/pack") for name in stores(app))
    app.page.click(SURE)


def test_nothing_of_mine_stays_on_the_phone(day: Day, new_app: Opened) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.offline()
    app.help()
    app.go("status")
    app.page.click(TAKE_OFF)
    app.page.wait_for_selector(".nf-notice:has-text('Trước hết hãy gửi hết')")
    assert app.page.locator(SURE).count() == 0
    app.online()
    app.settle()
    take_off(app)
    app.page.wait_for_selector("text=đăng nhập")
    app.wait_for(lambda: Device.objects.get(member=day.member).revoked_at is not None)
    # The mark that the store is gone.
    app.wait_for(lambda: set(stores(app)) <= {"nhipcau-/meta"})
    app.page.reload()
    app.page.wait_for_selector("text=đăng nhập")


def test_who_leaves_without_signal_leaves_all_the_same(day: Day, new_app: Opened) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.offline()
    take_off(app)
    app.wait_for(lambda: set(stores(app)) <= {"nhipcau-/meta"})


def test_when_all_was_sent_is_known_after_the_next_opening(day: Day, new_app: Opened) -> None:
    app = new_app()
    app.sign_in(day.member)
    app.enrol()
    app.settle()
    app.go("today")
    app.go("status")
    app.page.wait_for_selector("main .nf-notice p:has-text(':')")
    told = app.page.locator("main .nf-notice p").nth(1).inner_text()
    app.offline()
    app.kill()
    app.open()
    app.go("status")
    assert app.page.locator("main .nf-notice p").nth(1).inner_text() == told
