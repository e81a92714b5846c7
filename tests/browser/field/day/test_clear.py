"""What a stranger finds who opens the phone, or listens on the line: nothing of a person can be read."""

from urllib.parse import urlsplit

from tests.browser.conftest import PASSWORD, Server
from tests.browser.field.screens.test_idcard import KEPT, leaks

from .conftest import App, Day, Opened
from .tap import Heard, Tap
from .test_day import NOTE, check_in, count_class, new_case_id, open_case, visit, write_note

# Long enough to stand nowhere by chance.
LONG_PIN = "2749163850"
HALF = "Nửa câu còn dở"
NUMBER = "0987 654 321"
# On the road these may stand in the body of what goes to these places, and nowhere else.
WORK, SET_UP, SIGN_IN = "/api/v1/sync/commands", "/field/devices", "/account/login/"


def words_of(day: Day) -> list[str]:
    """Every word of the day by which somebody could be known."""
    return [
        day.member.name, day.member.username, "Thị Ngày", "Bà Hồ Sơ Cũ", "Hồ Sơ", "Bà Tám", "Thôn Mẫu",
        "Nhà số 7", "Gõ cửa to", NOTE, "giấy khai sinh", HALF, "Đã cài xong ứng dụng", NUMBER,
        NUMBER.replace(" ", ""), LONG_PIN, PASSWORD,
    ]  # fmt: skip


def work(app: App, day: Day) -> None:
    """Names, a number, notes: all that a person may write on a day."""
    check_in(app, day)
    app.help()
    open_case(app, "Bà Tám", NUMBER)
    write_note(app, new_case_id(app), NOTE)
    visit(app, day)
    count_class(app, day)
    app.go(f"case/{day.case}/note")
    app.page.fill("#f-note", HALF)
    # Kept as something begun, and left there.
    app.page.wait_for_timeout(500)


def seen_on_screen(app: App, day: Day) -> set[str]:
    found: set[str] = set()
    for route in ("cases", f"visit/{day.visit}", f"case/{day.case}/note", f"case/{new_case_id(app)}"):
        app.go(route)
        typed = app.page.evaluate("[...document.querySelectorAll('input, textarea')].map(one => one.value)")
        found |= set(leaks(app.page.content() + str(typed), words_of(day)))
    return found


def check_kept(app: App, day: Day, token: str, *, outbox: bool) -> None:
    kept: list[str] = app.page.evaluate(KEPT)
    rows = {line.split(" ")[2]: int(line.split(" ")[3]) for line in kept if line.startswith("idb nhipcau-")}
    assert (rows["outbox"] > 5) is outbox
    assert rows["pack"] > 10
    assert rows["meta"] > 2
    assert leaks("\n".join(kept), [*words_of(day), token]) == []
    cached = {urlsplit(line.split(" ")[2]).path for line in kept if line.startswith("cache ")}
    assert len(cached) > 10
    assert [path for path in cached if path != "/field/" and not path.startswith("/static/")] == []
    assert [one["name"] for one in app.context.cookies() if leaks(str(one), [*words_of(day), token])] == []


def check_line(heard: list[Heard], day: Day, token: str) -> None:
    """Bodies carry the work, one head the token; addresses, referrers and all other heads carry neither."""
    words = words_of(day)
    for one in heard:
        assert leaks(one.said(without="authorization"), [*words, token]) == []
        assert leaks(one.heads.get("authorization", ""), words) == []
        place = urlsplit(one.path).path
        allowed = {WORK: set(words) - {LONG_PIN, PASSWORD}, SIGN_IN: {day.member.username, PASSWORD}}
        found = leaks(one.body, [*words, token])
        known = allowed.get(place, {token} if place.startswith(SET_UP) else set())
        assert set(found) <= known, one.path
        assert not one.body or one.method == "POST"
    carried = [one for one in heard if one.path == WORK]
    assert {"Bà Tám", NOTE, "Đã cài xong ứng dụng"} <= {
        word for one in carried for word in leaks(one.body, words)
    }
    assert [one for one in heard if one.method == "GET" and one.path.startswith("/api/v1/sync/pack")]


def test_nothing_of_a_day_can_be_read_on_the_phone_or_on_the_line(
    day: Day, new_app: Opened, product: Server
) -> None:
    addresses: set[str] = set()
    with Tap(int(product.url.rsplit(":", 1)[1])) as tap:
        app = new_app(url=tap.url)
        app.context.on("request", lambda asked: addresses.add(asked.url))
        app.sign_in(day.member)
        app.enrol(LONG_PIN)
        app.offline()
        (token,) = {
            one.heads["authorization"].removeprefix("Bearer ")
            for one in tap.heard()
            if "authorization" in one.heads
        }
        assert len(token) > 30
        work(app, day)
        # What is looked for is there, for whoever has the PIN.
        on_screen = {"Bà Hồ Sơ Cũ", "Bà Tám", "Thôn Mẫu", "Nhà số 7", "Gõ cửa to", HALF}
        assert on_screen <= seen_on_screen(app, day)
        check_kept(app, day, token, outbox=True)
        app.kill()
        app.open(LONG_PIN)
        check_kept(app, day, token, outbox=True)
        app.online()
        app.settle()
        check_kept(app, day, token, outbox=False)
        heard = tap.heard()
    check_line(heard, day, token)
    away = {url for url in addresses if not url.startswith((f"{tap.url}/", "blob:", "data:", "chrome:"))}
    assert away == set()
