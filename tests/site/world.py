"""A small clinic with one of everything, which can fill the address of every page.

Huda and Salma are the team of the case; Karim is a lawyer and Rami a counsellor elsewhere; Nadia coordinates; Adam runs
the accounts. `FILLS` says what stands for each name in an address; a page with a new name needs a line there.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from clinic import clock, db
from clinic.access.models import EmergencyAccess, LaneShare, Wall
from clinic.access.permissions import Lane
from clinic.activities.models import Activity
from clinic.audit import readings
from clinic.cases.kinds import Shape, StepKind, all_kinds
from clinic.cases.models import CaseFile, Consent, ConsentForm, ConsentPurpose, Intake, Project, Task, TeamMember
from clinic.children.models import Guardian, LikelyPair
from clinic.conflicts.models import (
    ConflictCheck,
    ConflictGround,
    Occasion,
    OtherPerson,
    PossibleConflict,
    Reason,
)
from clinic.db import Model
from clinic.desk import gaps
from clinic.jobs.models import Job
from clinic.oversight.rules import MANY
from clinic.reports.indicators import INDICATORS
from clinic.retention.models import AgeingFile, AgeingRun, LegalHold
from clinic.staff.models import AccountRequest, Passkey, StaffMember, StaffSession, Wish
from clinic.targets.models import TargetPlan
from clinic.vocabularies.fixed import StepState
from clinic.web.models import Draft
from tests.browser import Browser, Page
from tests.makers import Maker

NO_PAGES = {"static"}
SAID = {
    Lane.FACTS: "قولواقعة",
    Lane.IDENTITY: "قولهوية",
    Lane.LEGAL: "قولدفاع",
    Lane.SOCIAL: "قولإرشاد",
    Lane.ILL_TREATMENT: "قولإساءة",
}
"""What every text of a lane says, so that a page that holds the word shows a text of the lane."""


class World:
    """One of everything. Ids are taken as they are made, since every request ends the session of the one before."""

    def __init__(self, make: Maker) -> None:
        self.make = make
        self.people: dict[str, StaffMember] = {
            "lawyer": make.lawyer("Huda"),
            "counsellor": make.counsellor("Salma"),
            "coordinator": make.coordinator("Nadia"),
            "administrator": make.administrator("Adam"),
            "lawyer elsewhere": make.lawyer("Karim"),
            "counsellor elsewhere": make.counsellor("Rami"),
        }
        self.team = [self.people["lawyer"], self.people["counsellor"]]
        self.ids: dict[str, Any] = {}
        self.secret_words: set[str] = set()
        self._case()
        self._beside_the_line()
        self._of_the_clinic()
        self._elsewhere()

    def _case(self) -> None:
        child = self.make.child("ياسمين", "اختبارية", name_latin="Yasmin Ikhtibariya")
        case = self.make.case(child=child, team=self.team, opened_on=clock.today() - timedelta(days=20))
        self.ids |= {"child_id": child.id, "case_id": case.id}
        self.secret_words |= {case.reference, child.name, "اختبارية", "Ikhtibariya", str(case.id), str(child.id)}
        for kind in all_kinds():
            step = self.make.step(kind.code, case, by=self.team[0], **texts(kind))
            self.ids[f"done {kind.code}"] = step.id
            self.secret_words.add(str(step.id))
            if kind.plannable:
                planned = self.make.step(
                    kind.code, case, by=self.team[0], state=StepState.PLANNED, **texts(kind, planned=True)
                )
                self.ids[f"planned {kind.code}"] = planned.id
                self.secret_words.add(str(planned.id))

    def _add(self, name: str, row: Model) -> None:
        db.session.add(row)
        db.session.commit()
        self.ids[name] = row.id

    def _beside_the_line(self) -> None:
        """What hangs beside the line of the case."""
        case_id, child_id, huda, nadia = (
            self.ids["case_id"],
            self.ids["child_id"],
            self.people["lawyer"].id,
            self.people["coordinator"].id,
        )
        day = clock.today()
        self._add("guardian_id", Guardian(child_id=child_id, name="أم ياسمين", phone="0599000000"))
        self._add(
            "consent_id",
            Consent(
                case_id=case_id,
                purpose=ConsentPurpose.SERVICE,
                given_by_guardian=True,
                given_by_child=True,
                form=ConsentForm.PROVISIONAL,
                given_on=day,
                confirm_by=day + timedelta(days=3),
            ),
        )
        self._add("task_id", Task(case_id=case_id, due_on=day, assigned_to=huda, made_by=nadia, what="اتصال بالمدرسة"))
        karim, until = self.people["lawyer elsewhere"].id, clock.now() + timedelta(hours=8)
        access = EmergencyAccess(case_id=case_id, staff_id=karim, role="lawyer", until=until, because="في المحطة")
        self._add("access_id", access)
        step_id = self.ids["planned hearing"]
        shared = LaneShare(case_id=case_id, step_id=step_id, lane="legal", to_staff_id=nadia, shared_by=huda, until=day)
        self._add("share_id", shared)
        karim = self.people["lawyer elsewhere"].id
        self._add("wall_id", Wall(case_id=case_id, staff_id=karim, built_by=nadia, because="قرابة بالمشتكي"))
        self._add("hold_id", LegalHold(case_id=case_id, placed_by=nadia, reason="شكوى لم يُجب عنها"))
        self._add("run_id", AgeingRun(proposed_by=nadia, due_on=day))
        self._add("ageing file", AgeingFile(run_id=self.ids["run_id"], child_id=child_id))
        members = select(TeamMember.id).where(TeamMember.case_id == case_id, TeamMember.staff_id == huda)
        self.ids["team member"] = db.session.scalar(members)
        named = OtherPerson(case_id=case_id, role="complainant", name="قولهوية خصم", recorded_by=huda)
        self._add("other_person_id", named)
        check = ConflictCheck(case_id=case_id, occasion=Occasion.PERSON, asked_by=huda)
        self._add("check_id", check)
        found = PossibleConflict(named_case_id=case_id, colleague_id=karim, check_id=self.ids["check_id"])
        self._add("conflict_id", found)
        self._add(
            "ground_id",
            ConflictGround(
                conflict_id=found.id,
                reason=Reason.COLLEAGUE,
                here_id=named.id,
                there_id=karim,
                score=90,
            ),
        )
        session = self.make.step("counselling_session", db.session.get_one(CaseFile, case_id), by=self.team[1])
        session.group_id = self.ids["group_id"] = clock.new_id()  # type: ignore[attr-defined]
        db.session.commit()

    def _of_the_clinic(self) -> None:
        """What belongs to no case."""
        day = clock.today()
        self._add("project_id", Project(code="core", name="Core funding", name_ar="التمويل الأساسي"))
        self._add("intake_id", Intake(received_on=day, referral_source="police", child_name="طفل ما", wish="مرافعة"))
        self._add(
            "activity_id",
            Activity(
                reference="DH-A-00001",
                held_on=day,
                kind="training",
                projects=(),
                entered=1,
                title="تدريب",
                place="القاعة",
            ),
        )
        huda, nadia = self.people["lawyer"].id, self.people["coordinator"].id
        self._add("plan_id", TargetPlan(first=day.replace(day=1), last=day, made_by=nadia))
        self._add(
            "job_id", Job(kind="register.take_out", asked_by=huda, language="en", parameters_json='{"format": "xlsx"}')
        )
        self._add("draft_id", Draft(staff_id=huda, place="/cases/open", identity_body="{}"))
        self._add("session_id", StaffSession(staff_id=huda, token_hash="other browser", device="another browser"))
        passkey = Passkey(staff_id=huda, credential_id=b"1", public_key=b"2", sign_count=0, device="a phone")
        self._add("passkey_id", passkey)
        rami, adam = self.people["counsellor elsewhere"], self.people["administrator"]
        asked = AccountRequest(staff_id=rami.id, wish=Wish.LINK, roles=rami.roles, asked_by=adam.id)
        self._add("request_id", asked)
        others = [self.make.child("نور", "مكررة").id, self.make.child("نورة", "مكررة").id]
        first, second = sorted(others, key=lambda one: one.bytes)
        self._add("pair_id", LikelyPair(first_id=first, second_id=second, score=91, reasons=("names",)))

        with db.acting(self.make.clinic.id, huda):  # a day that the coordinator asks about
            for _each in range(MANY):
                readings.record("case.read", subject="case_file", case_id=clock.new_id())

    def _elsewhere(self) -> None:
        """A case of the others, so that their lists are not empty."""
        others = [self.people["lawyer elsewhere"], self.people["counsellor elsewhere"]]
        case = self.make.case(child=self.make.child("سامي", "غريب"), team=others)
        self.ids["other case"] = case.id

    def more_cases(self, number: int) -> None:
        """The team gets so many more cases with a step or two each."""
        kinds = [kind for kind in all_kinds() if kind.plannable]
        for turn in range(number):
            case = self.make.case(child=self.make.child(f"طفل{turn}", f"عائلة{turn}"), team=self.team)
            self.make.step("police_attendance", case, by=self.team[0])
            self.make.step(kinds[turn % len(kinds)].code, case, by=self.team[0], state=StepState.PLANNED)

    def person(self, role: str) -> StaffMember:
        """The person of a role, in the session at work."""
        return db.session.merge(self.people[role])


def texts(kind: StepKind, *, planned: bool = False) -> dict[str, str]:
    """Something to say in each text of a kind of step."""
    asked = [
        field for field in kind.fields if field.shape in (Shape.LINE, Shape.TEXT) and (field.planned or not planned)
    ]
    return {field.name: SAID[kind.lane(field.name)] for field in asked}


def _of_step(world: World, endpoint: str) -> uuid.UUID:
    wants_planned = endpoint.rsplit(".", 1)[-1] in {"complete", "not_done"}
    return world.ids["planned hearing" if wants_planned else "done hearing"]  # type: ignore[no-any-return]


Fill = Callable[[World, str], Any]
FILLS: dict[str, Fill] = {
    "step_id": _of_step,
    "kind_code": lambda _world, _endpoint: "hearing",
    "name": lambda _world, _endpoint: "offence",
    "code": lambda _world, _endpoint: "theft",
    "calls.case_question:name": lambda _world, _endpoint: "referral_source",
    "calls.question:name": lambda _world, _endpoint: "told_of_charge",
    "calls.question:step_id": lambda world, _endpoint: world.ids["done police_attendance"],
    "cases.leave_team:member_id": lambda world, _endpoint: world.ids["team member"],
    "desk.answer:name": lambda _world, _endpoint: "told_of_charge",
    "desk.answer:step_id": lambda world, _endpoint: world.ids["done police_attendance"],
    "desk.gap:code": lambda _world, _endpoint: next(iter(gaps.BY_CODE)),
    "desk.whole:code": lambda _world, _endpoint: "overdue",
    "day": lambda _world, _endpoint: clock.today().isoformat(),
    "law.confirm:code": lambda _world, _endpoint: "old_law",
    "member_id": lambda world, _endpoint: world.people["counsellor elsewhere"].id,
    "police.note:step_id": lambda world, _endpoint: world.ids["done police_attendance"],
    "referrals.letter:step_id": lambda world, _endpoint: world.ids["done referral"],
    "reports.download:form": lambda _world, _endpoint: "csv",
    "reports.prepare:form": lambda _world, _endpoint: "csv",
    "reports.figure:name": lambda _world, _endpoint: next(iter(INDICATORS)),
    "oversight.person:person_id": lambda world, _endpoint: world.people["lawyer elsewhere"].id,
    "pattern": lambda _world, _endpoint: "many_cases",
    "person_id": lambda world, _endpoint: world.people["lawyer"].id,
    "section": lambda _world, _endpoint: "police",
    "staff.speak:code": lambda _world, _endpoint: "en",
    "upload_id": lambda _world, _endpoint: clock.new_id(),  # of somebody else: see tests/register
    "token": lambda _world, _endpoint: "a-link-that-was-used",
}


def pages(app: Flask, method: str = "GET") -> list[Rule]:
    """The rules that answer this method, by endpoint; each endpoint once."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
    return [rules[endpoint] for endpoint in sorted(rules) if endpoint not in NO_PAGES]


