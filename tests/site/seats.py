"""From where people look at one case: each role on its team and off it, behind a wall, with a share, in an emergency.

What each may see is said here from `clinic.access.policy` and from who was put where, never from what a page answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from clinic import clock, db
from clinic.access.models import EmergencyAccess, LaneShare, Wall
from clinic.access.permissions import Lane, Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.cases import actions as cases
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, CasePeriod, ClosingProposal, Consent, Sharing, Step, Task, TeamMember
from clinic.children.models import Child, Guardian
from clinic.children.names import card_number
from clinic.crypto import current, sealing
from clinic.staff.models import StaffMember, StaffNotice
from clinic.vocabularies import actions as lists
from clinic.vocabularies.queries import own_lists
from clinic.web.models import Draft
from tests.makers import Maker
from tests.site.world import SAID, World

PHONE, CARD, SCHOOL = "0599777111", "1-33445566", "مدرسةمخفية"
CHILD = ("ياسمين", "اختبارية", "Ikhtibariya", PHONE, CARD, SCHOOL)
SHARED = {Lane.LEGAL: "سرمشاركدفاع", Lane.SOCIAL: "سرمشاركإرشاد"}
"""What is said in the one note of each lane that is shown to somebody of the other."""
CODED = {Lane.ILL_TREATMENT: "تسميةإساءة", Lane.SOCIAL: "تسميةإرشاد"}
"""What a code is called that a step of the case holds in a lane."""
CODES = {Lane.ILL_TREATMENT: "planted_treatment", Lane.SOCIAL: "planted_theme"}


@dataclass(frozen=True)
class Seat:
    """A person as they stand to the case."""

    name: str
    roles: tuple[Role, ...]
    on_team_as: tuple[Role, ...] = ()
    walled: bool = False
    emergency: Role | None = None
    shown: Lane | None = None  # one note of this lane was shared with them
    has_left: bool = False  # team, emergency and share ended yesterday

    @property
    def sees_the_case(self) -> bool:
        """By the policy: the team, an emergency that runs, or coordinating; a wall before all."""
        return not self.walled and bool(self.on_team_as or self.emergency or Role.COORDINATOR in self.roles)

    @property
    def acts_as(self) -> frozenset[Role]:
        """The roles whose lanes they have in the case."""
        if not self.sees_the_case:
            return frozenset()
        coordinates = {Role.COORDINATOR} & set(self.roles)
        return frozenset({*self.on_team_as, *([self.emergency] if self.emergency else []), *coordinates})

    @property
    def lanes(self) -> frozenset[Lane]:
        return frozenset[Lane]().union(*(LANES[role] for role in self.acts_as))

    def reader(self, member: StaffMember) -> Reader:
        return Reader(member.id, member.clinic_id, member.name, frozenset(self.roles), member.language)


L, C, N, A = Role.LAWYER, Role.COUNSELLOR, Role.COORDINATOR, Role.ADMINISTRATOR
SEATS = {
    seat.name: seat
    for seat in (
        Seat("lawyer", (L,), (L,)),
        Seat("counsellor", (C,), (C,)),
        Seat("coordinator", (N,)),
        Seat("administrator", (A,)),
        Seat("lawyer elsewhere", (L,), walled=True, emergency=L),
        Seat("counsellor elsewhere", (C,)),
        Seat("lawyer off the team", (L,)),
        Seat("counsellor behind a wall", (C,), (C,), walled=True),
        Seat("coordinator behind a wall", (N,), walled=True),
        Seat("lawyer to whom a note is shown", (L,), (L,), shown=Lane.SOCIAL),
        Seat("counsellor to whom a note is shown", (C,), (C,), shown=Lane.LEGAL),
        Seat("lawyer in an emergency", (L,), emergency=L),
        Seat("counsellor in an emergency", (C,), emergency=C),
        Seat("counsellor who has left", (C,), has_left=True, shown=Lane.LEGAL),
        Seat("counsellor who is a lawyer elsewhere", (L, C), (C,)),
        Seat("coordinator who is a lawyer elsewhere", (N, L)),
    )
}


class Seated(World):
    """The small clinic with all these people around its one case, and a word of each lane wherever it can be said."""

    def __init__(self, make: Maker) -> None:
        super().__init__(make)
        for seat in SEATS.values():
            if seat.name not in self.people:
                self.people[seat.name] = make.person(seat.name.title().replace(" ", ""), *seat.roles)
        self._say_codes()
        self._say_more()
        self._show_notes()
        for seat in SEATS.values():
            self._put(seat)
        self._correct_everything()
        db.session.commit()

    @property
    def case(self) -> CaseFile:
        return db.session.get_one(CaseFile, self.ids["case_id"])

    @property
    def secret_ids(self) -> set[str]:
        """The ids of the case, its child and its steps."""
        named = ("case_id", "child_id", "guardian_id", "task_id", "consent_id")
        return {str(self.ids[name]) for name in self.ids if name in named or name.startswith(("done ", "planned "))}

    def _say_codes(self) -> None:
        """Codes that only this case's steps hold, in lanes that not everybody reads."""
        own = own_lists()
        treated = lists.add(own["ill_treatment"], en="Planted treatment", ar=CODED[Lane.ILL_TREATMENT])
        theme = lists.add(own["session_theme"], en="Planted theme", ar=CODED[Lane.SOCIAL])
        db.session.commit()
        self.make.step("police_attendance", self.case, by=self.team[0], ill_treatment_kinds=(treated,))
        self.make.step("counselling_session", self.case, by=self.team[1], themes=(theme,))

    def _say_more(self) -> None:
        """The texts that hang beside the line."""
        case, word = self.case, SAID[Lane.IDENTITY]
        case.court_number = case.prosecution_number = case.summary = word
        child = db.session.get_one(Child, self.ids["child_id"])
        child.unrwa_number, child.school_name = CARD, SCHOOL
        child.card_hash = sealing.lookup_hash(current.ring(), "card", card_number(CARD))
        guardian = db.session.get_one(Guardian, self.ids["guardian_id"])
        guardian.phone, guardian.safe_when, guardian.may_say = PHONE, word, word
        for row in db.session.query(CasePeriod).filter_by(case_id=case.id):
            row.note = word
        consent = db.session.get_one(Consent, self.ids["consent_id"])
        consent.to_whom = consent.note = word
        db.session.get_one(Task, self.ids["task_id"]).what = word
        by = self.people["counsellor"].id
        proposal = ClosingProposal(case_id=case.id, closed_on=clock.today(), reason="completed", proposed_by=by)
        proposal.note = word
        sharing = Sharing(case_id=case.id, consent_id=consent.id, recorded_by=by, shared_on=clock.today())
        sharing.to_whom = sharing.what = word
        draft = Draft(staff_id=self.people["lawyer"].id, place=f"/cases/{case.id}/steps/add/hearing", case_id=case.id)
        draft.legal_body = f'{{"note": ["{SAID[Lane.LEGAL]}"]}}'
        db.session.add_all([proposal, sharing, draft])
        db.session.commit()

    def _show_notes(self) -> None:
        """One note of each of the two lanes, shown to who does not read the lane."""
        texts = {Lane.LEGAL: "legal_text", Lane.SOCIAL: "social_text"}
        for number, (lane, word) in enumerate(SHARED.items()):
            step = self.make.step("note", self.case, by=self.team[number], **{texts[lane]: word})
            self.ids[f"shown {lane.value}"] = step.id

    def _put(self, seat: Seat) -> None:
        """Puts somebody where the seat says."""
        person, today = self.people[seat.name], clock.today()
        case_id, word = self.ids["case_id"], SAID[Lane.IDENTITY]
        rows: list[db.Model] = []
        last = today - timedelta(days=1) if seat.has_left else None
        for role in seat.on_team_as or (seat.roles[:1] if seat.has_left else ()):
            if person not in self.team:
                began = today - timedelta(days=9)
                rows.append(TeamMember(case_id=case_id, staff_id=person.id, role=role.value, since=began, until=last))
        if seat.walled:
            rows.append(Wall(case_id=case_id, staff_id=person.id, built_by=person.id, because=word))
        opened = seat.emergency or (seat.roles[0] if seat.has_left else None)
        if opened:
            until = clock.now() + timedelta(hours=-1 if seat.has_left else 5)
            access = EmergencyAccess(case_id=case_id, staff_id=person.id, role=opened.value, until=until)
            access.because = word
            rows.append(access)
            db.session.get_one(StaffMember, person.id).emergency_until = until
        if seat.shown:
            shown = {"step_id": self.ids[f"shown {seat.shown.value}"], "lane": seat.shown.value}
            by = self.team[0 if seat.shown is Lane.LEGAL else 1].id
            until = last or today + timedelta(days=3)
            rows.append(LaneShare(case_id=case_id, to_staff_id=person.id, shared_by=by, until=until, **shown))
        db.session.add_all([*rows, *self._traces_of(person)])
        db.session.commit()
        with db.acting(self.make.clinic.id, person.id):
            readings.record("case.read", subject="case_file", case_id=case_id)

    def _traces_of(self, person: StaffMember) -> list[db.Model]:
        """What is about somebody in the case, or was done by them, wherever they stand to it now."""
        case_id, today, word = self.ids["case_id"], clock.today(), SAID[Lane.IDENTITY]
        begun = Draft(staff_id=person.id, place=f"/cases/{case_id}/summary", case_id=case_id)
        begun.identity_body = f'{{"summary": ["{word}"]}}'
        tasks = [
            Task(case_id=case_id, due_on=today, assigned_to=one, made_by=other, what=word)
            for one, other in ((person.id, self.team[0].id), (self.team[0].id, person.id))
        ]
        return [begun, *tasks, StaffNotice(staff_id=person.id, what="team_joined", case_id=case_id)]

    def _correct_everything(self) -> None:
        """So that the history has something to tell, of the case and of each lane."""
        by = self.make.reader(self.people["lawyer"])
        for kind, values in (
            ("police_attendance", {"note": "قولأحدث", "account": "قولأحدث", "ordered_by": "قولأحدث"}),
            ("counselling_session", {"note": "قولأحدث"}),
        ):
            step = db.session.get_one(Step, self.ids[f"done {kind}"])
            said = {field.name: getattr(step, field.name) for field in kind_of(kind).fields} | values
            cases.correct(step, said, version=step.version, because=SAID[Lane.IDENTITY], by=by, state=step.state)
        db.session.commit()


def words_not_for(seat: Seat, reference: str, ids: Iterable[str]) -> set[str]:
    """The planted words that no answer may hold for this person."""
    if not seat.sees_the_case:
        return {*CHILD, *SAID.values(), *SHARED.values(), *CODED.values(), reference, *ids}
    hidden = set(Lane) - seat.lanes
    return {planted[lane] for planted in (SAID, SHARED, CODED) for lane in hidden if lane in planted}
