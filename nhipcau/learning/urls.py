"""Addresses of the learning room."""

from django.urls import path

from nhipcau.learning.views import classes, counting

app_name = "learning"

urlpatterns = [
    path("", classes.class_list, name="classes"),
    path("new/", classes.plan, name="plan"),
    path("mine/", classes.mine, name="mine"),
    path("<uuid:class_id>/", classes.class_page, name="class"),
    path("<uuid:class_id>/change/", classes.change, name="change"),
    path("<uuid:class_id>/cancel/", classes.cancel, name="cancel"),
    path("<uuid:class_id>/held/", classes.close, name="close"),
    path("<uuid:class_id>/count/", counting.count, name="count"),
    path("<uuid:class_id>/count/<uuid:attendee_id>/", counting.correct, name="correct"),
    path("<uuid:class_id>/count/<uuid:attendee_id>/back/", counting.take_back, name="take_back"),
]
