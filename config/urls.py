"""The addresses of the whole product: one line a room."""

from django.urls import include, path

from config.api import api
from nhipcau.procedures.urls import kiosk_patterns

urlpatterns = [
    path("", include("nhipcau.portal.urls")),
    path("", include("nhipcau.messaging.urls")),
    path("places/", include("nhipcau.places.urls")),
    path("catalogue/", include("nhipcau.catalogue.urls")),
    path("guides/", include("nhipcau.procedures.urls")),
    path("kiosk/", include((kiosk_patterns, "procedures"), namespace="kiosk")),
    path("teams/", include("nhipcau.teams.urls")),
    path("", include("nhipcau.cases.urls")),
    path("authoring/", include("nhipcau.authoring.urls")),
    path("", include("nhipcau.volunteers.urls")),
    path("roster/", include("nhipcau.signups.urls")),
    path("roster/", include("nhipcau.staffing.urls")),
    path("roster/", include("nhipcau.roster.urls")),
    path("", include("nhipcau.attendance.urls")),
    path("reinforcement/", include("nhipcau.reinforcement.urls")),
    path("visits/", include("nhipcau.visits.urls")),
    path("classes/", include("nhipcau.learning.urls")),
    path("", include("nhipcau.devices.urls")),
    path("", include("nhipcau.sync.urls")),
    path("figures/", include("nhipcau.reports.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", api.urls),
]
