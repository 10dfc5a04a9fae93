"""Who opens what: one row a page, to be read by somebody who does not program.

The letters stand for lawyer, counsellor, coordinator and administrator; the first two are on the team of the case that
the page is about. y: opens. n: is told that this is not for them (403). -: does not exist for them (404).
"""

from __future__ import annotations

import pytest

from clinic.access.permissions import Lane
from tests.site.world import NO_PAGES, SAID, World, addresses, walk

ROLES = ("lawyer", "counsellor", "coordinator", "administrator")
WHO = {
    "activities.add": "yyyn",
    "activities.correct": "yyyn",
    "activities.index": "yyyn",
    "activities.on_paper": "yyyn",
    "activities.withdraw": "yyyn",
    "calls.case_question": "yyy-",  # what is asked are facts and identity of the case, which a coordinator corrects too
    "calls.look": "ynnn",
    "calls.open_for_tonight": "ynnn",
    "calls.question": "ynn-",
    "calls.start": "ynnn",
    "cases.add_intake": "nnyn",
    "cases.add_project": "nnyn",
    "cases.another_child": "yyy-",
    "cases.answer_closing": "nny-",
    "cases.build_wall": "nny-",
    "cases.caseload": "nnyn",
    "cases.change_project": "nnyn",
    "cases.change_team": "nny-",
    "cases.close": "yyy-",
    "cases.confirm_consent": "yyy-",
    "cases.consents": "yyy-",
    "cases.correct": "yyy-",
    "cases.every": "yyyn",
    "cases.history": "yyy-",
    "cases.intakes": "nnyn",
    "cases.leave_team": "nny-",
    "cases.lift_wall": "nny-",
    "cases.mine": "yyyn",
    "cases.open_for": "yyy-",
    "cases.open_new": "yyyn",
    "cases.projects": "nnyn",
    "cases.reopen": "nny-",  # closing is the coordinator's to approve, and so to undo
    "cases.share": "yyy-",
    "cases.show": "yyy-",
    "cases.show_intake": "nnyn",
    "cases.summary": "yyy-",
    "cases.take_closing_back": "yyy-",
    "cases.withdraw_consent": "yyy-",
    "children.add": "yyyn",
    "children.add_guardian": "yyy-",
    "children.correct": "yyy-",
    "children.correct_guardian": "yyy-",
    "children.decide": "--y-",
    "children.pairs": "nnyn",
    "children.search": "yyyn",
    "children.show": "yyy-",
    "counselling.group": "-y--",
    "counselling.record_group": "nynn",
    "desk.add_task": "yyyn",
    "desk.add_task_in_case": "yyy-",
    "desk.answer": "ynn-",
    "desk.calendar": "yyyn",
    "desk.finish_task": "yyy-",
    "desk.gap": "nnyn",
    "desk.show": "yyyy",
    "desk.take_up_task": "yyy-",
    "desk.tasks": "yyyn",
    "desk.whole": "yy--",
    "drafts.discard": "y---",
    "drafts.keep": "yyyy",
    "emergency.end": "nny-",
    "emergency.review": "nny-",
    "emergency.start": "yynn",
    "front": "yyyy",
    "handover.prepare": "yny-",  # each with what their own lanes hold
    "jobs.drop": "y---",  # one's own work alone
    "jobs.file": "----",
    "jobs.index": "yyyy",
    "jobs.result": "----",
    "jobs.show": "y---",
    "law.confirm": "ynnn",
    "law.show": "yyyy",
    "operations.ask_to_seal": "yyyy",
    "operations.confirm_seal": "yyyy",
    "operations.seal_alone": "nnyn",
    "operations.sealed": "yyyy",
    "operations.show_seal": "yyyy",
    "oversight.index": "nnyn",
    "oversight.look_into": "nnyn",
    "oversight.mine": "yyyy",
    "oversight.person": "nnyn",
    "police.note": "yyy-",
    "referrals.letter": "yyy-",
    "register.bring_in": "----",  # an upload is its owner's alone
    "register.forget": "----",
    "register.look": "----",
    "register.outcome": "----",
    "register.problems": "----",
    "register.show": "yyyn",
    "register.take_out": "yyyn",
    "register.upload": "nnyn",
    "reports.download": "yyyn",
    "reports.figure": "yyyn",
    "reports.prepare": "yyyn",
    "reports.show": "yyyn",
    "retention.hold": "nny-",
    "retention.index": "nnyn",
    "retention.lift": "nny-",
    "staff.account": "yyyy",
    "staff.add_passkey": "yyyy",
    "staff.answer_request": "nnyn",
    "staff.code_app": "yyyy",
    "staff.accounts": "nnny",
    "staff.add_account": "nnny",
    "staff.close_account": "nnny",
    "staff.edit_account": "nnny",
    "staff.end_other_sessions": "yyyy",
    "staff.end_session": "y---",
    "staff.leaving": "nnyn",
    "staff.new_link": "nnny",
    "staff.new_recovery_codes": "yyyy",
    "staff.own_challenge": "yyyy",
    "staff.passkey_challenge": "yyyy",
    "staff.passkey_options": "yyyy",
    "staff.protection": "yyyy",
    "staff.prove": "yyyy",
    "staff.remove_code_app": "yyyy",
    "staff.remove_passkey": "y---",
    "staff.requests": "nnyn",
    "staff.second": "yyyy",
    "staff.sign_in": "yyyy",
    "staff.sign_in_with_passkey": "yyyy",
    "staff.sign_out": "yyyy",
    "staff.speak": "yyyy",
    "staff.welcome": "yyyy",
    "steps.add": "ynn-",
    "steps.choose": "yyy-",
    "steps.complete": "ynn-",
    "steps.correct": "ynn-",
    "steps.not_done": "ynn-",
    "steps.on_paper": "yyy-",
    "steps.plan": "ynn-",
    "steps.share": "ynn-",
    "steps.show": "yyy-",
    "steps.unshare": "ynn-",
    "steps.withdraw": "ynn-",
    "targets.add": "nnyn",
    "targets.edit": "nnyn",
    "targets.index": "nnyn",
    "targets.show": "nnyn",
    "vocabularies.add": "nnyn",
    "vocabularies.bring_back": "nnyn",
    "vocabularies.change": "nnyn",
    "vocabularies.index": "nnyn",
    "vocabularies.move": "nnyn",
    "vocabularies.retire": "nnyn",
    "vocabularies.show": "nnyn",
}
SENT = {"desk.answer": {"answer": "yes"}}
MEANS = {403: "n", 404: "-"}
ANY_STATUS = (200, 303, 400, 403, 404, 409, 410, 422)
LANES = {
    "lawyer": {Lane.FACTS, Lane.IDENTITY, Lane.LEGAL, Lane.ILL_TREATMENT},
    "counsellor": {Lane.FACTS, Lane.IDENTITY, Lane.SOCIAL},
    "coordinator": {Lane.FACTS, Lane.IDENTITY},
    "administrator": set(),
}


