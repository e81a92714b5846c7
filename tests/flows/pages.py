"""All addresses of the product, each with a sample: who opens it and what stands in the address.

A new address cannot be forgotten: `test_doors.py` fails until it has its line here.
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from .address import Address
from .attendance import ATTENDANCE
from .classes import CLASSES
from .phones import FIELD, PHONES
from .proposals import PROPOSALS
from .visits import VISITS
from .volunteers import VOLUNTEERS

GUIDE = {"name": "id-card-reissue"}
BIRTH = {"name": "birth-registration"}
CASE = {"case_id": "@case"}
TEAM = {"team_id": "@team"}
MEMBERSHIP = {**TEAM, "membership_id": "@membership"}
MEMBER = {"member_id": "@member"}
POINT = {"point_id": "@point"}
DRAFT = {"draft_id": "@draft"}
TOKEN = {"token": "@token"}
DAYS = "first=2025-07-01&last=2025-07-06"

PORTAL = (
    Address("portal:front"),
    Address("portal:home", "volunteer"),
    Address("portal:home", "coordinator", label="coordinator"),
    Address("portal:home", "province", label="province"),
    Address("portal:home", "administrator", label="administrator"),
    Address("portal:undelivered", "administrator"),
    Address("portal:try_again", "administrator", {"delivery_id": "@delivery"}, kind="act"),
    Address("portal:try_all_again", "administrator", {"channel": "web_push"}, kind="act"),
    Address("portal:privacy"),
    Address("portal:source"),
    Address("portal:health", kind="file"),
)
PLACES = (
    Address("places:where"),
    Address("places:where", query="q=xa+Da+Chais+huyen+Lac+Duong", label="found"),
    Address("places:where", query="q=khong+co+noi+nay", label="unknown"),
    Address("places:provinces"),
    Address("places:unit", values={"code": "68"}, label="province"),
    Address("places:unit", values={"code": "24848"}, label="commune"),
    Address("places:points", "coordinator"),
    Address("places:new_point", "coordinator"),
    Address("places:edit_point", "coordinator", POINT),
    Address("places:edit_hours", "coordinator", POINT),
    Address("places:close_point", "coordinator", POINT),
)
CATALOGUE = (Address("catalogue:record", values={"code": "@record"}),)
MESSAGING = (
    Address("messaging:inbox", "volunteer"),
    Address("messaging:inbox", "leader", label="empty"),
    Address("messaging:message", "volunteer", {"message_id": "@message"}),
    Address("messaging:read_all", "volunteer", kind="act"),
    Address("messaging:settings", "volunteer"),
    Address("messaging:give_email", "volunteer", kind="act"),
    Address("messaging:confirm_email", "volunteer", kind="act"),
    Address("messaging:give_browser", "volunteer", kind="act"),
    Address("messaging:remove_address", "volunteer", {"address_id": "@address"}, kind="act"),
    Address("messaging:push_worker", kind="file"),
)
PROCEDURES = (
    Address("procedures:search"),
    Address("procedures:search", query="q=mat+can+cuoc", label="found"),
    Address("procedures:search", query="q=zzzz+qqqq", label="unknown"),
    Address("procedures:guide", values=GUIDE),
    Address("procedures:questions", values=BIRTH),
    Address("procedures:checklist", values=BIRTH),
    Address("procedures:checklist", values=GUIDE, query="province=68", label="province"),
    Address("procedures:checklist_pdf", values=BIRTH, kind="file"),
    Address("procedures:papers", values=BIRTH),
    Address("procedures:papers", values=GUIDE, query="checked=1&have=nothing&v=0123456789", label="missing"),
    Address("procedures:poster_pdf", values=BIRTH, kind="file"),
    Address("procedures:recording", values={**BIRTH, "recording_id": "@recording"}, kind="file"),
    Address("kiosk:recording", values={**BIRTH, "recording_id": "@recording"}, kind="file"),
    Address("kiosk:start", query="province=68"),
    Address("kiosk:start", query="event=identity&province=68", label="event"),
    Address("kiosk:search", query="q=mat+can+cuoc", label="found"),
    Address("kiosk:guide", values=GUIDE),
    Address("kiosk:questions", values=BIRTH),
    Address("kiosk:checklist", values=GUIDE, query="province=68"),
    Address("kiosk:papers", values=GUIDE, query="province=68&checked=1"),
)
TEAMS = (
    Address("teams:teams", "coordinator"),
    Address("teams:teams", "province", label="province"),
    Address("teams:new_team", "coordinator"),
    Address("teams:team", "coordinator", TEAM),
    Address("teams:edit_team", "coordinator", TEAM),
    Address("teams:leave", "volunteer", TEAM),
    Address("teams:add_member", "coordinator", TEAM),
    Address("teams:membership", "coordinator", MEMBERSHIP),
    Address("teams:end_membership", "coordinator", MEMBERSHIP),
    Address("teams:campaigns", "coordinator"),
    Address("teams:members", "coordinator"),
    Address("teams:new_member", "coordinator"),
    Address("teams:member", "coordinator", MEMBER),
    Address("teams:edit_member", "coordinator", MEMBER),
    Address("teams:sign_in_link", "coordinator", MEMBER),
    Address("teams:close_account", "coordinator", MEMBER),
    Address("teams:give_role", "coordinator", MEMBER),
    Address("teams:roles", "coordinator"),
    Address("teams:end_role", "coordinator", {"grant_id": "@grant"}),
    Address("teams:profile", "volunteer"),
    Address("teams:first_password", values={**MEMBER, "token": "@start"}),
    Address("teams:first_password", values={**MEMBER, "token": "spent"}, label="spent"),
)
CASES = (
    Address("cases:reception", "volunteer"),
    Address("cases:reception", "volunteer", query="q=khai+sinh", label="searched"),
    Address("cases:reception", "volunteer", query="saved=@session", label="saved"),
    Address(
        "cases:reception",
        "volunteer",
        query="need=procedure:birth-registration&papers=missing",
        label="checked",
    ),
    Address("cases:sessions", "volunteer"),
    Address("cases:sessions", "coordinator", query="whose=all&day=2025-07-03", label="all"),
    Address("cases:undo_session", "volunteer", {"session_id": "@session"}, kind="act"),
    Address("cases:cases", "volunteer"),
    Address("cases:cases", "coordinator", query="which=closed", label="closed"),
    Address("cases:new_case", "volunteer"),
    Address("cases:new_case", "volunteer", query="session=@session", label="from-session"),
    Address("cases:case", "coordinator", CASE),
    Address("cases:person", "coordinator", CASE),
    Address("cases:withdraw", "coordinator", CASE),
    Address("cases:papers", "volunteer", CASE),
    Address("cases:papers", "coordinator", CASE, query="with=now", label="now"),
    Address("cases:card", "coordinator", CASE),
    Address("cases:card_pdf", "coordinator", CASE, kind="file"),
    *(
        Address(f"cases:{act}", "coordinator", CASE, kind="act")
        for act in ("move", "note", "dossier", "assign", "due")
    ),
    Address("cases:follow"),
    Address("cases:follow_card", values=TOKEN),
    Address("cases:follow_card", values={"token": "@finished"}, label="finished"),
    Address("cases:rate", values=TOKEN, kind="act"),
)
AUTHORING = (
    Address("authoring:guides", "official"),
    Address("authoring:guides", "nation", query="months=3", label="old"),
    Address("authoring:new_guide", "official"),
    Address("authoring:recordings", "official"),
    Address("authoring:recording_sound", "official", {"recording_id": "@recording"}, kind="file"),
    Address("authoring:approve_recording", "official", {"recording_id": "@recording"}, kind="act"),
    Address("authoring:withdraw_recording", "official", {"recording_id": "@recording"}, kind="act"),
    Address("authoring:guide", "official", {"slug": "birth-registration"}),
    Address("authoring:start", "official", {"slug": "birth-registration"}, kind="act"),
    Address("authoring:confirm", "nation", {"version_id": "@version"}),
    Address("authoring:withdraw", "nation", {"version_id": "@version"}),
    Address("authoring:draft", "official", DRAFT),
    Address("authoring:changes", "official", DRAFT),
    Address("authoring:changes", "province", DRAFT, label="reader"),
    Address("authoring:publish", "province", DRAFT),
    Address("authoring:publish", "province", {"draft_id": "@checked"}, label="checked"),
    Address("authoring:discard", "official", DRAFT),
    *(
        Address("authoring:entry", "official", {**DRAFT, "place": place}, label=place)
        for place in ("about", "keywords", "facts", "facts.0", "requirements.0", "sources.new",
                      "requirements.0.evidence.0", "requirements.0.evidence.0.items.0", "fees.0")
    ),
    Address("authoring:remove", "official", {**DRAFT, "place": "steps.0"}),
    Address("authoring:condition", "official", {**DRAFT, "place": "fees.0"}),
    Address("authoring:condition", "official", {**DRAFT, "place": "fees.0"}, "fact=who", label="fact"),
    Address("authoring:move", "official", {**DRAFT, "place": "steps.0"}, kind="act"),
    *(
        Address(f"authoring:{act}", "official", DRAFT, kind="act")
        for act in ("try", "approve", "send_back")
    ),
)  # fmt: skip
ROSTER = (
    Address("signups:for_me", "volunteer"),
    Address("signups:for_me", "volunteer", query="day=@shift_day&all=1", label="day"),
    Address("signups:my_shifts", "volunteer"),
    Address("signups:my_shift", "volunteer", {"shift_id": "@my_shift"}),
    Address("signups:my_shift", "coordinator", {"shift_id": "@shift"}, label="why-not"),
    Address("signups:join", "volunteer", {"need_id": "@free_place"}, kind="act"),
    Address("signups:join_line", "volunteer", {"need_id": "@free_place"}, kind="act"),
    Address("signups:promise", "volunteer", {"sign_up_id": "@sign_up"}, kind="act"),
    Address("signups:come_after_all", "volunteer", {"sign_up_id": "@sign_up"}, kind="act"),
    Address("signups:cannot_come", "volunteer", {"sign_up_id": "@sign_up"}),
    Address("signups:take_over", "volunteer", {"sign_up_id": "@sought"}, kind="act"),
    Address("signups:offer", "volunteer", {"waiting_id": "@line"}),
    Address("signups:ask", "volunteer", {"ask_id": "@ask"}),
    Address("staffing:call_list", "coordinator", {"need_id": "@my_place"}),
    Address("staffing:call_list", "coordinator", {"need_id": "@my_place"}, query="for=@sign_up", label="for"),
    Address("staffing:call_ask", "coordinator", {"need_id": "@my_place"}, kind="act"),
    Address("staffing:call", "coordinator", {"ask_id": "@ask"}),
    Address("staffing:put_on", "coordinator", {"need_id": "@my_place"}, kind="act"),
    Address("staffing:confirm", "coordinator", {"sign_up_id": "@sign_up"}, kind="act"),
    Address("staffing:take_off", "coordinator", {"sign_up_id": "@sign_up"}),
    Address("staffing:at_risk", "coordinator"),
    Address("staffing:teams", "coordinator"),
    Address("staffing:posts", "province"),
    Address("staffing:posts", "coordinator", query="which=ended", label="ended"),
    Address("staffing:week", "coordinator", TEAM),
    Address("staffing:week", "official", TEAM, query="from=@shift_day&post=@post", label="one"),
    Address("staffing:open_week", "coordinator", TEAM, kind="act"),
    Address("staffing:generate", "coordinator", TEAM),
    Address(
        "staffing:generate", "leader", TEAM, query="first=@shift_day&length=14&posts=@post", label="preview"
    ),
    Address("staffing:export_shifts", "official", TEAM, query="from=@shift_day", kind="file"),
    Address("staffing:import_shifts", "coordinator", TEAM),
    Address("staffing:shift_template", "coordinator", TEAM, kind="file"),
    Address("staffing:team_settings", "coordinator", TEAM),
    Address("staffing:team_posts", "coordinator", TEAM),
    Address("staffing:new_post", "coordinator", TEAM),
    Address("staffing:post", "coordinator", {"post_id": "@post"}),
    Address("staffing:edit_post", "coordinator", {"post_id": "@post"}),
    Address("staffing:end_post", "coordinator", {"post_id": "@post"}),
    Address("staffing:start_post", "coordinator", {"post_id": "@post"}, kind="act"),
    Address("staffing:new_rule", "coordinator", {"post_id": "@post"}),
    Address("staffing:edit_rule", "coordinator", {"rule_id": "@rule"}),
    Address("staffing:end_rule", "coordinator", {"rule_id": "@rule"}),
    Address("staffing:new_need", "coordinator", {"rule_id": "@rule"}),
    Address("staffing:edit_need", "coordinator", {"need_id": "@role"}),
    Address("staffing:shift", "official", {"shift_id": "@shift"}),
    Address("staffing:shift", "coordinator", {"shift_id": "@shift"}, label="leader"),
    Address("staffing:move_shift", "coordinator", {"shift_id": "@shift"}),
    Address("staffing:call_off", "coordinator", {"shift_id": "@shift"}),
    Address("staffing:new_seats", "coordinator", {"shift_id": "@shift"}),
    Address("staffing:edit_seats", "coordinator", {"need_id": "@seats"}),
    Address("roster:visitors", "coordinator", TEAM),
    Address("roster:counts", "coordinator", {**TEAM, **POINT}),
    Address("roster:demand", "coordinator", {**TEAM, **POINT}),
    Address("roster:import_counts", "coordinator", {**TEAM, **POINT}),
    Address("staffing:closures", "coordinator", TEAM),
    Address("staffing:new_closure", "coordinator", TEAM),
    Address(
        "staffing:new_closure",
        "coordinator",
        TEAM,
        query="place=commune&reason=flood&starts_on=@shift_day&last_day=@shift_day",
        label="preview",
    ),
    Address("staffing:end_closure", "coordinator", {**TEAM, "closure_id": "@closure"}),
)
REPORTS = (
    Address("reports:nation"),
    Address("reports:nation", "nation", label="nation"),
    Address("reports:figures", values={"code": "68"}, query=DAYS),
    Address("reports:figures", "province", {"code": "68"}, query=DAYS, label="province"),
    Address("reports:figures", "coordinator", {"code": "24848"}, query=DAYS, label="commune"),
    Address("reports:mine", "province", kind="sends"),
    Address("reports:dictionary"),
    Address("reports:rows", "coordinator", {"code": "24848", "name": "sessions"}, query=DAYS),
    Address("reports:rows", "province", {"code": "68", "name": "people"}, query=DAYS, label="province"),
    Address("reports:rows", "province", {"code": "68", "name": "seats_held"}, query=DAYS, label="seats"),
)
ACCOUNT = (
    Address("account_login"),
    Address("account_logout", "volunteer"),
    Address("account_inactive"),
    Address("account_reauthenticate", "volunteer"),
    Address("account_change_password", "volunteer"),
    Address("mfa_index", "volunteer"),
    Address("mfa_authenticate", kind="sends"),
    Address("mfa_reauthenticate", "volunteer", kind="sends"),
    Address("mfa_activate_totp", "volunteer"),
    Address("mfa_deactivate_totp", "volunteer", kind="sends"),
    Address("mfa_view_recovery_codes", "volunteer", kind="sends"),
    Address("mfa_generate_recovery_codes", "volunteer", kind="sends"),
    Address("mfa_download_recovery_codes", "volunteer", kind="sends"),
    *(
        Address(name, kind="shut")
        for name in (
            "account_signup",
            "account_email",
            "account_email_verification_sent",
            "account_set_password",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
            "account_confirm_login_code",
        )
    ),
    Address("account_confirm_email", values={"key": "x"}, kind="shut"),
    Address("account_reset_password_from_key", values={"uidb36": "1", "key": "x-y"}, kind="shut"),
)
INTERFACE = (
    Address("api:openapi-json", kind="file"),
    Address("api:api-root", kind="shut"),
    Address("api:convert_address", query="q=xa+Da+Chais", kind="file"),
    Address("api:unit", values={"code": "24848"}, kind="file"),
    Address("api:search_procedures", query="q=khai+sinh", kind="file"),
    Address("api:procedures", kind="file"),
    Address("api:all_linked_data", kind="file"),
    Address("api:procedure_linked_data", values={"code": "1.001193"}, kind="file"),
    Address("api:procedure", values={"code": "1.001193"}, kind="file"),
    Address("api:questions", values={"code": "1.001193"}, kind="file"),
    Address("api:checklist", values={"code": "1.001193"}, kind="act"),
    Address("api:indicators", kind="file"),
    Address("api:figures", query="place=68&from=2025-07-01&to=2025-07-06", kind="file"),
    # For nobody without the token of a phone; what phones get is in tests/sync/test_api.py.
    Address("api:commands", kind="act"),
    Address("api:pack", kind="act"),
    Address("api:leave", kind="act"),
)
REQUEST = {"request_id": "@request"}
OFFER = {"offer_id": "@offer"}
REINFORCEMENT = (
    Address("reinforcement:requests", "leader"),
    Address("reinforcement:requests", "province", query="which=closed", label="province"),
    Address("reinforcement:ask", "leader"),
    Address("reinforcement:request", "leader", REQUEST),
    Address("reinforcement:request", "province", REQUEST, label="province"),
    Address("reinforcement:candidates", "province", REQUEST),
    Address("reinforcement:withdraw", "leader", REQUEST, kind="act"),
    Address("reinforcement:decline", "province", REQUEST, kind="act"),
    Address("reinforcement:answer", "leader", OFFER, kind="act"),
    Address("reinforcement:withdraw_offer", "province", OFFER, kind="act"),
    Address("reinforcement:telephones", "leader", OFFER),
    Address("reinforcement:put_on", "leader", OFFER),
    Address("reinforcement:mine", "volunteer"),
    Address("reinforcement:answer_mine", "volunteer", {"person_id": "@place"}, kind="act"),
    Address("reinforcement:cover", "province"),
    Address("reinforcement:cover", "nation", label="nation"),
    Address("reinforcement:province", "province", {"code": "68"}, query="days=28"),
    Address("reinforcement:short", "leader", {"code": "24848"}, query="days=28"),
)
ADDRESSES = (
    *PORTAL,
    *PLACES,
    *CATALOGUE,
    *MESSAGING,
    *PROCEDURES,
    *TEAMS,
    *VOLUNTEERS,
    *CASES,
    *AUTHORING,
    *ROSTER,
    *PROPOSALS,
    *ATTENDANCE,
    *CLASSES,
    *REINFORCEMENT,
    *VISITS,
    *FIELD,
    *PHONES,
    *REPORTS,
    *ACCOUNT,
    *INTERFACE,
)
PAGES = tuple(address for address in ADDRESSES if address.kind == "page")
PUBLIC = tuple(
    address for address in ADDRESSES if not address.opener and address.kind in ("page", "file", "sends")
)


def patterns(
    resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every address the product answers, with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join((*spaces, entry.name or "")), entry
