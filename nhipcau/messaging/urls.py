"""Addresses of the messaging room. A worker of notices may look after no more than its folder: the root."""

from django.urls import path

from nhipcau.messaging import views

app_name = "messaging"

urlpatterns = [
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.read_all, name="read_all"),
    path("messages/settings/", views.wishes, name="settings"),
    path("messages/email/", views.give_email, name="give_email"),
    path("messages/email/code/", views.confirm_email, name="confirm_email"),
    path("messages/browsers/", views.give_browser, name="give_browser"),
    path("messages/addresses/<uuid:address_id>/remove/", views.remove_address, name="remove_address"),
    path("messages/<uuid:message_id>/", views.message, name="message"),
    path("push-worker.js", views.push_worker, name="push_worker"),
]
