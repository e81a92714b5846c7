"""What a roster is made for: duties to cover, people who may serve, rules and weights.

Responsible for the shape of a problem only: plain frozen data, no behaviour beyond looking things up. Days
are whole numbers from 0 (the day `start`); times are minutes from midnight of the duty's day, half-open
[start, end), and may pass 1440 when a duty ends after midnight; distances are whole kilometres; weeks begin
on Monday. Costs are whole numbers, so that an objective is exact. A limit that is None does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

DAY = 1440


class Mixing(StrEnum):
    """Whether newcomers on a duty must be matched by at least as many experienced people."""

    NONE = "none"
    SOFT = "soft"
    HARD = "hard"


class Experience(StrEnum):
    """How long somebody has served: newcomers are accompanied, experienced people accompany."""

    NEWCOMER = "newcomer"
    REGULAR = "regular"
    EXPERIENCED = "experienced"


@dataclass(frozen=True, slots=True)
class Need:
    """Seats of one role on a duty; a person takes at most one seat of a duty.

    Hard: never more than `maximum`, and whoever sits there holds every qualification on the duty's date
    and speaks every language at the level asked or better. Costs: each person short of `minimum`, each
    further one short of `ideal`, each one beyond `ideal`; None takes the price of `Weights`.
    """

    id: str
    minimum: int = 1
    ideal: int = 1
    maximum: int | None = None
    role: str = ""
    qualifications: tuple[str, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    under_minimum: int | None = None
    under_ideal: int | None = None
    over: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """At least `count` of all people on a duty, whatever their seats, are of this sort; each short costs."""

    id: str
    count: int = 1
    qualifications: tuple[str, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    experienced: bool = False
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated stretch of work at a post. `load` counts for fairness (1 = a half-day), `unpopular` too."""

    id: str
    day: int
    start: int
    end: int
    needs: tuple[Need, ...]
    post: str = ""
    team: str = ""
    kind: str = ""
    load: int = 1
    unpopular: int = 0
    floors: tuple[Floor, ...] = ()
    mixing: Mixing = Mixing.NONE

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification and the days it is valid: from `since` to `until`, both included; None is open."""

    code: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time on one day."""

    day: int
    start: int = 0
    end: int = DAY


@dataclass(frozen=True, slots=True)
class Stint:
    """Work fixed outside this problem: before its first day (`day` negative) or in another roster.

    It counts for overlap, rest, gap, succession, limits by day and week and days in a row, never for limits
    of the horizon.
    """

    day: int
    start: int
    end: int
    kind: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A duty, or every duty that fits all of day, kind and post given, wanted or not.

    Wanted: costs `weight` when none of them is served. Not wanted: costs `weight` for each one served.
    """

    wanted: bool
    weight: int = 10
    duty: str | None = None
    day: int | None = None
    kind: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits of one person.

    `rest`: minutes between the end of a duty and the start of one on a later day. `gap`: minutes between
    two duties of one day at different posts. `weekends`: how many Saturday-and-Sunday pairs may be worked.
    The two minimums of days in a row do not bind runs that touch the first or last day of the horizon.
    """

    duties: int | None = None
    duties_per_week: int | None = None
    duties_per_day: int | None = None
    minutes_per_day: int | None = None
    minimum_minutes: int | None = None
    maximum_minutes: int | None = None
    rest: int | None = None
    gap: int | None = None
    consecutive_days: int | None = None
    minimum_consecutive_days: int | None = None
    minimum_consecutive_days_off: int | None = None
    weekends: int | None = None
    per_kind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class History:
    """The ledger: load and unpopular half-days served in the weeks before (usually twelve)."""

    load: int = 0
    unpopular: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may serve.

    `teams` empty: any team. `available` None: always; else a duty must lie inside these windows together.
    `distances` gives kilometres by post (a post that is not named is near); beyond `reach` is refused.
    `share` is the part of a full share in percent. `fair_load` and `fair_unpopular` are this person's fair
    part of the horizon (see `share_fairly`); None leaves the person out of the balance.
    """

    id: str
    teams: tuple[str, ...] = ()
    qualifications: tuple[Held, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    experience: Experience = Experience.REGULAR
    available: tuple[Window, ...] | None = None
    unavailable: tuple[Window, ...] = ()
    elsewhere: tuple[Stint, ...] = ()
    forbidden: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    limits: Limits = field(default_factory=Limits)
    reach: int | None = None
    distances: Mapping[str, int] = field(default_factory=dict)
    share: int = 100
    history: History = field(default_factory=History)
    fair_load: int | None = None
    fair_unpopular: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Assignment:
    """This person takes a seat of this need of this duty."""

    person: str
    duty: str
    need: str


@dataclass(frozen=True, slots=True)
class Succession:
    """A duty of kind `before` may not be followed by one of kind `after` on the next day."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing that is not forbidden costs.

    `load` and `unpopular` price the square of the distance from a person's fair part; `wish` multiplies
    the wishes' own weights; `travel` is per kilometre; `change` is per previous duty taken away from
    somebody and `addition` per duty given that was not in the previous roster (when there is one).
    """

    under_minimum: int = 1000
    under_ideal: int = 100
    over: int = 20
    floor: int = 300
    mixing: int = 300
    load: int = 2
    unpopular: int = 2
    wish: int = 1
    travel: int = 1
    change: int = 40
    addition: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a roster depends on. `locked` duties stay as they are; `previous` is the published roster.

    What the locked duties alone already break counts as given: it is reported, and never made worse.
    """

    start: date
    days: int
    duties: tuple[Duty, ...]
    people: tuple[Person, ...]
    weights: Weights = field(default_factory=Weights)
    successions: tuple[Succession, ...] = ()
    locked: tuple[Assignment, ...] = ()
    previous: tuple[Assignment, ...] | None = None

    def date_of(self, day: int) -> date:
        """The date of a day of the horizon."""
        return self.start + timedelta(days=day)

    def week_of(self, day: int) -> int:
        """A number that is the same for all days of one week, Monday to Sunday."""
        return (day + self.start.weekday()) // 7
