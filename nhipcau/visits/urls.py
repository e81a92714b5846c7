"""Addresses of the visits room."""

from django.urls import path

from nhipcau.visits.views import mine, planning, visits

app_name = "visits"

urlpatterns = [
    path("", visits.visit_list, name="visits"),
    path("mine/", mine.my_visits, name="mine"),
    path("new/", planning.plan, name="plan"),
    path("<uuid:visit_id>/", visits.visit_page, name="visit"),
    path("<uuid:visit_id>/change/", planning.change, name="change"),
    path("<uuid:visit_id>/cancel/", planning.cancel, name="cancel"),
    path("<uuid:visit_id>/result/", mine.result, name="result"),
]
