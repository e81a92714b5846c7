"""What lies on a phone says nothing to whoever finds it, and opens to its owner's PIN alone."""

from .conftest import PIN, Phone


def test_smoke(phone: Phone) -> None:
    device = phone.enrol()
    ids = phone.run("return nc.addNotes(a[0], ['one', 'two'])", device)
    assert len(ids) == 2
    phone.reload()
    assert phone.unlock(device, "111222")["code"] == "store.wrong_pin"
    assert phone.unlock(device, PIN) == {"ok": device}
    print(phone.run("const t = performance.now(); await nc.unlock(a[0], a[1]); return performance.now() - t", device, PIN))
    print(phone.run("return nc.of(a[0]).outbox.all()", device), phone.record(device))
    phone.kill()
    print(phone.run("return nc.listDevices()"))
