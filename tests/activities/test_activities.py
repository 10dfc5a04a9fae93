"""Activities: added, corrected, withdrawn, listed with their sums, printed; every earlier state is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from clinic import clock, db, versions
from clinic.activities import actions, queries
from clinic.activities.models import Activity
from clinic.activities.rules import totals
from clinic.cases.dates import NotYet
from clinic.refusals import AlreadyThere, ChangedMeanwhile
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]


def said(**more: Any) -> dict[str, Any]:
    return {
        "held_on": clock.today(),
        "kind": "training",
        "audience": "police",
        "participants_female": 4,
        "participants_male": 9,
        "projects": (),
        "title": "Rights of a child at the station",
        "place": None,
        "note": None,
        **more,
    }


@dataclass
class Counted:
    participants_female: int | None
    participants_male: int | None


def test_sums_count_who_was_counted_and_say_how_many_were_not() -> None:
    sums = totals([Counted(3, 4), Counted(None, 2), Counted(None, None)])
    assert (sums.number, sums.female, sums.male, sums.participants, sums.uncounted) == (3, 3, 6, 9, 1)


@pytest.mark.databases
def test_a_corrected_activity_keeps_its_earlier_state(make: Maker) -> None:
    huda = make.reader(make.lawyer())
    activity = actions.record(said(), by=huda)
    db.session.commit()
    actions.correct(activity, said(participants_male=8), version=activity.version, because="counted again", by=huda)
    db.session.commit()
    twin = versions.twin_of(Activity.__table__)  # type: ignore[arg-type]
    assert db.session.execute(select(twin.c.participants_male, twin.c.because.is_not(None))).all() == [(9, True)]
    actions.withdraw(activity, version=activity.version, because="held by others", by=huda)
    db.session.commit()
    assert queries.list_activities(reader=huda) == []
    assert db.session.scalar(select(func.count()).select_from(twin)) == 2


def test_the_same_form_sent_twice_makes_one_activity(make: Maker) -> None:
    huda, twice = make.reader(make.lawyer()), clock.new_id()
    first = actions.record(said(), by=huda, activity_id=twice)
    assert actions.record(said(), by=huda, activity_id=twice) is first
    with pytest.raises(AlreadyThere):
        actions.record(said(title="Another"), by=huda, activity_id=twice)


def test_a_colleagues_correction_is_not_overwritten_unseen(make: Maker) -> None:
    huda = make.reader(make.lawyer())
    activity = actions.record(said(), by=huda)
    db.session.commit()
    actions.correct(activity, said(title="Mine"), version=1, because="x", by=huda)
    with pytest.raises(ChangedMeanwhile):
        actions.correct(activity, said(title="Yours"), version=1, because="x", by=huda)


def test_an_activity_of_tomorrow_is_not_yet_one(make: Maker) -> None:
    with pytest.raises(NotYet):
        actions.record(said(held_on=clock.today() + timedelta(days=1)), by=make.reader(make.lawyer()))


def test_an_activity_is_added_listed_corrected_and_taken_back_on_pages(make: Maker, browse: Browse) -> None:
    browser = browse(make.counsellor())
    assert "belong here" in browser.get("/activities").text
    today = clock.today().isoformat()
    added = {"held_on": today, "kind": "training", "title": "At the station", "participants_female": "١٢"}
    page = browser.post("/activities/add", added, status=303).follow()
    assert "At the station" in page.text
    assert "12" in page.select_one(".figures").get_text()
    address = f"/activities/{db.session.scalars(select(Activity.id)).one()}"
    corrected = {"participants_female": "11", "because": "counted again"}
    browser.post(f"{address}/correct", corrected, status=303)
    assert "11" in browser.get("/activities/print").text
    page = browser.post(f"{address}/withdraw", {"because": "held by others"}, status=303).follow()
    assert "At the station" not in page.text


def test_a_list_covers_its_period_and_kind(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    for days, title in ((400, "Long ago"), (1, "Yesterday")):
        actions.record(said(title=title, held_on=clock.today() - timedelta(days=days)), by=make.reader(huda))
    db.session.commit()
    since = (clock.today() - timedelta(days=30)).isoformat()
    page = browse(huda).get(f"/activities?since={since}&until={clock.today().isoformat()}")
    assert "Yesterday" in page.text
    assert "Long ago" not in page.text
    assert "Yesterday" not in browse(huda).get(f"/activities?since={since}&kind=advocacy").text


def test_a_change_meanwhile_is_shown_beside_what_was_typed(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    activity = actions.record(said(), by=make.reader(huda))
    db.session.commit()
    browser = browse(huda)
    form = browser.get(f"/activities/{activity.id}/correct")
    meanwhile = make.fresh(Activity, activity.id)
    actions.correct(meanwhile, said(title="The colleague's"), version=1, because="x", by=make.reader(huda))
    db.session.commit()
    page = form.submit({"title": "What I typed", "because": "y"}, status=409)
    assert "The colleague's" in page.text
    assert page.select_one("#title")["value"] == "What I typed"


def test_an_administrator_sees_no_activities(make: Maker, browse: Browse) -> None:
    browse(make.administrator()).get("/activities", status=403)
