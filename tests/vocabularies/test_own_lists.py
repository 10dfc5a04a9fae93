"""The lists as a clinic has them: labels, order, codes added and retired, and what figures read of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic import db
from clinic.vocabularies import actions, lists, queries, rules
from clinic.vocabularies.lists import Lists, Vocabulary
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]


def now() -> Lists:
    db.session.commit()
    return queries.own_lists()


def the(name: str) -> Vocabulary:
    return now()[name]


@pytest.mark.databases
def test_a_clinic_that_changed_nothing_has_the_lists_of_the_file(make: Maker) -> None:
    assert now() is lists.shipped()


@pytest.mark.databases
def test_a_new_label_stands_from_the_next_page_on(make: Maker) -> None:
    actions.relabel(the("offence"), "theft", en="Stealing", ar="سرقة أموال")
    assert (the("offence").get("theft") or pytest.fail("gone")).en == "Stealing"
    assert lists.shipped()["offence"].code_of("Theft") == "theft"


def test_a_code_is_added_at_the_end_and_moved_up(make: Maker) -> None:
    code = actions.add(the("offence"), en="Bribery", ar="رشوة", attributes={"class": "public"})
    assert the("offence").codes[-1] == code == "bribery"
    actions.move(the("offence"), code, up=True)
    assert the("offence").codes[-2:] == ("bribery", "other_offence")
    assert the("offence").codes_with("class", "public") >= {"bribery"}


def test_a_retired_code_is_offered_no_more_and_keeps_its_name(make: Maker) -> None:
    actions.retire(the("police_station"), "beit_sahour_st")
    station = the("police_station")
    assert "beit_sahour_st" not in [term.code for term in station.offered]
    assert station.label("beit_sahour_st") == "Beit Sahour"
    actions.bring_back(station, "beit_sahour_st")
    assert "beit_sahour_st" in [term.code for term in the("police_station").offered]


def test_a_code_is_never_used_again(make: Maker) -> None:
    first = actions.add(the("bail"), en="Ring of gold", ar="خاتم ذهب")
    actions.retire(the("bail"), first)
    actions.relabel(the("bail"), first, en="Gold", ar="ذهب")
    assert actions.add(the("bail"), en="Ring-of-gold!", ar="خاتم ذهبي") == f"{first}_2"


def test_what_figures_read_is_fixed_once_a_record_holds_the_code(make: Maker) -> None:
    code = actions.add(the("locality"), en="New place", ar="مكان جديد", attributes={"kind": "town"})
    actions.set_attributes(the("locality"), code, {"kind": "village"})
    make.child(locality=code)
    with pytest.raises(rules.AttributesInUse):
        actions.set_attributes(the("locality"), code, {"kind": "camp"})
    term = the("locality").get(code)
    assert term is not None
    assert term.attributes == {"kind": "village"}


def test_a_code_in_a_list_of_several_counts_as_used(make: Maker) -> None:
    huda = make.lawyer()
    code = actions.add(the("offence"), en="Bribery", ar="رشوة", attributes={"class": "public"})
    make.case(team=[huda], offences=("theft", code))
    with pytest.raises(rules.AttributesInUse):
        actions.set_attributes(the("offence"), code, {"class": "person"})


def test_a_code_of_the_file_keeps_what_figures_read(make: Maker) -> None:
    with pytest.raises(rules.AttributesInUse):
        actions.set_attributes(the("disposition"), "fine", {"group": "none"})


def test_a_fixed_list_changes_its_words_alone(make: Maker) -> None:
    actions.relabel(the("service"), "cash", en="Money", ar="نقود")
    assert the("service").label("cash") == "Money"
    for refused in (
        lambda: actions.add(the("service"), en="X", ar="س"),
        lambda: actions.retire(the("service"), "cash"),
        lambda: actions.move(the("service"), "cash", up=True),
    ):
        with pytest.raises(rules.FixedList):
            refused()


def test_two_codes_are_not_called_alike(make: Maker) -> None:
    with pytest.raises(rules.CalledSoAlready):
        actions.relabel(the("offence"), "robbery", en="THEFT ", ar="سلب")
    with pytest.raises(rules.NeedsBothLabels):
        actions.relabel(the("offence"), "robbery", en="Robbery", ar=None)


def test_a_list_never_runs_empty() -> None:
    only = Vocabulary("x", (lists.Term("a", "A", "أ"),), fixed=False)
    with pytest.raises(rules.LastOne):
        rules.refuse_the_last(only, "a")


def test_a_coordinator_changes_a_list_on_its_pages(make: Maker, browse: Browse) -> None:
    nadia, huda = make.coordinator(), make.lawyer()
    browser = browse(nadia)
    assert "Offences" in browser.get("/lists").text
    browser.post("/lists/offence/add", {"en": "Bribery", "ar": "رشوة", "attribute_class": "public"}, status=303)
    page = browser.get("/lists/offence")
    assert "Against public order" in page.select_one("#bribery").get_text()
    browser.post("/lists/offence/codes/bribery/move", {"way": "up"}, status=303)
    browser.post("/lists/offence/codes/theft/retire", {}, status=303)
    page = browser.post("/lists/offence/codes/robbery", {"en": "Robbing", "ar": "سلب"}, status=303).follow()
    assert "Retired" in page.select_one("#theft").get_text()
    form = browse(huda).get(f"/cases/{make.case(team=[huda]).id}/steps/add/prosecution_appearance")
    offered = form.select_one("main form").get_text()
    assert "Bribery" in offered
    assert "Robbing" in offered
    assert "Theft" not in offered


def test_the_labels_of_a_fixed_list_can_be_changed_and_nothing_else(make: Maker, browse: Browse) -> None:
    browser = browse(make.coordinator())
    browser.get("/lists/service/add", status=403)
    assert "Retire" not in browser.get("/lists/service").text
    browser.post("/lists/service/codes/cash", {"en": "Money", "ar": "نقود"}, status=303)
    assert "Money" in browser.get("/lists/service").text


def test_a_list_or_code_that_is_none_is_not_found(make: Maker, browse: Browse) -> None:
    browser = browse(make.coordinator())
    browser.get("/lists/weather", status=404)
    browser.get("/lists/offence/codes/weather", status=404)


def test_only_the_coordinator_keeps_the_lists(make: Maker, browse: Browse) -> None:
    for person in (make.lawyer(), make.counsellor(), make.administrator()):
        browse(person).get("/lists", status=403)
