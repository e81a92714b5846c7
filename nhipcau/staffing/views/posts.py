"""Pages of standing posts: the list, one post with its rules and roles, and how a team signs up."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from nhipcau.core import clock
from nhipcau.core.doors import requires
from nhipcau.core.errors import UnableTo
from nhipcau.core.fields import day_after
from nhipcau.shifts.enums import Starter
from nhipcau.shifts.models import PostNeed, PostRule
from nhipcau.shifts.queries import posts as queries
from nhipcau.shifts.queries.shifts import shifts_after
from nhipcau.shifts.services import NeedSpec
from nhipcau.shifts.services import posts as services
from nhipcau.staffing import services as closing
from nhipcau.staffing.forms.posts import EndForm, FilterForm, NeedForm, PostForm, RuleForm, SettingsForm
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Team

ROWS = 30
VIEW, EDIT = Permission.ROSTER_VIEW, Permission.ROSTER_EDIT


def may_edit(request: HttpRequest, team: Team) -> bool:
    """Whether the links that change something are shown."""
    reach = actor_in(request).scope(EDIT)
    return reach.covers(commune=team.commune_id, province=team.commune.parent_id or "")


@requires(VIEW)
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams whose rosters I see."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    form = FilterForm(request.GET)
    rows = queries.roster_teams(actor, today=today, text=form.text)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "staffing/teams.html", context)


@requires(VIEW)
@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """Posts of my places, by commune and team."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    form = FilterForm(request.GET)
    ended = request.GET.get("which") == "ended"
    rows = queries.post_list(actor, today=today, text=form.text, ended=ended)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "staffing/posts.html", {"form": form, "page": page, "ended": ended})


