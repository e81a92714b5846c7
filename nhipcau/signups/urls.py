"""Addresses of the signups room, under `/roster/`."""

from django.urls import path

from nhipcau.signups.views import mine, signing

app_name = "signups"

urlpatterns = [
    path("", mine.shifts_for_me, name="for_me"),
    path("mine/", mine.my_shifts, name="my_shifts"),
    path("mine/<uuid:shift_id>/", mine.my_shift, name="my_shift"),
    path("places/<uuid:need_id>/join/", signing.join, name="join"),
    path("places/<uuid:need_id>/wait/", signing.join_line, name="join_line"),
    path("sign-ups/<uuid:sign_up_id>/will-come/", signing.promise, name="promise"),
    path("sign-ups/<uuid:sign_up_id>/come-after-all/", signing.come_after_all, name="come_after_all"),
    path("sign-ups/<uuid:sign_up_id>/cannot-come/", signing.cannot_come, name="cannot_come"),
    path("sign-ups/<uuid:sign_up_id>/take-over/", signing.take_over, name="take_over"),
    path("offers/<uuid:waiting_id>/", signing.offer, name="offer"),
    path("asks/<uuid:ask_id>/", signing.ask, name="ask"),
]
