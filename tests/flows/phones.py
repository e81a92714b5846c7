"""The addresses of the phones of the field app, for the people."""

from .address import Address

PHONE = {"device_id": "@phone"}
PROVINCE = {"province": "68"}

PHONES = (
    Address("phones:phones", "leader"),
    Address("phones:phones", "province", label="province"),
    Address("phones:mine", "volunteer"),
    Address("phones:mine", "official", label="empty"),
    Address("phones:rescue", "coordinator"),
    Address("phones:keys", "province"),
    Address("phones:keys", "coordinator", label="empty"),
    Address("phones:renew_key", "province", PROVINCE),
    Address("phones:shut", "leader", PHONE),
    Address("phones:shut", "volunteer", PHONE, label="own"),
    Address("phones:conflicts", "leader"),
    Address("phones:conflicts", "volunteer", query="which=decided", label="decided"),
    Address("phones:conflict", "official", {"conflict_id": "@conflict"}),
    Address("phones:conflict", "volunteer", {"conflict_id": "@conflict"}, label="own"),
    Address("phones:reopen", "leader", PHONE, kind="act"),
)
# What the app asks with the session of the browser, as JSON.
FIELD = (
    Address("sync:me", kind="file"),
    Address("sync:enrol", "volunteer", kind="act"),
    Address("sync:renew", "volunteer", PHONE, kind="act"),
)