def test_each_page_has_its_row(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - NO_PAGES
    assert sorted(endpoints - WHO.keys()) == [], "say in WHO who opens it"
    assert sorted(WHO.keys() - endpoints) == [], "no such page any more"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_for_whom_the_table_says(app, browse, make, role, method):
    world = World(make)
    found = list(addresses(world, app, method))
    answered, told = {}, {}
    browser = browse(world.person(role))
    browser.get("/account")
    for endpoint, address in sorted(found, key=lambda one: one[0] == "staff.sign_out"):
        if method == "GET":
            page = browser.get(address, status=ANY_STATUS)
        else:
            page = browser.send(address, {"csrf_token": browser.token, **SENT.get(endpoint, {})}, status=ANY_STATUS)
        answered[endpoint] = MEANS.get(page.status, "y")
        told[endpoint] = WHO.get(endpoint, "????")[ROLES.index(role)]
    assert answered == told


@pytest.mark.parametrize("role", ROLES)
def test_no_page_tells_of_a_lane_that_the_reader_lacks(app, browse, make, role):
    world = World(make)
    foreign = {lane: word for lane, word in SAID.items() if lane not in LANES[role]}
    own = {lane for lane in LANES[role] if lane != Lane.FACTS}
    seen = set()
    for page in walk(browse(world.person(role)), *(address for _endpoint, address in addresses(world, app))):
        told = [lane for lane, word in foreign.items() if word in page.html]
        assert told == [], f"{page.address} tells a {role} of {told}"
        seen |= {lane for lane in own if SAID[lane] in page.html}
    assert seen == own
