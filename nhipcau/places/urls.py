"""Addresses of places."""

from django.urls import path

from nhipcau.places import views

app_name = "places"

urlpatterns = [
    path("", views.where, name="where"),
    path("provinces/", views.provinces, name="provinces"),
    path("points/", views.points, name="points"),
    path("points/new/", views.new_point, name="new_point"),
    path("points/<uuid:point_id>/", views.edit_point, name="edit_point"),
    path("points/<uuid:point_id>/hours/", views.edit_hours, name="edit_hours"),
    path("points/<uuid:point_id>/close/", views.close_point, name="close_point"),
    path("<str:code>/", views.unit, name="unit"),
]
