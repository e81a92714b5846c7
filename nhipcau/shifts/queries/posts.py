"""Reading standing posts, their rules and needs, and by which numbers a team signs up."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.core.scope import Actor
from nhipcau.core.text import fold
from nhipcau.places.models import ServicePoint
from nhipcau.shifts.models import Post, PostNeed, PostRule, TeamRoster
from nhipcau.shifts.models.posts import Seats
from nhipcau.teams.enums import LanguageLevel, Permission, languages
from nhipcau.teams.models import Team
from nhipcau.volunteers.models import Qualification


def serves_on(day: date) -> Q:
    """Posts that serve on a day, or later: all but those that have ended by then."""
    return Q(active_until__isnull=True) | Q(active_until__gt=day)


def roster_teams(actor: Actor, *, today: date, text: str = "") -> QuerySet[Team]:
    """Teams at work whose rosters the actor sees, by place, each with its number of posts in `posts_now`."""
    teams = Team.objects.visible_to(actor, Permission.ROSTER_VIEW).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    )
    if text.strip():
        teams = teams.filter(Q(name__icontains=text.strip()) | Q(commune__search_key__contains=fold(text)))
    ended = Q(posts__active_until__lte=today)
    return (
        teams.select_related("commune__parent")
        .annotate(posts_now=Count("posts", filter=~ended))
        .order_by("commune__search_key", "name", "id")
    )


def get_roster_team(team_id: UUID, *, for_: Actor, permission: str = Permission.ROSTER_VIEW) -> Team:
    """A team whose roster the actor sees, or edits, with commune and province; or 404."""
    found = Team.objects.visible_to(for_, permission).select_related("commune__parent")
    team = found.filter(pk=team_id).first()
    if team is None:
        raise Http404
    return team


def posts_visible_to(actor: Actor, permission: str = Permission.ROSTER_VIEW) -> QuerySet[Post]:
    """Posts of the actor's places."""
    return Post.objects.filter(actor.scope(permission).q("commune"))


def post_list(
    actor: Actor, *, today: date, text: str = "", team: Team | None = None, ended: bool = False
) -> QuerySet[Post]:
    """Posts by commune, team and name, each with its number of rules in force; of one team if given."""
    posts = posts_visible_to(actor).filter(~serves_on(today) if ended else serves_on(today))
    if team is not None:
        posts = posts.filter(team=team)
    if text.strip():
        named = Q(name__icontains=text.strip()) | Q(team__name__icontains=text.strip())
        posts = posts.filter(named | Q(commune__search_key__contains=fold(text)))
    in_force = Q(rules__valid_until__isnull=True) | Q(rules__valid_until__gt=today)
    return (
        posts.select_related("commune", "team", "point")
        .annotate(rules_now=Count("rules", filter=in_force))
        .order_by("commune__search_key", "team__name", "name", "id")
    )


def posts_of_team(team: Team, *, today: date) -> QuerySet[Post]:
    """The posts of a team that serve today or later, by name."""
    return team.posts.filter(serves_on(today)).order_by("name", "id")


def get_post(post_id: UUID, *, for_: Actor, permission: str = Permission.ROSTER_VIEW) -> Post:
    """A post with its team, point, commune and province; or 404."""
    posts = posts_visible_to(for_, permission).select_related("team__commune", "point", "commune__parent")
    found = posts.filter(pk=post_id).first()
    if found is None:
        raise Http404
    return found


def _with_needs(rules: QuerySet[PostRule]) -> QuerySet[PostRule]:
    needs = Prefetch("needs", PostNeed.objects.order_by("position", "id"))
    return rules.prefetch_related(needs).order_by("starts", "valid_from", "id")


def rules_of(post: Post, *, today: date) -> QuerySet[PostRule]:
    """The rules of a post that hold today or later, each with its needs."""
    in_force = Q(valid_until__isnull=True) | Q(valid_until__gt=today)
    return _with_needs(post.rules.filter(in_force))


def rules_to_plan(team: Team, posts: Iterable[UUID] | None = None) -> QuerySet[PostRule]:
    """The rules of a team's posts, or of those named, as planning needs them."""
    rules = PostRule.objects.filter(post__team=team)
    if posts is not None:
        rules = rules.filter(post_id__in=list(posts))
    return _with_needs(rules.select_related("post__team", "post__commune"))


def get_rule(rule_id: UUID, *, for_: Actor) -> PostRule:
    """A rule of a post that the actor edits, with its needs; or 404."""
    reach = for_.scope(Permission.ROSTER_EDIT).q("post__commune")
    rules = PostRule.objects.filter(reach).select_related("post__team", "post__commune__parent")
    found = _with_needs(rules).filter(pk=rule_id).first()
    if found is None:
        raise Http404
    return found


def get_post_need(need_id: UUID, *, for_: Actor) -> PostNeed:
    """A role of a rule that the actor edits; or 404."""
    reach = for_.scope(Permission.ROSTER_EDIT).q("rule__post__commune")
    found = PostNeed.objects.filter(reach).filter(pk=need_id).first()
    if found is None:
        raise Http404
    return found


def points_for(team: Team, *, today: date) -> QuerySet[ServicePoint]:
    """The service points of the team's commune that are open, by kind and name."""
    points = ServicePoint.objects.filter(commune_id=team.commune_id, active_from__lte=today)
    return points.filter(Q(active_until__isnull=True) | Q(active_until__gt=today)).order_by(
        "kind", "name", "id"
    )


def has_hours(post: Post) -> bool:
    """Whether the service point of a post says when it is open."""
    return post.point is not None and post.point.hours.exists()


def qualifications_for(province: str) -> QuerySet[Qualification]:
    """The qualifications in use in a province: the nation's and its own."""
    used = Qualification.objects.filter(active=True, unit_code__in=["VN", province])
    return used.order_by("name_vi", "code")


def roster_settings(team: Team) -> TeamRoster:
    """By which numbers a team signs up; the defaults when nobody has set them."""
    return TeamRoster.objects.filter(team=team).first() or TeamRoster(team=team)


def say_what_is_asked(needs: Iterable[Seats]) -> None:
    """Fills `asked_for` of roles: skills and languages in the words of the screen, in at most one query."""
    rows = list(needs)
    codes = {code for row in rows for code in row.qualifications}
    names = {row.pk: row.name for row in Qualification.objects.filter(pk__in=codes)} if codes else {}
    spoken = languages()
    for row in rows:
        skills = [names[code] for code in row.qualifications if code in names]
        row.asked_for = skills + [
            f"{spoken[code].name} ({LanguageLevel(level).label})"
            for code, level in row.languages.items()
            if code in spoken
        ]
