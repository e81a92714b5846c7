"""Addresses of the figures."""

from django.urls import path

from nhipcau.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.figures, {"code": "VN"}, name="nation"),
    path("mine/", views.mine, name="mine"),
    path("about/", views.dictionary, name="dictionary"),
    path("<str:code>/", views.figures, name="figures"),
    path("<str:code>/<slug:name>/rows/", views.rows, name="rows"),
]
