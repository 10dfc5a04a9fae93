"""A child behind a wall changes no byte: every page, count, search and error is for the person kept out as if the child
had never come to the clinic.

The same clinic is read before and after the child came and the wall was built. The numbers that the clinic gives out
one after the other (references of children and cases) do go on: docs/security.md says so.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from clinic import clock, db
from clinic.audit import readings
from clinic.cases import walls
from clinic.cases.kinds import all_kinds
from clinic.cases.models import (
    CaseFile,
    ClosingProposal,
    Consent,
    ConsentForm,
    ConsentPurpose,
    Intake,
    IntakeAnswer,
    Task,
)
from clinic.children import actions as children
from clinic.children.models import Guardian, LikelyPair
from clinic.children.names import card_number, phone_digits
from clinic.crypto import current, sealing
from clinic.vocabularies.fixed import StepState
from clinic.web.models import Draft
from tests.site.world import World, addresses, links_of, texts

pytestmark = pytest.mark.slow

KEPT_OUT = ("lawyer", "coordinator")
PHONE, CARD = "0599123123", "1-01234567"
CALLED = {"given_name": "نرجس", "father_name": "محجوب", "family_name": "الخفية"}
SEARCHED = ("نرجس الخفية", "محجوبة", "Narjis", PHONE, CARD)
ANY = (200, 303, 400, 403, 404, 409, 410, 422)
DRAWN = {"staff.code_app", "staff.own_challenge", "staff.passkey_challenge", "staff.passkey_options"}
"""Pages that show something drawn by chance."""
RANDOM = re.compile(r'<input[^>]*name="(?:csrf_token|form_token)"[^>]*>|data-challenge="[^"]+"|nonce-[^"]+')


@pytest.fixture
def world(make, monkeypatch):
    made = World(make)
    made.people["other coordinator"] = make.coordinator("Maha")
    now = clock.now()
    monkeypatch.setattr(clock, "told", lambda: now)
    monkeypatch.setattr(readings, "record", lambda *_what, **_more: None)  # what is compared is not what was looked at
    return made


def plant(world, person):
    """A child with one of everything, kept from a person who was on the team, and whom much is about."""
    make, day = world.make, clock.today()
    by = world.person("other coordinator")
    card = sealing.lookup_hash(current.ring(), "card", card_number(CARD))
    child = make.child(**CALLED, name_latin="Narjis Al Khafiya", unrwa_number=CARD, card_hash=card)
    phone = sealing.lookup_hash(current.ring(), "phone", phone_digits(PHONE))
    rows = [Guardian(child_id=child.id, name="أبو نرجس محجوبة", phone=PHONE, phone_hash=phone)]
    team = [world.people[name] for name in ("lawyer", "counsellor", "lawyer elsewhere")]
    case = make.case(child=child, team=team, opened_on=day - timedelta(days=20), projects=("core",))
    event = clock.new_id()
    for kind in all_kinds():
        make.step(kind.code, case, by=team[0], **texts(kind))
        if kind.plannable:
            make.step(kind.code, case, by=team[0], state=StepState.PLANNED, **texts(kind, planned=True))
    rows += beside_the_line(world, person, case.id, day)
    first, second = sorted((child.id, world.ids["child_id"]), key=lambda one: one.bytes)
    rows.append(LikelyPair(first_id=first, second_id=second, score=97, reasons=("names",), asked=True))
    db.session.add_all(rows)
    kept = db.session.get_one(CaseFile, case.id)
    kept.event_id = event
    walls.build_wall(kept, person=person.id, because="محجوبة", by=make.reader(by))
    children.names_changed([child.id])
    db.session.commit()
    return child, case


def beside_the_line(world, person, case_id, day):
    """What hangs beside the line of the case."""
    elsewhere = world.people["counsellor elsewhere"].id
    purpose, provisional = ConsentPurpose.SERVICE, ConsentForm.PROVISIONAL
    agreed = {"given_by_guardian": True, "given_by_child": True, "form": provisional, "given_on": day}
    said = {"child_name": "نرجس محجوبة", "wish": "محجوبة", "referral_source": "police", "received_on": day}
    answered = {"answer": IntakeAnswer.ACCEPTED, "answered_by": elsewhere, "answered_at": clock.now()}
    return [
        Task(case_id=case_id, due_on=day, assigned_to=person.id, made_by=elsewhere, what="محجوبة"),
        Task(case_id=case_id, due_on=day, assigned_to=elsewhere, made_by=person.id, what="محجوبة"),
        Consent(case_id=case_id, purpose=purpose, confirm_by=day + timedelta(days=3), **agreed),
        Intake(case_id=case_id, **said, **answered),
        ClosingProposal(case_id=case_id, closed_on=day, reason="completed", proposed_by=elsewhere),
        Draft(staff_id=person.id, place="/x", case_id=case_id, identity_body="{}"),
    ]


def said(page):
    """The bytes of an answer but the random ones."""
    return RANDOM.sub("*", page.response.get_data().decode("utf-8" if page.is_html else "latin-1"))


def is_new(link, shapes):
    """Whether a link leads to a page of another shape, among those that tell of children one by one."""
    return link.shape not in shapes and not link.address.startswith(("/account/", "/lists/", "/reports", "/targets"))


def everything(known, browser):
    """Every page that this person can name or find, by address: its status and its bytes but the random ones."""
    found, shapes = {}, set()
    waiting = ["/desk", *known]
    while waiting:
        address = waiting.pop(0)
        page = browser.get(address, status=ANY)
        found[address] = (page.status, page.headers.get("Location") or said(page))
        if page.is_html and page.status == 200:
            new = {link.shape: link.address for link in links_of(page) if is_new(link, shapes)}
            shapes |= new.keys()
            waiting += [one for one in new.values() if one not in found]
    return found


def searches(browser):
    """What a search for the child's name, phone, card number and numbers answers."""
    may_search = (200, 403, 404, 422)
    return {words: (0, said(browser.post("/children/search", {"q": words}, status=may_search))) for words in SEARCHED}


