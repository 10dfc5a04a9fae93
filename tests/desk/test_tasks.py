"""Tasks: for whom, seen by whom, done and undone."""

from __future__ import annotations

from datetime import timedelta

from clinic import clock, db
from clinic.cases.models import CaseFile, Task
from clinic.desk.queries import Part, tasks_to_do


def task_of(browser, address, **values):
    return browser.post(address, {"what": "Power of attorney, from the mother", **values})


def test_a_lawyer_notes_a_task_for_herself(make, browse):
    browser = browse(make.lawyer("Huda"))
    due = clock.today() + timedelta(days=2)
    page = task_of(browser, "/tasks/add", due_on=due.isoformat()).follow()
    assert "Power of attorney" in page.text
    assert "Power of attorney" in browser.get("/desk").text


def test_a_task_of_a_case_goes_to_somebody_on_its_team(make, browse):
    huda, salma, karim = make.lawyer("Huda"), make.counsellor("Salma"), make.lawyer("Karim")
    case = make.case(team=[huda, salma])
    address = f"/cases/{case.id}/tasks/add"
    page = browse(huda).get(address)
    offered = {option["value"] for option in page.select("select[name=assigned_to] option")}
    assert offered == {"", str(huda.id), str(salma.id)}
    assert task_of(browse(huda), address, assigned_to=str(salma.id)).status == 303
    assert "Power of attorney" in browse(salma).get("/desk").text
    assert "Power of attorney" not in browse(karim).get("/desk").text


def test_a_task_for_somebody_outside_the_team_is_refused(make, browse):
    huda, karim = make.lawyer("Huda"), make.lawyer("Karim")
    case = make.case(team=[huda])
    page = task_of(browse(huda), f"/cases/{case.id}/tasks/add", assigned_to=str(karim.id))
    assert page.status == 200
    assert "Choose one of the list." in page.text


def test_a_case_that_one_does_not_see_takes_no_task(make, browse):
    case = make.case(team=[make.lawyer("Huda")])
    browse(make.lawyer("Karim")).get(f"/cases/{case.id}/tasks/add", status=404)


def test_a_task_needs_words(make, browse):
    page = task_of(browse(make.lawyer("Huda")), "/tasks/add", what="")
    assert "Say what is to be done." in page.text


def test_the_same_form_sent_twice_makes_one_task(make, browse):
    browser = browse(make.lawyer("Huda"))
    page = browser.get("/tasks/add")
    page.submit({"what": "Call the school"})
    page.submit({"what": "Call the school"})
    assert db.session.query(Task).count() == 1
    assert "saved already with other answers" in page.submit({"what": "Call the mother"}, status=200).text


def test_a_task_is_done_by_one_press_and_can_be_taken_up_again(make, browse):
    browser = browse(make.lawyer("Huda"))
    task_of(browser, "/tasks/add").follow()
    assert "Done" in browser.get("/desk").submit(form="#tasks form").follow().text
    assert not browser.get("/desk").has("#tasks form")
    browser.get("/tasks").submit(form="main form[action$=undone]").follow()
    assert browser.get("/desk").has("#tasks form")


def test_nobody_finishes_the_task_of_a_case_that_they_do_not_see(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    task_of(browse(huda), f"/cases/{case.id}/tasks/add")
    task_id = db.session.query(Task).one().id
    karim = browse(make.lawyer("Karim"))
    karim.get("/desk")
    karim.send(f"/tasks/{task_id}/done", {"csrf_token": karim.token}, status=404)


def test_who_leaves_a_case_sees_its_tasks_no_longer(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    task_of(browse(huda), f"/cases/{case.id}/tasks/add")
    reader = make.reader(make.fresh(type(huda), huda.id))
    assert tasks_to_do(Part(), reader=reader).total == 1
    member = make.fresh(CaseFile, case.id).team[0]
    member.until = clock.today() - timedelta(days=1)
    db.session.commit()
    assert tasks_to_do(Part(), reader=reader).total == 0
