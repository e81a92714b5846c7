"""Addresses of the reinforcement room."""

from django.urls import path

from nhipcau.reinforcement.views import cover, mine, offers, requests, sending

app_name = "reinforcement"

urlpatterns = [
    path("", requests.request_list, name="requests"),
    path("new/", requests.ask, name="ask"),
    path("<uuid:request_id>/", requests.request_page, name="request"),
    path("<uuid:request_id>/withdraw/", requests.withdraw, name="withdraw"),
    path("<uuid:request_id>/decline/", requests.decline, name="decline"),
    path("<uuid:request_id>/people/", offers.candidates, name="candidates"),
    path("offers/<uuid:offer_id>/answer/", offers.answer, name="answer"),
    path("offers/<uuid:offer_id>/withdraw/", offers.withdraw, name="withdraw_offer"),
    path("offers/<uuid:offer_id>/telephones/", offers.telephones, name="telephones"),
    path("offers/<uuid:offer_id>/shifts/", sending.put_on, name="put_on"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<uuid:person_id>/", mine.answer, name="answer_mine"),
    path("cover/", cover.whole, name="cover"),
    path("cover/<str:code>/", cover.province, name="province"),
    path("cover/<str:code>/short/", cover.short, name="short"),
]