@requires(VIEW)
@require_safe
def team_posts(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """The posts of one team."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    team = queries.get_roster_team(team_id, for_=actor)
    page = Paginator(queries.post_list(actor, today=today, team=team), ROWS).get_page(request.GET.get("page"))
    context = {"team": team, "page": page, "may_edit": may_edit(request, team), "section": "posts"}
    return render(request, "staffing/team_posts.html", context)


@requires(EDIT)
def new_post(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """A new post of a team."""
    actor, now = actor_in(request), clock.now()
    team = queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    points = list(queries.points_for(team, today=clock.local_date(now)))
    initial = {"point": str(points[0].pk)} if len(points) == 1 else {}
    form = PostForm(request.POST or None, points=points, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_post(by=actor, now=now, team=team, post=form.spec)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The post is ready. Now say when it is served."))
            return redirect("staffing:post", made.pk)
    return render(request, "staffing/new_post.html", {"form": form, "team": team})


@requires(VIEW)
@require_safe
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One post: when it is served, who is needed; starters while it has no rule."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    found = queries.get_post(post_id, for_=actor)
    rows = list(queries.rules_of(found, today=today))
    queries.say_what_is_asked(need for rule in rows for need in rule.needs.all())
    editable = may_edit(request, found.team)
    starters = []
    if editable:
        starters = [one for one in Starter if one != Starter.OPENING or queries.has_hours(found)]
    context = {
        "post": found,
        "team": found.team,
        "rules": rows,
        "today": today,
        "may_edit": editable,
        "starters": starters,
        "ended": found.active_until is not None and found.active_until <= today,
        "section": "posts",
    }
    return render(request, "staffing/post.html", context)


@requires(EDIT)
def edit_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Name, place and who may sign up."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_post(post_id, for_=actor, permission=EDIT)
    points = {point.pk: point for point in queries.points_for(found.team, today=clock.local_date(now))}
    if found.point is not None:  # a point that has closed stays until another is chosen
        points.setdefault(found.point.pk, found.point)
    form = PostForm(request.POST or None, points=points.values(), initial=PostForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_post(by=actor, now=now, post=found, spec=form.spec)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("staffing:post", post_id)
    return render(request, "staffing/edit_post.html", {"form": form, "post": found})


@requires(EDIT)
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """The last day of a post."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_post(post_id, for_=actor, permission=EDIT)
    today = clock.local_date(now)
    form = EndForm(request.POST or None, initial={"last_day": today, "call_off": True})
    if request.method == "POST" and form.is_valid():
        on = day_after(form.cleaned_data["last_day"])
        assert on is not None  # the field is required
        try:
            shifts, people = closing.end_post(
                by=actor, now=now, post=found, on=on, call_off=form.cleaned_data["call_off"]
            )
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            words = _("The post ends then. Shifts called off: %(shifts)s; people told: %(people)s.")
            messages.success(request, words % {"shifts": shifts, "people": people})
            return redirect("staffing:post", post_id)
    made = shifts_after(found, day=today + timedelta(days=1), now=now).count()
    return render(request, "staffing/end_post.html", {"form": form, "post": found, "made": made})


@requires(EDIT)
@require_POST
def start_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """The usual rules by one tap."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_post(post_id, for_=actor, permission=EDIT)
    wanted = request.POST.get("starter", "")
    if wanted in Starter.values:
        try:
            made = services.start_with(by=actor, now=now, post=found, starter=Starter(wanted))
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            done = ngettext("%(count)s rule added.", "%(count)s rules added.", len(made)) % {
                "count": len(made)
            }
            messages.success(request, done if made else _("These rules are there already."))
    return redirect("staffing:post", post_id)


@requires(EDIT)
def new_rule(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One more rule; then its first role."""
    actor, now = actor_in(request), clock.now()
    found = queries.get_post(post_id, for_=actor, permission=EDIT)
    initial = {"valid_from": max(found.active_from, clock.local_date(now)), "weekdays": [0, 1, 2, 3, 4]}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_rule(by=actor, now=now, post=found, times=form.times, days=form.days)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Now say who is needed."))
            return redirect("staffing:new_need", made.pk)
    return render(request, "staffing/rule.html", {"form": form, "post": found, "rule": None})


@requires(EDIT)
def edit_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Days and times of a rule."""
    actor, now = actor_in(request), clock.now()
    rule = queries.get_rule(rule_id, for_=actor)
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(rule))
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_rule(by=actor, now=now, rule=rule, times=form.times, days=form.days)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Shifts made before keep their times."))
            return redirect("staffing:post", rule.post_id)
    return render(request, "staffing/rule.html", {"form": form, "post": rule.post, "rule": rule})


@requires(EDIT)
def end_rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """A rule ends, after one question."""
    actor, now = actor_in(request), clock.now()
    rule = queries.get_rule(rule_id, for_=actor)
    if request.method == "POST":
        services.end_rule(by=actor, now=now, rule=rule)
        messages.success(request, _("No shift comes of this rule any more."))
        return redirect("staffing:post", rule.post_id)
    return render(request, "staffing/end_rule.html", {"rule": rule, "post": rule.post})


def _need_page(request: HttpRequest, rule: PostRule, old: PostNeed | None) -> HttpResponse:
    actor, now = actor_in(request), clock.now()
    choices = list(queries.qualifications_for(rule.post.commune.parent_id or ""))
    others = [services.spec_of(row) for row in rule.needs.all() if old is None or row.pk != old.pk]
    initial = NeedForm.initial_of(services.spec_of(old)) if old else {}
    form = NeedForm(request.POST or None, qualifications=choices, initial=initial)
    removing = old is not None and request.POST.get("act") == "remove"
    if request.method == "POST" and (removing or form.is_valid()):
        wanted: list[NeedSpec] = others if removing else [*others, form.spec(old.pk if old else None)]
        try:
            services.set_needs(by=actor, now=now, rule=rule, needs=wanted)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Shifts made before keep their roles."))
            return redirect("staffing:post", rule.post_id)
    return render(request, "staffing/need.html", {"form": form, "rule": rule, "need": old, "post": rule.post})


@requires(EDIT)
def new_need(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One more role of a rule."""
    return _need_page(request, queries.get_rule(rule_id, for_=actor_in(request)), None)


@requires(EDIT)
def edit_need(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """A role of a rule: changed or taken away."""
    old = queries.get_post_need(need_id, for_=actor_in(request))
    return _need_page(request, queries.get_rule(old.rule_id, for_=actor_in(request)), old)


@requires(EDIT)
def team_settings(request: HttpRequest, team_id: UUID) -> HttpResponse:
    """By which numbers the team signs up."""
    actor, now = actor_in(request), clock.now()
    team = queries.get_roster_team(team_id, for_=actor, permission=EDIT)
    form = SettingsForm(request.POST or None, initial=SettingsForm.initial_of(queries.roster_settings(team)))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_team_roster(by=actor, now=now, team=team, settings=form.settings)
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("staffing:week", team_id)
    context = {"form": form, "team": team, "may_edit": True, "section": "settings"}
    return render(request, "staffing/settings.html", context)
