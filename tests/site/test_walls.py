"""A child behind a wall changes no byte: every page, count, search and error is for the person kept out as if the child
had never come to the clinic.

The same clinic is read before and after the child came and the wall was built. The numbers that the clinic gives out
one after the other (references of children and cases) do go on: docs/security.md says so.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from contextvars import Context
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from sqlalchemy import func, select

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
from clinic.conflicts.models import ConflictCheck, Occasion, OtherPerson, PossibleConflict
from clinic.crypto import current, sealing
from clinic.vocabularies.fixed import StepState
from clinic.web.models import Draft
from tests.browser import filled
from tests.register.registers import row
from tests.register.test_pages import workbook
from tests.site.crawl import AWAY, LINK
from tests.site.world import Link, World, addresses, texts

pytestmark = pytest.mark.slow

PHONE, CARD = "0599123123", "1-01234567"
CALLED = {"given_name": "نرجس", "father_name": "محجوب", "family_name": "الخفية"}
SEARCHED = ("نرجس الخفية", "محجوبة", "Narjis", PHONE, CARD)
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
    rows += conflict_with(world, child.id, case.id)
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


def conflict_with(world, child_id, case_id):
    """Somebody whom the case of the others names, too, and who may be the child: for other coordinators to decide."""
    elsewhere = world.people["counsellor elsewhere"].id
    check = ConflictCheck(case_id=case_id, occasion=Occasion.OPENED, asked_by=elsewhere)
    sides = {"named_case_id": world.ids["case_id"], "other_child_id": child_id, "other_case_id": case_id}
    named = OtherPerson(case_id=case_id, role="complainant", name="محجوبة خصم", recorded_by=elsewhere)
    return [check, named, PossibleConflict(check_id=check.id, **sides)]


def said(page):
    """The bytes of an answer but the random ones."""
    return RANDOM.sub("*", page.response.get_data().decode("utf-8" if page.is_html else "latin-1"))


def opened(browser, address, method="GET", **sent):
    """An answer as it comes: its status, its bytes but the random ones, and whether it is a page."""
    answer = Context().run(browser.client.open, address, method=method, data=sent or None, buffered=True)
    is_page = answer.mimetype == "text/html"
    bytes_ = unpacked(answer.get_data()) if not is_page else answer.get_data(as_text=True)
    return answer.status_code, answer.headers.get("Location") or RANDOM.sub("*", bytes_), is_page


def unpacked(content):
    """What a file says, a packed one with all that is in it."""
    if not content.startswith(b"PK"):
        return content.decode("latin-1")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(
            f"{name}\n{packed.read(name).decode()}" for name in sorted(packed.namelist()) if "docProps" not in name
        )


def shape_of(link):
    """By what a page is told apart from the others like it: of the list behind a figure, which figure."""
    return link.address.split("?")[0] if link.address.startswith("/reports") else link.shape


def is_new(link, shapes):
    """Whether a link leads to a page of another shape, among those that tell of children one by one."""
    apart = link.address.startswith(("/account/", "/lists/", "/reports?", "/targets"))
    return shape_of(link) not in shapes and not apart


def everything(known, browser):
    """Every page that this person can name or find, by address: its status and its bytes but the random ones."""
    found, shapes = {}, set()
    waiting = ["/desk", *known]
    while waiting:
        address = waiting.pop(0)
        status, bytes_, is_page = opened(browser, address)
        found[address] = status, bytes_
        if is_page and status == 200:
            links = [Link(urljoin(address, html.unescape(href))) for href in LINK.findall(bytes_)]
            new = {shape_of(link): link.address for link in links if link.address[0] == "/" and is_new(link, shapes)}
            shapes |= new.keys()
            waiting += [one for one in new.values() if one not in found and not one.startswith(AWAY)]
    return found


def asked_for(world, browser, references):
    """What is told of files, of a register that is looked at, and of a form held against a newer version."""
    token = browser.get("/account").browser.token
    taken = {f"register as {form}": opened(browser, "/register/export", "POST", csrf_token=token, file_format=form)[:2]
             for form in ("csv", "xlsx")}  # fmt: skip
    reports = [
        f"/reports/as/{form}?edition={edition}" for form in ("csv", "xlsx") for edition in ("internal", "public")
    ]
    held = f"/steps/{world.ids['done hearing']}/correct"
    form = browser.get(held, status=(200, 403))
    sent = {**filled(form.select_one("main form[method=post]")), "version": "77"} if form.status == 200 else {}
    told = taken | {address: opened(browser, address)[:2] for address in reports}
    told["held"] = opened(browser, held, "POST", **sent)[:2] if sent else ()
    return told | {"a register looked at": looked_at(browser, token, references)}


def looked_at(browser, token, references):
    """What would happen to a register that speaks of the child, by its reference and by its name."""
    child, case = references
    children = [
        row("children", child_ref=child, given_name=CALLED["given_name"], family_name=CALLED["family_name"]),
        row("children", child_ref="T-77777", guardian_phone=PHONE, unrwa_number=CARD, **CALLED),
    ]
    cases = [row("cases", case_ref=case, child_ref=child), row("cases", case_ref="X-1", child_ref="T-77777")]
    hearings = [row("hearings", case_ref=ref) for ref in (case, "X-1", "DH-2016-99999")]
    sheets = {"children": children, "cases": cases, "hearings": hearings}
    file = io.BytesIO(workbook(sheets)), "register.xlsx"
    status, address, _page = opened(browser, "/register/upload", "POST", csrf_token=token, files=file)
    if status != 303:
        return status, address
    upload_id = address.rsplit("/", 1)[-1].split("?")[0]
    status, bytes_, _page = opened(browser, address)
    opened(browser, f"/register/uploads/{upload_id}/forget", "POST", csrf_token=token)
    return status, bytes_.replace(upload_id, "*")


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


def kept_out(app, browse, world, who):
    """Compares all that somebody is told before and after the child came, and from whom they are then kept."""
    browser = browse(world.person(who))
    known = [address for endpoint, address in addresses(world, app) if endpoint not in DRAWN | {"staff.sign_out"}]
    references = next_references(world)
    browser.get("/desk")
    before = everything(known, browser), asked_for(world, browser, references), searches(browser)
    assert before[1]["a register looked at"][0] == (200 if who == "coordinator" else 403)
    child, case = plant(world, world.person(who))
    assert (child.reference, case.reference) == references
    words = ("محجوب", "الخفية", "Khafiya", str(case.id), str(child.id))
    after = everything(known, browser)
    assert [address for address, (_status, html) in after.items() if any(word in html for word in words)] == []
    assert [address for address, (_status, html) in after.items() if case.reference in html] == []
    assert differences(before[0], after) == {}
    assert differences(before[1], asked_for(world, browser, references)) == {}
    assert differences(before[2], searches(browser)) == {}


def next_references(world):
    """How the next child and the next case will be called."""
    number = db.session.scalar(select(func.count()).select_from(CaseFile)) + 1
    return f"T-{world.make.number + 1:05d}", f"DH-{clock.today().year}-{number:05d}"


@pytest.mark.databases
def test_a_child_behind_a_wall_changes_no_byte_for_a_coordinator(app, browse, world):
    kept_out(app, browse, world, "coordinator")


def test_a_child_behind_a_wall_changes_no_byte_for_who_was_on_the_team(app, browse, world):
    kept_out(app, browse, world, "lawyer")


@pytest.mark.databases
@pytest.mark.parametrize("who", ["lawyer", "coordinator"])
def test_the_same_name_phone_and_card_are_registered_as_if_nobody_had_them(browse, world, who):
    browser = browse(world.person(who))
    told = {**CALLED, "given_name": "زمردة", "family_name": "المجهولة"}
    unknown = registered(browser, told, "1-99999999", "0599999999")
    plant(world, world.person(who))
    assert registered(browser, CALLED) == unknown == (303, "")
    pairs = browser.get("/children/pairs", status=(200, 403)).html
    assert "نرجس" not in pairs
