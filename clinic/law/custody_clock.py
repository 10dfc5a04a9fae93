"""The clock of custody: which limit runs for a child who is held, when it ends, and whether it is being missed.

A pure function from facts. Hours are real hours, through UTC. What runs depends on whose word the child is held on:

- by the police: the police limit, from the minute of arrest, whatever was written down later about cells;
- by the prosecution: its limit, from the first hour of that hold, through any change of place (or to the day that the
  prosecutor named, if sooner);
- on a court's remand: the limit of one extension, from the last one recorded (or to the day that the
  judge named, if sooner), and what magistrates may order in all, over all remands of the case;
- under a sentence, or once the case is before the court: none of these;
- and over all of it, until then, the ceiling of detention before trial, counting all time held in the case.

Holds that follow each other within 24 hours are one detention, as the indicators have it. A start of which only the day
is known is counted from that day's first instant, so that a limit is never shown later than it may be; it counts as
missed only when it is missed at the latest start possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clinic.clock import Moment, Precision, day_ends
from clinic.law.rules import Limit, LimitCode, RuleSet, RuleSets
from clinic.vocabularies.fixed import LegalBasis

SAME_DETENTION = timedelta(hours=24)
"""A gap up to which two holds are one detention (the indicators' rule of a release)."""

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hold:
    """A custody period as the clock sees it."""

    legal_basis: LegalBasis
    began: Moment
    ended: Moment | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An order to hold on, and until when, if it says so. The magistrate's limits do not bind a higher court.

    `basis` says whose order it is: a court's, or the prosecution's.
    """

    at: Moment
    until: Moment | None = None
    by_magistrate: bool = True
    basis: LegalBasis = LegalBasis.COURT_REMAND


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a child's detention in one case.

    `arrested_at` is of the last arrest or summons; `left_police_at` of the same. A child who was arrested and has not
    left is held by the police, until another hold is written down. Whether the child is still held when nothing is
    written for long, `custody.queries` decides.
    """

    arrested_at: Moment | None
    holds: Sequence[Hold] = ()
    left_police_at: Moment | None = None
    extensions: Sequence[Extension] = ()
    referred_to_court: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit as it stands now. `hours_left` is below 0 when it is over, and counted to the earliest end possible."""

    limit: Limit
    counts_from: Moment
    ends_at: datetime
    ends_at_latest: datetime
    hours_left: float
    spent_share: float
    about: bool
    missed: bool
    near: bool
    confirmed: bool

    @property
    def perhaps_missed(self) -> bool:
        """Over if the child was taken early on the day that is known, not yet over if late."""
        return self.hours_left < 0 and not self.missed


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit missed earlier in this detention, by at least so many hours: what the defence wants to know."""

    limit: Limit
    over_hours: float
    about: bool


@dataclass(frozen=True, slots=True)
class CustodyClock:
    """What a lawyer needs at two in the morning: on whose word, since when, and what ends when.

    `running` is the limit that ends first, None where the law sets none for this basis; `ceiling` is that of detention
    before trial. `clocks` are all, the first to end first.
    """

    basis: LegalBasis
    held_since: Moment
    rules: RuleSet | None
    clocks: tuple[Clock, ...]
    breaches: tuple[Breach, ...]

    @property
    def running(self) -> Clock | None:
        return self.clocks[0] if self.clocks else None

    @property
    def ceiling(self) -> Clock | None:
        return next((clock for clock in self.clocks if clock.limit.code == LimitCode.TOTAL), None)

    def hours_held(self, now: datetime) -> float:
        """Real hours since the child was taken."""
        return max(0.0, (now - self.held_since.at).total_seconds() / 3600)


def custody_clock(facts: Facts, rule_sets: RuleSets, now: datetime) -> CustodyClock | None:
    """The clock of a child's detention now; None for a child who is not held."""
    holds = _known_holds(facts, now)
    current = _current(holds, now)
    if current is None:
        return None
    detention = _detention(holds, current)
    runs = _runs(detention)
    arrest = facts.arrested_at if _arrest_belongs(facts, detention) else None
    since = arrest or detention[0].began
    rules = rule_sets.on(since.local_date)
    counted = _Counted(rules, now)
    if rules is not None:
        _count_run(counted, runs, arrest, facts)
        _count_totals(counted, runs[-1], holds, facts)
    clocks = tuple(sorted(counted.clocks, key=lambda clock: clock.ends_at))
    return CustodyClock(current.legal_basis, since, rules, clocks, _breaches(rules, runs, arrest, now))


# Who holds the child, and since when


def _known_holds(facts: Facts, now: datetime) -> list[Hold]:
    """The holds that have begun, in order, with the time at the police before the first that is written down."""
    holds = sorted((hold for hold in facts.holds if hold.began.at <= now), key=lambda hold: hold.began.at)
    arrest = facts.arrested_at
    if arrest is None or arrest.at > now:
        return holds
    following = [hold.began for hold in holds if _latest(hold.began, now) >= arrest.at]
    covered = any(hold.began.at <= arrest.at < _end(hold, now) for hold in holds)
    ends = [moment for moment in (facts.left_police_at, *following[:1]) if moment is not None]
    if covered:
        return holds
    before = Hold(LegalBasis.POLICE, arrest, min(ends, key=lambda moment: moment.at) if ends else None)
    if before.ended is not None and before.ended.at <= arrest.at:
        return holds
    return sorted([before, *holds], key=lambda hold: hold.began.at)


def _end(hold: Hold, now: datetime) -> datetime:
    return now if hold.ended is None else min(hold.ended.at, now)


def _latest(moment: Moment, now: datetime) -> datetime:
    """The last instant that a moment can mean."""
    if moment.precision != Precision.DAY:
        return moment.at
    return max(moment.at, min(now, day_ends(moment.local_date)))


def _current(holds: Sequence[Hold], now: datetime) -> Hold | None:
    """The hold that goes on; of several the one that began last."""
    going_on = [hold for hold in holds if hold.ended is None or hold.ended.at > now]
    return going_on[-1] if going_on else None


def _detention(holds: Sequence[Hold], current: Hold) -> list[Hold]:
    """The holds of the present detention: those that follow each other without a release, up to the present one."""
    detention = [current]
    for hold in reversed(holds[: holds.index(current)]):
        if hold.ended is None or detention[0].began.at - hold.ended.at <= SAME_DETENTION:
            detention.insert(0, hold)
    return detention


def _arrest_belongs(facts: Facts, detention: Sequence[Hold]) -> bool:
    """Whether this detention began with that arrest."""
    arrest = facts.arrested_at
    return arrest is not None and arrest.local_date == detention[0].began.local_date


def _runs(detention: Sequence[Hold]) -> list[list[Hold]]:
    """The detention by whose word it was: a change of place alone begins no new run."""
    runs: list[list[Hold]] = []
    for hold in detention:
        if runs and runs[-1][-1].legal_basis == hold.legal_basis:
            runs[-1].append(hold)
        else:
            runs.append([hold])
    return runs


def _run_starts(runs: Sequence[Sequence[Hold]], index: int, arrest: Moment | None) -> Moment:
    """Where the limit of a run counts from: the arrest, if the detention began with the police."""
    first = runs[index][0]
    if index == 0 and arrest is not None and first.legal_basis == LegalBasis.POLICE:
        return arrest
    return first.began


# Which limits run


@dataclass
class _Counted:
    """The limits counted so far."""

    rules: RuleSet | None
    now: datetime

    def __post_init__(self) -> None:
        self.clocks: list[Clock] = []

    def add(self, code: LimitCode, holds: Sequence[Hold], counts_from: Moment, until: Moment | None = None) -> None:
        """A limit over these holds; one that a judge set to a day ends by then."""
        limit = self.rules.limit(code) if self.rules else None
        if self.rules is None or limit is None:
            return
        ends = _ends(limit, [(hold.began.at, _last_end(hold, self.now)) for hold in holds], self.now)
        latest = _ends(limit, [(_latest(hold.began, self.now), _end(hold, self.now)) for hold in holds], self.now)
        if until is not None:
            ends, latest = min(ends, until.at), min(latest, _day_end(until))
        bounds = [moment for hold in holds for moment in (hold.began, hold.ended) if moment is not None]
        about = not all(moment.is_exact for moment in bounds)
        whole = (ends if until is not None else limit.after(counts_from.at)) - counts_from.at
        self.clocks.append(self._clock(limit, counts_from, (ends, max(ends, latest)), whole, about))

    def _clock(self, limit: Limit, counts_from: Moment, end: Interval, whole: timedelta, about: bool) -> Clock:
        ends, latest = end
        left = (ends - self.now).total_seconds() / 3600
        return Clock(
            limit=limit,
            counts_from=counts_from,
            ends_at=ends,
            ends_at_latest=latest,
            hours_left=left,
            spent_share=_share(whole.total_seconds() / 3600, left),
            about=about,
            missed=self.now > latest,
            near=left <= limit.near_hours and self.now <= latest,
            confirmed=self.rules is not None and self.rules.confirmed,
        )


def _share(whole: float, left: float) -> float:
    return min(1.0, max(0.0, 1 - left / whole)) if whole > 0 else 1.0


def _last_end(hold: Hold, now: datetime) -> datetime:
    return now if hold.ended is None else min(_latest(hold.ended, now), now)


def _day_end(moment: Moment) -> datetime:
    return day_ends(moment.local_date) if moment.precision == Precision.DAY else moment.at


def _ends(limit: Limit, held: Iterable[Interval], now: datetime) -> datetime:
    """When a limit ends that counts this time alone, if the child goes on being held from now."""
    merged = _united(held)
    if not merged:
        return limit.after(now)
    start = merged[0][0]
    spent = sum((end - begin for begin, end in merged), timedelta())
    return limit.after(start) + ((now - start) - spent)


def _united(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time, what overlaps counted once."""
    united: list[Interval] = []
    for begin, end in sorted(interval for interval in intervals if interval[0] <= interval[1]):
        if united and begin <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((begin, end))
    return united


def _count_run(counted: _Counted, runs: Sequence[Sequence[Hold]], arrest: Moment | None, facts: Facts) -> None:
    """The limit of the present basis."""
    basis = runs[-1][0].legal_basis
    starts = _run_starts(runs, len(runs) - 1, arrest)
    if basis == LegalBasis.POLICE:
        counted.add(LimitCode.POLICE, [Hold(basis, starts)], starts)
    elif basis == LegalBasis.PROSECUTION:
        order = _last_extension(facts, starts, counted.now, LegalBasis.PROSECUTION)
        counted.add(LimitCode.PROSECUTION, [Hold(basis, starts)], starts, order.until if order else None)
    elif basis == LegalBasis.COURT_REMAND and not facts.referred_to_court:
        last = _last_extension(facts, starts, counted.now)
        if last is None or last.by_magistrate:
            begins = last.at if last else starts
            counted.add(LimitCode.COURT_EXTENSION, [Hold(basis, begins)], begins, last.until if last else None)


def _last_extension(
    facts: Facts, since: Moment, now: datetime, basis: LegalBasis = LegalBasis.COURT_REMAND
) -> Extension | None:
    """The order under which the child is held now."""
    orders = [one for one in facts.extensions if one.basis == basis]
    given = [one for one in orders if since.local_date <= one.at.local_date and one.at.at <= now]
    return max(given, key=lambda one: one.at.at, default=None)


def _count_totals(counted: _Counted, run: Sequence[Hold], holds: Sequence[Hold], facts: Facts) -> None:
    """What may be ordered in all, and the ceiling before trial."""
    basis = run[0].legal_basis
    if basis == LegalBasis.SENTENCE or facts.referred_to_court:
        return
    before_trial = [hold for hold in holds if hold.legal_basis != LegalBasis.SENTENCE]
    remands = [hold for hold in before_trial if hold.legal_basis == LegalBasis.COURT_REMAND]
    if basis == LegalBasis.COURT_REMAND:
        last = _last_extension(facts, run[0].began, counted.now)
        if last is None or last.by_magistrate:
            counted.add(LimitCode.COURT_TOTAL, remands, remands[0].began)
    counted.add(LimitCode.TOTAL, before_trial, before_trial[0].began)


_LIMIT_OF_BASIS = {LegalBasis.POLICE: LimitCode.POLICE, LegalBasis.PROSECUTION: LimitCode.PROSECUTION}


def _breaches(
    rules: RuleSet | None, runs: Sequence[Sequence[Hold]], arrest: Moment | None, now: datetime
) -> tuple[Breach, ...]:
    """The limits that earlier runs of this detention missed, at the least that is certain."""
    found = []
    for index, run in enumerate(runs[:-1]):
        code = _LIMIT_OF_BASIS.get(run[0].legal_basis)
        limit = rules.limit(code) if rules and code else None
        if limit is None:
            continue
        starts, next_start = _run_starts(runs, index, arrest), runs[index + 1][0].began
        ended = run[-1].ended or next_start
        over = (min(ended.at, next_start.at) - limit.after(_latest(starts, now))).total_seconds() / 3600
        if over > 0:
            found.append(Breach(limit, over, not (starts.is_exact and ended.is_exact)))
    return tuple(found)