def address_of(world: World, rule: Rule) -> str:
    """The address of a page of this world."""
    values = {}
    for name in sorted(rule.arguments - set(rule.defaults or {})):
        own = FILLS.get(f"{rule.endpoint}:{name}") or FILLS.get(name)
        assert own or name in world.ids, f"{rule.endpoint} has {name} in its address: say in FILLS what stands there"
        values[name] = own(world, rule.endpoint) if own else world.ids[name]
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule.endpoint} cannot be built from {values}"
    return str(built[1])


def addresses(world: World, app: Flask, method: str = "GET") -> Iterator[tuple[str, str]]:
    """Endpoint and address of each page."""
    for rule in pages(app, method):
        yield rule.endpoint, address_of(world, rule)


@dataclass(frozen=True)
class Link:
    """A link on a page. `shape` is its address with every id and number left out, by which pages are told apart."""

    address: str

    @property
    def shape(self) -> str:
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", self.address)


def links_of(page: Page) -> list[Link]:
    """The links of a page that stay in the house, files and the way out aside."""
    found = []
    for element in page.select("a[href]"):
        address = urljoin(page.address, str(element["href"])).split("#")[0]
        inside = address.startswith("/") and not address.startswith(("/static/", "/language/"))
        if inside and not element.has_attr("download"):
            found.append(Link(address))
    return found


def walk(browser: Browser, *beginnings: str, most: int = 200) -> Iterator[Page]:
    """Every page that leads on from the desk and these, each shape of address once, as the person finds them."""
    waiting, seen = ["/desk", *beginnings], set()
    while waiting and len(seen) < most:
        page = browser.get(waiting.pop(0), status=(200, 303, *((403, 404, 409, 410) if beginnings else ())))
        if page.status == 303 or not page.is_html:
            continue
        yield page
        new = [link for link in links_of(page) if link.shape not in seen]
        seen |= {link.shape for link in new}
        waiting.extend(link.address for link in new)
