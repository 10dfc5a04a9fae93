"""The coded lists: the file, its labels, and a clinic's own changes to them."""

import pytest

from clinic.languages import using as speaking
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import FIXED
from clinic.vocabularies.lists import Edit, NoSuchCode, NoSuchList, Vocabulary, shipped

ALL_TERMS = [(vocabulary.name, term) for vocabulary in shipped() for term in vocabulary]


@pytest.mark.parametrize("name", sorted(FIXED))
def test_the_programs_own_codes_are_those_of_the_file(name: str):
    assert tuple(FIXED[name]) == shipped()[name].codes
    assert shipped()[name].fixed


def test_no_fixed_list_of_the_file_is_forgotten():
    assert {vocabulary.name for vocabulary in shipped() if vocabulary.fixed} == set(FIXED)


def test_a_list_the_coordinator_edits_is_not_fixed():
    assert shipped()["police_station"].editable
    assert not shipped()["sex"].editable


@pytest.mark.parametrize(("name", "term"), ALL_TERMS, ids=lambda value: getattr(value, "code", value))
def test_every_code_and_label_means_its_code(name: str, term: lists.Term):
    for text in (term.code, term.code.upper(), term.en, term.ar):
        assert lists.code_of(name, text) == term.code


@pytest.mark.parametrize(
    "typed",
    ["dheisheh", " Dheisheh  camp ", "DHEISHEH CAMP", "مخيم الدهيشة", "مخيـم الدهيشه", "\u200fمُخَيَّم الدهيشة\u200e"],
)
def test_a_label_is_understood_however_it_is_written(typed: str):
    assert lists.code_of("locality", typed) == "dheisheh"


def test_hamza_is_no_difference():
    assert lists.code_of("disposition", "توبيخ او انذار") == "reprimand"


def test_a_text_that_no_code_means_is_refused_with_its_list():
    with pytest.raises(NoSuchCode) as refusal:
        lists.code_of("locality", "Atlantis")
    assert (refusal.value.vocabulary, refusal.value.text) == ("locality", "Atlantis")
    with pytest.raises(NoSuchList):
        lists.label("planets", "mars")


def test_a_label_is_in_the_language_of_its_reader():
    assert lists.label("custody_place", "police_cell") == "نظارة مركز الشرطة"
    with speaking("en"):
        assert lists.label("custody_place", "police_cell") == "Police station cell"


def test_unknown_has_a_name_in_every_list():
    assert lists.label("locality", "unknown") == "غير معروف"
    assert lists.label("locality", None) == ""
    assert lists.means_unknown(" غير معروف ")
    assert not lists.means_unknown("other")


def test_figures_read_the_attributes():
    assert shipped()["disposition"].codes_with("custodial") == {"care_placement", "imprisonment"}
    assert "diverted" in shipped()["disposition"].codes_with("group", "diversion")
    assert shipped()["holding_body"].codes_with("authorised") == {"juvenile_police", "police"}


def test_a_clinic_renames_orders_adds_and_retires():
    own = shipped().overlaid(
        [
            Edit("holding_body", "governor", "The governor", "المحافظ", -1, attributes={"authorised": True}),
            Edit("holding_body", "camp_guard", "Camp guard", "حرس المخيم", 1, attributes={"authorised": False}),
            Edit("holding_body", "national_security", "National Security", "الأمن الوطني", 5, retired=True),
        ]
    )["holding_body"]
    assert own.codes[0] == "governor"
    assert own.label("governor") == "المحافظ"
    assert own.codes_with("authorised") == {"juvenile_police", "police"}  # what figures read stays
    assert "national_security" not in dict(own.choices())
    assert "national_security" in dict(own.choices(chosen="national_security"))
    assert own.code_of("حرس المخيم") == "camp_guard"
    assert "camp_guard" not in shipped()["holding_body"]


def test_of_a_fixed_list_only_the_labels_change():
    own = shipped().overlaid([Edit("sex", "male", "Lad", "ولد", 0, retired=True), Edit("sex", "other", "x", "س", 9)])[
        "sex"
    ]
    assert own.codes == shipped()["sex"].codes
    assert own.label("male") == "ولد"
    assert "male" in dict(own.choices())


def test_a_clinics_lists_answer_while_they_are_in_force():
    own = shipped().overlaid([Edit("court", "court_of_appeal", "Appeals", "الاستئناف", 3)])
    with lists.using(own):
        assert lists.label("court", "court_of_appeal") == "الاستئناف"
    assert lists.label("court", "court_of_appeal") == "محكمة الاستئناف"


def test_a_code_stands_once_in_a_list():
    term = lists.Term("a", "A", "أ")
    with pytest.raises(ValueError, match="twice"):
        Vocabulary("letters", (term, term), fixed=False)
