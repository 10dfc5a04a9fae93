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
from werkzeug.routing import Rule

from clinic import clock, db
from clinic.cases.kinds import all_kinds
from clinic.staff.models import StaffMember
from clinic.vocabularies.fixed import StepState
from tests.browser import Page
from tests.makers import Maker

NO_PAGES = {"static"}


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
        self._elsewhere()

    def _case(self) -> None:
        child = self.make.child("ياسمين", "اختبارية", name_latin="Yasmin Ikhtibariya")
        case = self.make.case(child=child, team=self.team, opened_on=clock.today() - timedelta(days=20))
        self.ids |= {"child_id": child.id, "case_id": case.id}
        self.secret_words |= {case.reference, child.name, "اختبارية", "Ikhtibariya", str(case.id), str(child.id)}
        for kind in all_kinds():
            step = self.make.step(kind.code, case, by=self.team[0])
            self.ids[f"done {kind.code}"] = step.id
            self.secret_words.add(str(step.id))
            if kind.plannable:
                planned = self.make.step(kind.code, case, by=self.team[0], state=StepState.PLANNED)
                self.ids[f"planned {kind.code}"] = planned.id
                self.secret_words.add(str(planned.id))

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


def _of_step(world: World, endpoint: str) -> uuid.UUID:
    wants_planned = endpoint.rsplit(".", 1)[-1] in {"complete", "not_done"}
    return world.ids["planned hearing" if wants_planned else "done hearing"]  # type: ignore[no-any-return]


Fill = Callable[[World, str], Any]
FILLS: dict[str, Fill] = {
    "case_id": lambda world, _endpoint: world.ids["case_id"],
    "child_id": lambda world, _endpoint: world.ids["child_id"],
    "step_id": _of_step,
    "kind_code": lambda _world, _endpoint: "hearing",
    "code": lambda _world, _endpoint: "en",
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
        assert own is not None, (
            f"{rule.endpoint} has {name} in its address: say in tests/site/world.py what stands there"
        )
        values[name] = own(world, rule.endpoint)
    built = rule.build(values, append_unknown=False)
    assert built is not None, f"{rule.endpoint} cannot be built from {values}"
    return str(built[1])


def addresses(world: World, app: Flask, method: str = "GET") -> Iterator[tuple[str, str]]:
    """Endpoint and address of each page."""
    with app.test_request_context():
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
