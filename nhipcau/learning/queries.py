"""Reading classes, who teaches them, and how many came, by age and language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from nhipcau.audit.queries import entries_of
from nhipcau.cases.enums import AgeBand, Alone
from nhipcau.core.cells import hidden_among
from nhipcau.core.scope import NATION, Actor
from nhipcau.learning.enums import ClassState
from nhipcau.learning.models import Attendee, PublicClass, Trainer
from nhipcau.places.models import Unit
from nhipcau.teams.access import ROLES
from nhipcau.teams.enums import Permission, languages
from nhipcau.teams.models import Grant, Member

PLAN: Final = Permission.LEARNING_PLAN
VIEW: Final = Permission.LEARNING_VIEW
TEACH: Final = Permission.LEARNING_TEACH


def _teaching(member_id: UUID, *, today: bool = True) -> Exists:
    """Classes the member teaches, or (`today` False) was ever asked to teach."""
    mine = Trainer.objects.filter(public_class_id=OuterRef("pk"), member_id=member_id)
    return Exists(mine.filter(ended_at__isnull=True) if today else mine)


def _shown(rows: QuerySet[PublicClass]) -> QuerySet[PublicClass]:
    """With the place, the procedure, who teaches (`teachers`) and how many came (`came`): two queries."""
    teachers = Trainer.objects.filter(ended_at__isnull=True).select_related("member")
    return (
        rows.select_related("commune__parent", "procedure", "service_point")
        .prefetch_related(
            Prefetch("trainers", teachers.order_by("member__name", "member_id"), to_attr="teachers")
        )
        .annotate(came=Count("attendees", filter=Q(attendees__removed_at__isnull=True)))
    )


def classes_of(member_id: UUID, *, days: tuple[date, date]) -> QuerySet[PublicClass]:
    """The classes a member teaches on the days `[first, until)`, in order, cancelled ones too.

    Each with place and procedure, `teachers` (rows of `Trainer` with member) and `came`.
    """
    first, until = days
    rows = PublicClass.objects.filter(_teaching(member_id), day__gte=first, day__lt=until)
    return _shown(rows).order_by("starts_at", "id")


def class_list(
    actor: Actor, *, state: str = "", first: date | None = None, until: date | None = None
) -> QuerySet[PublicClass]:
    """The classes of the actor's places on the days `[first, until)`, latest first; to be paged."""
    rows = PublicClass.objects.visible_to(actor, VIEW)
    if state:
        rows = rows.filter(state=state)
    if first is not None:
        rows = rows.filter(day__gte=first)
    if until is not None:
        rows = rows.filter(day__lt=until)
    return _shown(rows).order_by("-starts_at", "id")


def get_class(class_id: UUID, *, for_: Actor, permission: str = VIEW, lock: bool = False) -> PublicClass:
    """A class of the actor's places, or one that the actor teaches or taught and may still teach; else 404.

    With `LEARNING_PLAN`: only of the places where the actor plans classes. The commune comes along.
    """
    rows = PublicClass.objects.visible_to(for_, permission)
    if permission == VIEW:
        own = for_.scope(TEACH).q() & Q(_teaching(for_.id, today=False))
        rows = PublicClass.objects.filter(for_.scope(VIEW).q() | own)
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("commune__parent", "procedure", "service_point").filter(pk=class_id).first()
    if found is None:
        raise Http404
    return found


def shown_class(class_id: UUID, *, for_: Actor) -> PublicClass:
    """`get_class` with `teachers` and `came`, for a page."""
    get_class(class_id, for_=for_)
    return _shown(PublicClass.objects.filter(pk=class_id)).get()


def can_plan(actor: Actor, row: PublicClass) -> bool:
    """Whether the actor plans classes of its commune. The commune came along with the class."""
    return actor.scope(PLAN).covers(commune=row.commune_id, province=row.commune.parent_id or "")


def is_trainer(member_id: UUID, row: PublicClass, *, today: bool = True) -> bool:
    """Whether the member teaches the class, or (`today` False) was ever asked to."""
    mine = row.trainers.filter(member_id=member_id)
    return (mine.filter(ended_at__isnull=True) if today else mine).exists()


def can_count(actor: Actor, row: PublicClass) -> bool:
    """Whether the actor counts people in a class: as its leader, or having been asked to teach it, as long
    as the role for it stands. The commune came along with the class."""
    place = {"commune": row.commune_id, "province": row.commune.parent_id or ""}
    teaches = actor.scope(TEACH).covers(**place) and is_trainer(actor.id, row, today=False)
    return can_plan(actor, row) or teaches


