"""Addresses of the volunteers room, under `/volunteers/`; a badge's is short."""

from django.urls import include, path

from nhipcau.volunteers.views import applications, badges, grants, importing, joining, people

app_name = "volunteers"

room = [
    path("", applications.desk, name="desk"),
    path("me/", people.person, name="me"),
    path("me/when/", people.when, name="when"),
    path("me/when/days/", people.days, name="days"),
    path("me/when/clear/", people.clear, name="clear"),
    path("me/limits/", people.limits, name="limits"),
    path("me/claim/", grants.claim, name="claim"),
    path("me/badge/", badges.badge, name="badge"),
    path("me/badge/new/", badges.new_badge, name="new_badge"),
    path("me/badge/pdf/", badges.badge_pdf, name="badge_pdf"),
    path("people/<uuid:member_id>/", people.person, name="person"),
    path("people/<uuid:member_id>/when/", people.when, name="person_when"),
    path("people/<uuid:member_id>/when/days/", people.days, name="person_days"),
    path("people/<uuid:member_id>/when/clear/", people.clear, name="person_clear"),
    path("people/<uuid:member_id>/limits/", people.limits, name="person_limits"),
    path("people/<uuid:member_id>/minor/", people.minor, name="minor"),
    path("people/<uuid:member_id>/consent/", people.consent, name="consent"),
    path("people/<uuid:member_id>/consent/withdraw/", people.withdraw_consent, name="withdraw_consent"),
    path("people/<uuid:member_id>/give/", grants.give, name="give"),
    path("people/<uuid:member_id>/badge/", badges.badge, name="person_badge"),
    path("people/<uuid:member_id>/badge/new/", badges.new_badge, name="person_new_badge"),
    path("people/<uuid:member_id>/badge/pdf/", badges.badge_pdf, name="person_badge_pdf"),
    path("teams/<uuid:team_id>/badges/", badges.team_badges, name="team_badges"),
    path("claims/", grants.claims, name="claims"),
    path("claims/<uuid:grant_id>/", grants.review, name="review"),
    path("claims/<uuid:grant_id>/end/", grants.end, name="end"),
    path("ending/", grants.ending, name="ending"),
    path("lacking/", applications.lacking, name="lacking"),
    path("qualifications/", grants.definitions, name="definitions"),
    path("qualifications/new/", grants.new_definition, name="new_definition"),
    path("qualifications/<str:code>/", grants.definition, name="definition"),
    path("requests/", applications.applications, name="applications"),
    path("requests/<uuid:application_id>/", applications.application, name="application"),
    path("import/", importing.upload, name="import"),
    path("import/template/", importing.template, name="import_template"),
    path("import/<uuid:import_id>/", importing.report, name="import_report"),
    path("join/", joining.join, name="join"),
    path("join/<str:token>/", joining.application_state, name="application_state"),
]

urlpatterns = [
    path("badge/<str:token>/", badges.check, name="check_badge"),
    path("volunteers/", include(room)),
]
