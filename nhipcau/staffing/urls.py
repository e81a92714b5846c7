"""Addresses of the staffing room, under `/roster/`."""

from django.urls import path

from nhipcau.staffing.views import calling, closures, generating, posts, sheets, shifts

app_name = "staffing"

urlpatterns = [
    path("places/<uuid:need_id>/call/", calling.call_list, name="call_list"),
    path("places/<uuid:need_id>/ask/", calling.ask_member, name="call_ask"),
    path("places/<uuid:need_id>/put-on/", calling.put_on, name="put_on"),
    path("sign-ups/<uuid:sign_up_id>/confirm/", calling.confirm, name="confirm"),
    path("sign-ups/<uuid:sign_up_id>/take-off/", calling.take_off, name="take_off"),
    path("calls/<uuid:ask_id>/", calling.call, name="call"),
    path("attention/", calling.risks, name="at_risk"),
    path("teams/", posts.team_list, name="teams"),
    path("teams/<uuid:team_id>/week/", shifts.week, name="week"),
    path("teams/<uuid:team_id>/open/", shifts.open_week, name="open_week"),
    path("teams/<uuid:team_id>/shifts.xlsx", sheets.export_shifts, name="export_shifts"),
    path("teams/<uuid:team_id>/import/", sheets.import_list, name="import_shifts"),
    path("teams/<uuid:team_id>/import/table.xlsx", sheets.shift_template, name="shift_template"),
    path("teams/<uuid:team_id>/make/", generating.generate, name="generate"),
    path("teams/<uuid:team_id>/settings/", posts.team_settings, name="team_settings"),
    path("teams/<uuid:team_id>/posts/", posts.team_posts, name="team_posts"),
    path("teams/<uuid:team_id>/posts/new/", posts.new_post, name="new_post"),
    path("teams/<uuid:team_id>/closures/", closures.closure_list, name="closures"),
    path("teams/<uuid:team_id>/closures/new/", closures.new_closure, name="new_closure"),
    path("teams/<uuid:team_id>/closures/<uuid:closure_id>/", closures.end_closure, name="end_closure"),
    path("posts/", posts.post_list, name="posts"),
    path("posts/<uuid:post_id>/", posts.post, name="post"),
    path("posts/<uuid:post_id>/edit/", posts.edit_post, name="edit_post"),
    path("posts/<uuid:post_id>/end/", posts.end_post, name="end_post"),
    path("posts/<uuid:post_id>/start/", posts.start_post, name="start_post"),
    path("posts/<uuid:post_id>/rules/new/", posts.new_rule, name="new_rule"),
    path("rules/<uuid:rule_id>/", posts.edit_rule, name="edit_rule"),
    path("rules/<uuid:rule_id>/end/", posts.end_rule, name="end_rule"),
    path("rules/<uuid:rule_id>/roles/new/", posts.new_need, name="new_need"),
    path("roles/<uuid:need_id>/", posts.edit_need, name="edit_need"),
    path("shifts/<uuid:shift_id>/", shifts.shift, name="shift"),
    path("shifts/<uuid:shift_id>/times/", shifts.move_shift, name="move_shift"),
    path("shifts/<uuid:shift_id>/seats/new/", shifts.new_seats, name="new_seats"),
    path("shifts/<uuid:shift_id>/call-off/", shifts.call_off, name="call_off"),
    path("seats/<uuid:need_id>/", shifts.edit_seats, name="edit_seats"),
]