def registered(browser, called, card=CARD, phone=PHONE):
    """What a new child of a name, with a card number and a guardian's phone, is answered."""
    told = {**called, "unrwa_number": card, "guardian_name": "أبو محجوبة", "guardian_phone": phone}
    browser.get("/children/add")
    page = browser.post("/children/add", told)
    return page.status, page.text if page.status != 303 else ""


def differences(before, after):
    """The addresses whose answers differ, each with the first line that does."""
    found = {}
    for address in sorted(before.keys() | after.keys()):
        if before.get(address) != after.get(address):
            one, other = (str(each.get(address, "")).splitlines() for each in (before, after))
            found[address] = next(((a, b) for a, b in zip(one, other, strict=False) if a != b), (one[-1:], other[-1:]))
    return found


@pytest.mark.parametrize("who", KEPT_OUT)
def test_a_child_behind_a_wall_changes_no_byte_of_any_page(app, browse, world, who):
    browser = browse(world.person(who))
    known = [address for endpoint, address in addresses(world, app) if endpoint not in DRAWN | {"staff.sign_out"}]
    browser.get("/desk")
    before = everything(known, browser), searches(browser)
    child, case = plant(world, world.person(who))
    words = ("محجوب", "الخفية", "Khafiya", case.reference, str(case.id), str(child.id))
    after = everything(known, browser)
    assert [address for address, (_status, html) in after.items() if any(word in html for word in words)] == []
    assert differences(before[0], after) == {}
    assert differences(before[1], searches(browser)) == {}


@pytest.mark.parametrize("who", ["lawyer", "coordinator"])
def test_the_same_name_phone_and_card_are_registered_as_if_nobody_had_them(browse, world, who):
    browser = browse(world.person(who))
    told = {**CALLED, "given_name": "زمردة", "family_name": "المجهولة"}
    unknown = registered(browser, told, "1-99999999", "0599999999")
    plant(world, world.person(who))
    assert registered(browser, CALLED) == unknown == (303, "")
    pairs = browser.get("/children/pairs", status=(200, 403)).html
    assert "نرجس" not in pairs
