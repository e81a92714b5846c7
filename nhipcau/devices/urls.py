"""Addresses of phones: what the app asks when it is signed in, and the pages of those who look after them."""

from django.urls import path

from nhipcau.devices.views import enrolling, pages

app_name = "devices"

urlpatterns = [
    path("field/me", enrolling.me, name="me"),
    path("field/devices", enrolling.enrol, name="enrol"),
    path("field/devices/<uuid:device_id>/renew", enrolling.renew, name="renew"),
    # Pages of the people: not below the app's own folder, which its worker answers for without signal.
    path("phones/", pages.phones, name="phones"),
    path("phones/mine/", pages.mine, name="mine"),
    path("phones/keys/", pages.province_keys, name="keys"),
    path("phones/keys/<str:province>/", pages.renew_key, name="renew_key"),
    path("phones/<uuid:device_id>/shut/", pages.shut, name="shut"),
    path("phones/<uuid:device_id>/open/", pages.reopen, name="reopen"),
]