def get_class_to_count(class_id: UUID, *, for_: Actor, lock: bool = False) -> PublicClass:
    """A class in which the actor may count people: as its trainer, past ones too, or its leader; else 404.

    Somebody taken off a class meanwhile may still send who came: the phone could not know. Somebody whose
    role has ended may not: who leads decides about that.
    """
    row = get_class(class_id, for_=for_, lock=lock)
    if not can_count(for_, row):
        raise Http404
    return row


def was_planned_by(row: PublicClass, day: date) -> bool:
    """Whether the class was once to be on that day or before, and was moved since."""
    moved = entries_of("learning_publicclass", str(row.pk)).filter(changes__has_key="day")
    return any(was and was <= day.isoformat() for was, _now in moved.values_list("changes__day", flat=True))


def teachers_for(commune: Unit, *, now: datetime) -> QuerySet[Member]:
    """Active members whose role lets them teach in a commune, by name."""
    roles = [role for role, permissions in ROLES.items() if TEACH in permissions]
    units = [commune.pk, commune.parent_id or "", NATION]
    may = Grant.objects.active(now).filter(role__in=roles, unit_code__in=units)
    members = Member.objects.filter(is_active=True, pk__in=may.values("member_id"))
    return members.order_by("name", "id")


def teachers_of(row: PublicClass) -> QuerySet[Trainer]:
    """Who teaches a class now, by name."""
    now = row.trainers.filter(ended_at__isnull=True)
    return now.select_related("member").order_by("member__name", "member_id")


def get_attendee(attendee_id: UUID, *, class_id: UUID, for_: Actor) -> Attendee:
    """Somebody counted in a class in which the actor may count, or 404."""
    row = get_class_to_count(class_id, for_=for_)
    found = Attendee.objects.filter(pk=attendee_id, public_class=row).first()
    if found is None:
        raise Http404
    return found


def last_counted(row: PublicClass, *, by: UUID) -> Attendee | None:
    """The person counted last in a class by one member, not taken back."""
    mine = Attendee.objects.filter(public_class=row, recorded_by_id=by, removed_at__isnull=True)
    return mine.order_by("-recorded_at", "-at", "-id").first()


@dataclass(frozen=True, slots=True)
class Cell:
    """One group of those who came; `people` None: too few to be shown."""

    key: str
    label: str
    people: int | None


@dataclass(frozen=True, slots=True)
class ClassNumbers:
    """How many came, and their groups; groups nobody is in are left out of languages and independence.

    `people` None: too few to be shown beyond the team.
    """

    people: int | None
    ages: tuple[Cell, ...]
    languages: tuple[Cell, ...]
    alone: tuple[Cell, ...]


def numbers_of(classes: Iterable[UUID], *, whole: bool) -> ClassNumbers:
    """Who came to these classes. `whole`: for the team itself; otherwise small groups are hidden."""
    rows = Attendee.objects.filter(public_class_id__in=list(classes), removed_at__isnull=True)
    grouped = (
        rows.values_list("age_band", "language", "alone").annotate(people=Count("id")).order_by("age_band")
    )
    ages: dict[str, int] = dict.fromkeys(AgeBand.values, 0)
    spoken: dict[str, int] = {}
    alone: dict[str, int] = {}
    for band, language, how, people in grouped:
        ages[band] += people
        spoken[language] = spoken.get(language, 0) + people
        alone[how] = alone.get(how, 0) + people
    total = sum(ages.values())
    names = {code: one.name for code, one in languages().items()}
    known = [code for code in names if code in spoken] + ([""] if "" in spoken else [])
    how_alone = [how for how in [*Alone.values, ""] if how in alone]
    return ClassNumbers(
        people=total if whole or "all" not in hidden_among({"all": total}) else None,
        ages=_cells(ages, {str(band): str(band.label) for band in AgeBand}, AgeBand.values, whole),
        languages=_cells(spoken, names, known, whole),
        alone=_cells(alone, {str(how): str(how.label) for how in Alone}, how_alone, whole),
    )


def _cells(
    counts: Mapping[str, int], names: Mapping[str, str], order: Iterable[str], whole: bool
) -> tuple[Cell, ...]:
    hidden = frozenset() if whole else hidden_among(counts)
    return tuple(Cell(key, names.get(key, ""), None if key in hidden else counts[key]) for key in order)


def numbers_for(actor: Actor, row: PublicClass) -> ClassNumbers:
    """The numbers of one class as the actor may see them: in full for its leaders and those who teach it."""
    whole = can_plan(actor, row) or is_trainer(actor.id, row, today=False)
    return numbers_of([row.pk], whole=whole)


def came_between(first: date, until: date) -> QuerySet[Attendee]:
    """Who came to classes of the days `[first, until)` that were not cancelled: the rows of a figure."""
    rows = Attendee.objects.filter(removed_at__isnull=True).exclude(public_class__state=ClassState.CANCELLED)
    return rows.filter(public_class__day__gte=first, public_class__day__lt=until)
