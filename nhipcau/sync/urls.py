"""Addresses of the field app that a browser opens; what the app says afterwards goes to `api`."""

from django.urls import path

from nhipcau.sync.views import conflicts, devices, phones, rescue

app_name = "sync"

urlpatterns = [
    path("me", phones.me, name="me"),
    path("devices", phones.enrol, name="enrol"),
    path("devices/<uuid:device_id>/renew", phones.renew, name="renew"),
]

# Pages of the people; not below the app's own folder, which its worker answers for even without signal.
phone_patterns = [
    path("", devices.phones, name="phones"),
    path("mine/", devices.mine, name="mine"),
    path("rescue/", rescue.hand_in, name="rescue"),
    path("keys/", devices.province_keys, name="keys"),
    path("keys/<str:province>/", devices.renew_key, name="renew_key"),
    path("decide/", conflicts.conflicts, name="conflicts"),
    path("decide/<uuid:conflict_id>/", conflicts.conflict, name="conflict"),
    path("<uuid:device_id>/shut/", devices.shut, name="shut"),
    path("<uuid:device_id>/open/", devices.reopen, name="reopen"),
]
