"""Addresses of the attendance room, from the root: short ones for what is printed or typed."""

from django.urls import path

from nhipcau.attendance.views import boards, calendars, certificates, hours, posts, scanning, sheets

app_name = "attendance"

urlpatterns = [
    path("attendance/", posts.today, name="today"),
    path("attendance/posts/<uuid:post_id>/", posts.post, name="post"),
    path("attendance/post/<uuid:post_id>/screen/", posts.screen, name="screen"),
    path("attendance/posts/<uuid:post_id>/board/", posts.new_board, name="new_board"),
    path("attendance/posts/<uuid:post_id>/board/<uuid:board_id>/end/", posts.end_board, name="end_board"),
    path("attendance/posts/<uuid:post_id>/calendar/", posts.new_post_feed, name="new_post_feed"),
    path("attendance/screen/<str:token>/", posts.device_screen, name="device_screen"),
    path("attendance/in/<str:code>/", scanning.scan, name="scan"),
    path("attendance/shifts/<uuid:shift_id>/", sheets.sheet, name="sheet"),
    path("attendance/shifts/<uuid:shift_id>/paper.pdf", sheets.paper, name="paper"),
    path("attendance/shifts/<uuid:shift_id>/walk-in/", sheets.walk_in, name="walk_in"),
    path(
        "attendance/shifts/<uuid:shift_id>/walk-in/<uuid:walk_in_id>/",
        sheets.answer_walk_in,
        name="answer_walk_in",
    ),
    path("attendance/sign-ups/<uuid:sign_up_id>/", sheets.correct, name="correct"),
    path("attendance/mine/", hours.mine, name="mine"),
    path("attendance/mine/calendar/", calendars.renew, name="renew_feed"),
    path("attendance/<uuid:attendance_id>/leave/", scanning.leave, name="leave"),
    path("attendance/<uuid:attendance_id>/stay/", scanning.stay, name="stay"),
    path("attendance/<uuid:attendance_id>/wrong/", hours.dispute, name="dispute"),
    path("attendance/<uuid:attendance_id>/take-back/", hours.take_back, name="take_back"),
    path("attendance/approve/", hours.approve, name="approve"),
    path("attendance/members/", hours.members, name="members"),
    path("attendance/members/<uuid:member_id>/", hours.member, name="member"),
    path("attendance/members/<uuid:member_id>/certify/", hours.certify, name="certify"),
    path("attendance/certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path(
        "attendance/certificates/<uuid:certificate_id>.pdf",
        certificates.certificate_pdf,
        name="certificate_pdf",
    ),
    path("attendance/certificates/<uuid:certificate_id>/withdraw/", certificates.withdraw, name="withdraw"),
    path("hours/", certificates.check, name="check"),
    path("hours/nhip-cau.cer", certificates.signing_certificate, name="signing_certificate"),
    path("hours/<str:token>/", certificates.hours, name="hours"),
    path("calendar/<str:token>.ics", calendars.calendar, name="calendar"),
    path("board/<str:token>/", boards.board, name="board"),
]
