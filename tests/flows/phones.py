"""The addresses of the phones of the field app, for the people."""

from .address import Address

PHONE = {"device_id": "@phone"}
PROVINCE = {"province": "68"}

PHONES = (
    Address("devices:phones", "leader"),
    Address("devices:phones", "province", label="province"),
    Address("devices:mine", "volunteer"),
    Address("devices:mine", "official", label="empty"),
    Address("sync:rescue", "coordinator"),
    Address("devices:keys", "province"),
    Address("devices:keys", "coordinator", label="empty"),
    Address("devices:renew_key", "province", PROVINCE),
    Address("devices:shut", "leader", PHONE),
    Address("devices:shut", "volunteer", PHONE, label="own"),
    Address("sync:conflicts", "leader"),
    Address("sync:conflicts", "volunteer", query="which=decided", label="decided"),
    Address("sync:conflict", "official", {"conflict_id": "@conflict"}),
    Address("sync:conflict", "volunteer", {"conflict_id": "@conflict"}, label="own"),
    Address("devices:reopen", "leader", PHONE, kind="act"),
)
# The app itself, and what it asks with the session of the browser, as JSON.
FIELD = (
    Address("sync:shell", kind="file"),
    Address("sync:worker", kind="file"),
    Address("sync:manifest", kind="file"),
    Address("devices:me", kind="file"),
    Address("devices:enrol", "volunteer", kind="act"),
    Address("devices:renew", "volunteer", PHONE, kind="act"),
)
