"""What is printed and sent: a file on paper says no more than the page it came from, and a letter names nobody.

The people and the planted words are those of `test_the_matrix.py`. Files are made by the worker and read as a reader of
PDF reads them; letters are taken from a mail server on loopback.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Lane, Role
from clinic.cases.models import CaseFile
from clinic.conflicts import actions as conflicts
from clinic.conflicts.models import ConflictState, Consequence, PossibleConflict
from clinic.emergency import actions as emergency
from clinic.jobs import actions as jobs
from clinic.jobs import mail, running
from clinic.jobs.models import Job, JobState
from clinic.oversight import work as oversight
from clinic.reports import work as reports
from clinic.staff import notices
from clinic.staff.models import StaffMember
from config.settings import Mail
from tests.site.crawl import text_of
from tests.site.houses import a_house
from tests.site.seats import CARD, CHILD, CODED, PHONE, SEATS, SHARED, words_not_for
from tests.site.world import SAID
from tests.staff.test_mail import post  # noqa: F401 - a fixture

pytestmark = pytest.mark.slow

HAND_OVER = ("lawyer", "coordinator")


@pytest.fixture(scope="module")
def house(databases, dialect, tmp_path_factory):
    with a_house(databases, dialect, tmp_path_factory.mktemp("house")) as made:
        yield made


def carried_out(house, settings=None) -> Job:
    """What waits, done as the worker does it: the last that somebody asked for."""
    db.session.rollback()
    done = None
    while (claimed := jobs.claim()) is not None:
        assert running.run(*claimed, settings or house.settings) is None
        job = db.session.get_one(Job, claimed[0], populate_existing=True)
        assert job.state == JobState.DONE, (job.kind, job.problem)
        done = job if job.asked_by else done
    db.session.rollback()
    return done


def found(said: str, words: set[str]) -> list[str]:
    """The words that a text holds, in whichever direction the letters of a PDF were put down."""
    return sorted(word for word in words if word in said or word[::-1] in said)


@pytest.mark.parametrize("form", ["pdf", "json"])
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", HAND_OVER)
def test_the_childs_own_file_holds_what_its_maker_reads_of_the_child_and_no_other_lane(house, name, language, form):
    seat, browser = SEATS[name], house.browser(name)
    page = browser.get(f"/handover/{house.world.ids['case_id']}")
    asked = {"to_whom": "أم ياسمين", "consent": str(house.world.ids["consent_id"]), "form": form, "language": language}
    page.submit(asked, status=303)
    job = carried_out(house)
    said = text_of(browser.get(f"/jobs/{job.id}/file").response.get_data())
    assert found(said, words_not_for(seat, house.world.case.reference, ())) == []
    assert found(said, {CARD, house.world.case.reference}) == sorted({CARD, house.world.case.reference})
    assert found(said, {PHONE, *SHARED.values()}) == []  # a guardian's phone, and what was shown between two lanes


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("name", ["lawyer", "coordinator"])
def test_a_report_on_paper_names_nobody(house, monkeypatch, name, edition):
    monkeypatch.setattr(reports, "LONG", -1)
    browser = house.browser(name)
    browser.get(f"/reports/as/pdf?edition={edition}&period={clock.today().year}").submit().follow()
    said = text_of(browser.get(f"/jobs/{carried_out(house).id}/file").response.get_data())
    assert len(said) > 2_000  # it could be read
    assert found(said, {*CHILD, *SAID.values(), *SHARED.values(), *house.world.secret_ids}) == []


@pytest.fixture
def mailing(house, post):  # noqa: F811 - the fixture of that name
    """The clinic has a mail server, and everybody an address."""
    for member in db.session.scalars(select(StaffMember)):
        member.email = f"{member.username}@example.org"
    db.session.commit()
    notices.use_mail(True)
    yield house.settings.__class__(
        home=house.settings.home,
        database_url=house.settings.database_url,
        mail=Mail(host="127.0.0.1", port=post.port, sender="sanad@example.org", tls="no"),
    )
    notices.use_mail(False)


def test_no_letter_names_a_child_a_case_or_a_note(house, post, mailing):  # noqa: F811
    carried_out(house)
    world = house.world

    def by(name):  # not merged from what was made first, before there were addresses
        return SEATS[name].reader(db.session.get_one(StaffMember, world.people[name].id))

    case = db.session.get_one(CaseFile, world.ids["case_id"])
    open_ = {"because": SAID[Lane.IDENTITY], "hours": 8, "role": Role.LAWYER}
    emergency.open_case(case, by=by("lawyer off the team"), **open_)
    conflict = db.session.get_one(PossibleConflict, world.ids["conflict_id"])
    decided = {"finding": SAID[Lane.IDENTITY], "consequence": Consequence.OTHER, "version": conflict.version}
    conflicts.decide(conflict, ConflictState.CONFLICT, by=by("coordinator"), **decided)
    jobs.enqueue(oversight.KIND.code, by=None)
    for message in notices.MESSAGES:
        for language in ("ar", "en"):
            mail.send(message.code, to=world.people["lawyer"].id, language=language)
    db.session.commit()
    carried_out(house, mailing)
    letters = [(letter, letter.get_body().get_content()) for _to, letter in post.letters]
    words = {*CHILD, *SAID.values(), *SHARED.values(), *CODED.values(), case.reference, *world.secret_ids}
    told = [" ".join([*map(str, letter.values()), body]) for letter, body in letters]
    assert [found(one, words) for one in told] == [[] for _one in told]
    assert len({letter["To"] for letter, _body in letters}) > 5
    assert any("Keep this message" in body or "احتفظ" in body for _letter, body in letters)
