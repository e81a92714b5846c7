"""The addresses of the attendance room."""

from .address import Address

SHIFT = {"shift_id": "@worked"}
POST = {"post_id": "@desk"}
SIGN_UP = {"sign_up_id": "@sign_up_worked"}
RECORD = {"attendance_id": "@attendance"}
CERTIFICATE = {"certificate_id": "@certificate"}
HOLDER = {"member_id": "@holder"}

ATTENDANCE = (
    Address("attendance:today", "official"),
    Address("attendance:today", "leader", query="day=@worked_day", label="day"),
    Address("attendance:post", "leader", POST),
    Address("attendance:screen", "official", POST),
    Address("attendance:device_screen", values={"token": "@tablet"}),
    Address("attendance:scan", values={"code": "stale"}),
    Address("attendance:sheet", "leader", SHIFT),
    Address("attendance:sheet", "official", SHIFT, query="q=a", label="search"),
    Address("attendance:paper", "official", SHIFT, kind="file"),
    Address("attendance:correct", "leader", SIGN_UP),
    Address("attendance:mine", "volunteer"),
    Address("attendance:dispute", "volunteer", RECORD),
    Address("attendance:take_back", "coordinator", RECORD),
    Address("attendance:approve", "leader"),
    Address("attendance:members", "coordinator"),
    Address("attendance:member", "coordinator", HOLDER),
    Address("attendance:certificate", "volunteer", CERTIFICATE),
    Address("attendance:certificate", "coordinator", CERTIFICATE, label="coordinator"),
    Address("attendance:certificate_pdf", "volunteer", CERTIFICATE, kind="file"),
    Address("attendance:withdraw", "coordinator", CERTIFICATE),
    Address("attendance:check"),
    Address("attendance:signing_certificate", kind="file"),
    Address("attendance:hours", values={"token": "@hours"}),
    Address("attendance:calendar", values={"token": "@calendar"}, kind="file"),
    Address("attendance:calendar", values={"token": "@post_calendar"}, kind="file", label="post"),
    Address("attendance:board", values={"token": "@board"}, own_language=True),
    Address("attendance:certify", "volunteer", HOLDER, kind="act"),
    Address("attendance:renew_feed", "volunteer", kind="act"),
    Address("attendance:end_board", "leader", {**POST, "board_id": "@board_id"}, kind="act"),
    Address("attendance:answer_walk_in", "leader", {**SHIFT, "walk_in_id": "@walk_in"}, kind="act"),
    Address("attendance:walk_in", "leader", SHIFT, kind="act"),
    *(Address(f"attendance:{act}", "volunteer", RECORD, kind="act") for act in ("leave", "stay")),
    *(Address(f"attendance:{act}", "leader", POST, kind="act") for act in ("new_board", "new_post_feed")),
)
