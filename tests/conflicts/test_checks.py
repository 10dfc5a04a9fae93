"""What a check finds, whoever may see it, and what it keeps."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.audit.models import AuditEntry
from clinic.children import actions as children
from clinic.children.models import Guardian
from clinic.children.rules import GuardianTold
from clinic.conflicts import actions, checking, watching
from clinic.conflicts.models import ConflictCheck, ConflictState, Occasion, OtherPerson, PossibleConflict, Reason
from clinic.conflicts.rules import MOST_NAMES, PersonTold
from clinic.jobs import actions as jobs
from clinic.jobs import running
from clinic.jobs.kinds import begin_writing
from clinic.jobs.models import Job, JobState
from clinic.vocabularies.fixed import CaseStatus, ChildRole

pytestmark = pytest.mark.databases
NAMED = {"father_name": "يوسف", "grandfather_name": "سعيد"}


@pytest.fixture
def ours(make):
    """A child whom the clinic stands by, with a father."""
    child = make.child("أحمد", "مثال", **NAMED, name_latin="Ahmad Yousef Mithal")
    children.add_guardian(child, GuardianTold(name="يوسف سعيد مثال", phone="0599-100-200"))
    watching.forget(db.session())
    db.session.commit()
    return make.case(child, team=[make.lawyer("Karim")])


@pytest.fixture
def theirs(make):
    """A case of another team."""
    return make.case(make.child("سامر", "نموذج"), team=[make.lawyer()])


def name(make, case, called=None, *, role="complainant", **told):
    """Somebody is named in a case; the check follows."""
    db.session.rollback()
    huda = make.reader(make.lawyer())
    person = actions.add_person(db.session.merge(case), PersonTold(role=role, name=called, **told), by=huda)
    db.session.commit()
    return person


def check(case=None, occasion=Occasion.PERSON, asked_by=None):
    """Checks one case, or all, as the work in the background does."""
    case_id = case.id if case is not None else None
    db.session.flush()
    asked = checking.about([case_id], []) if case_id is not None else checking.ALL
    found = checking.find(asked)
    db.session.commit()
    begin_writing()
    actions.keep(asked, found, occasion, asked_by=asked_by)
    db.session.commit()


def conflicts():
    db.session.expire_all()
    return db.session.scalars(select(PossibleConflict).order_by(PossibleConflict.found_at)).all()


def why():
    return [{ground.reason for ground in one.grounds} for one in conflicts()]


@pytest.mark.parametrize("called", ["احمد يوسف مثال", "أحمد مثال", "Ahmed Yusuf Mithal"])
@pytest.mark.parametrize("from_our_side", [False, True])
def test_who_is_named_and_called_like_our_child_is_found_from_both_cases(make, ours, theirs, called, from_our_side):
    name(make, theirs, called)
    check(ours if from_our_side else theirs)
    (found,) = conflicts()
    assert (found.named_case_id, found.other_child_id, found.other_case_id) == (theirs.id, ours.child_id, ours.id)
    assert why() == [{Reason.CHILD}]


@pytest.mark.parametrize("from_our_side", [False, True])
def test_a_guardian_is_found_by_name_and_by_phone(make, ours, theirs, from_our_side):
    name(make, theirs, "يوسف سعيد مثال", role="adverse_party")
    name(make, theirs, phone="+970 599 100 200", role="witness")
    check(ours if from_our_side else theirs)
    assert why() == [{Reason.GUARDIAN, Reason.PHONE}]


def test_the_childs_own_guardian_on_the_other_side_is_found(make, ours):
    name(make, ours, "يوسف سعيد مثال")
    check(ours)
    assert why() == [{Reason.OWN_GUARDIAN}]


def test_a_colleague_is_found(make, theirs):
    colleague = make.counsellor("سلمى عودة")
    name(make, theirs, "سلمى عوده", role="witness")
    check(theirs)
    assert [one.colleague_id for one in conflicts()] == [colleague.id]
    assert why() == [{Reason.COLLEAGUE}]


def test_two_children_on_two_sides_of_one_event_are_found(make):
    event = clock.new_id()
    one = make.case(make.child("رامي"), team=[make.lawyer()], event_id=event)
    other = make.case(make.child("ليلى"), team=[make.lawyer()], event_id=event, role=ChildRole.COMPLAINANT)
    make.case(make.child("نور"), team=[make.lawyer()], event_id=event, role=ChildRole.ADVICE_ONLY)
    for case in (one, other):
        check(case)
    (found,) = conflicts()
    assert (found.named_case_id, found.other_case_id) == (other.id, one.id)
    assert why() == [{Reason.EVENT}]


def test_one_child_on_two_sides_of_two_running_cases_is_found(make, ours):
    witness = make.case(ours.child, team=[make.lawyer()], role=ChildRole.WITNESS)
    check(witness)
    assert why() == [{Reason.ROLES}]


def test_a_closed_case_on_the_other_side_is_not_held_against_the_same_child(make, ours):
    witness = make.case(ours.child, team=[make.lawyer()], role=ChildRole.WITNESS)
    db.session.merge(ours).status = CaseStatus.CLOSED
    check(witness)
    assert conflicts() == []


def test_who_resembles_nobody_is_checked_and_the_check_is_kept(make, ours, theirs):
    name(make, theirs, "محمود يوسف مثال")
    check(theirs)
    assert conflicts() == []
    assert [(one.case_id, one.occasion) for one in db.session.scalars(select(ConflictCheck))] == [
        (theirs.id, Occasion.PERSON)
    ]
    assert "conflicts.checked" in db.session.scalars(select(AuditEntry.what)).all()


def test_all_cases_are_checked_at_once_and_nothing_is_found_twice(make, ours, theirs):
    name(make, theirs, "أحمد يوسف مثال")
    check(occasion=Occasion.WHOLE)
    check(occasion=Occasion.WHOLE)
    check(theirs)
    assert len(conflicts()) == 1
    assert len(conflicts()[0].grounds) == 1


def test_a_name_that_was_corrected_is_no_conflict_any_more_and_that_is_kept(make, ours, theirs):
    person_id = name(make, theirs, "أحمد يوسف مثال").id
    check(theirs)
    person = make.fresh(OtherPerson, person_id)
    told = PersonTold(role="complainant", name="باسل عمر غريب")
    actions.correct_person(person, told, version=person.version, by=make.reader(make.lawyer()))
    check(theirs)
    assert [one.state for one in conflicts()] == [ConflictState.GONE]


def test_who_has_nothing_to_do_with_the_case_is_no_longer_compared(make, ours, theirs):
    person_id = name(make, theirs, "أحمد يوسف مثال").id
    person = make.fresh(OtherPerson, person_id)
    actions.correct_person(person, actions.told_of(person), version=1, withdrawn=True, by=make.reader(make.lawyer()))
    check(theirs)
    assert conflicts() == []


def test_what_was_decided_stays_decided_until_something_new_speaks_for_it(make, ours, theirs):
    name(make, theirs, "أحمد مثال")
    check(theirs)
    (found,) = conflicts()
    nadia = make.reader(make.coordinator())
    state = ConflictState.NONE
    actions.decide(found, state, finding="Another Ahmad", consequence=None, version=found.version, by=nadia)
    check(theirs)
    assert [one.state for one in conflicts()] == [ConflictState.NONE]
    name(make, theirs, "يوسف سعيد مثال", role="witness")
    check(theirs)
    assert [one.state for one in conflicts()] == [ConflictState.OPEN]


def test_nobody_decides_about_themselves_while_there_is_another_coordinator(make, theirs):
    nadia = make.coordinator("نادية عودة")
    name(make, theirs, "نادية عودة", role="witness")
    check(theirs)
    (found,) = conflicts()
    make.coordinator("Maha")
    asked = {"finding": "It is I", "consequence": None, "version": found.version, "by": make.reader(nadia)}
    with pytest.raises(actions.OwnConflict):
        actions.decide(found, ConflictState.SAME_PERSON, **asked)


def test_a_conflict_has_a_consequence(make, ours, theirs):
    name(make, theirs, "أحمد مثال")
    check(theirs)
    (found,) = conflicts()
    by = make.reader(make.coordinator())
    with pytest.raises(actions.NeedsAConsequence):
        actions.decide(found, ConflictState.CONFLICT, finding="He is", consequence=None, version=found.version, by=by)


def test_who_types_many_names_within_an_hour_is_no_longer_told(make, ours, theirs):
    huda = make.lawyer().id
    for _turn in range(MOST_NAMES + 1):
        check(theirs, asked_by=huda)
    name(make, theirs, "أحمد مثال")
    check(theirs, asked_by=huda)
    assert [one.tells_team for one in conflicts()] == [False]


# --- when a check is made


def waiting():
    return [job.kind for job in db.session.scalars(select(Job).where(Job.state == JobState.WAITING))]


def run_next(settings):
    job_id, attempt = jobs.claim()
    assert running.run(job_id, attempt, settings) is None
    db.session.expire_all()
    assert db.session.get_one(Job, job_id).state == JobState.DONE


def test_naming_somebody_asks_for_a_check_that_runs_in_the_background(make, settings, ours, theirs):
    name(make, theirs, "أحمد مثال")
    assert waiting() == ["conflicts.check"]
    run_next(settings)
    (found,) = conflicts()
    assert found.state == ConflictState.OPEN


def test_a_guardian_who_is_renamed_asks_for_a_check_and_one_whose_hours_changed_does_not(make, ours):
    guardian = db.session.merge(ours).child.guardians[0]
    told = GuardianTold(name="يوسف سعيد مثال", phone="0599-100-200", safe_when="after six")
    children.correct_guardian(guardian, told, version=guardian.version)
    db.session.commit()
    assert waiting() == []
    children.correct_guardian(guardian, GuardianTold(name="سعيد يوسف مثال"), version=guardian.version)
    db.session.commit()
    assert waiting() == ["conflicts.check"]


def test_a_child_without_a_case_is_checked_when_a_case_is_opened(make, settings):
    huda = make.reader(make.lawyer())
    db.session.rollback()
    child = children.register_child(children.ChildTold(given_name="ليث", family_name="مثال"), by=huda)
    db.session.commit()
    assert waiting() == []
    children.add_guardian(child, GuardianTold(name="سعيد مثال"))
    db.session.commit()
    run_next(settings)
    assert db.session.scalars(select(ConflictCheck)).all() == [], "no case, no check"


def test_what_was_rolled_back_is_not_checked(make, theirs):
    actions.add_person(db.session.merge(theirs), PersonTold(role="witness", name="أحمد"), by=make.reader(make.lawyer()))
    db.session.rollback()
    db.session.commit()
    assert waiting() == []


def test_who_answers_for_all_children_is_read_in_handfuls(make, monkeypatch):
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    told = [f"وصي {number}" for number in range(5)]
    for called in told:
        child = make.child("سامر", "نموذج")
        children.add_guardian(child, GuardianTold(name=called))
        make.case(child, team=[make.lawyer()])
    db.session.commit()
    db.session.expunge_all()
    met, at_once = [], []
    for _case_id, _guardian_id, called in checking._everybody_in(checking.ALL):
        met.append(called)
        at_once.append(sum(isinstance(one, Guardian) for one in db.session.identity_map.values()))
    assert sorted(met) == told
    assert max(at_once) <= 2 * checking.AT_ONCE  # those at hand, and the last of before
