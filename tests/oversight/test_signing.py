"""Every night the end of the record is signed; who coordinates gets it by mail, where the clinic has a mail server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from clinic import db
from clinic.audit import signing, verifying
from clinic.jobs import actions, running, spool
from clinic.jobs.models import Job, JobState
from clinic.oversight import work
from config.settings import Mail

pytestmark = pytest.mark.databases


@pytest.fixture
def run(settings):
    """Signs in the background."""

    def run_with(**more):
        of = replace(settings, **more)
        spool.lie_in(of.home / "spool")
        job = actions.enqueue(work.KIND.code, by=None, language="en")
        db.session.commit()
        claimed = actions.claim()
        running.run(*claimed, of)
        return db.session.get_one(Job, job.id, populate_existing=True)

    return run_with


def letters() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == "send_mail")))


def test_the_end_of_the_record_is_signed(make, run):
    make.coordinator("Nadia")
    assert run().state == JobState.DONE
    assert len(signing.signed_heads()) == 1
    assert list(verifying.faults()) == []
    assert letters() == []


def test_who_coordinates_and_has_an_address_gets_the_signed_head(make, run):
    nadia = make.coordinator("Nadia")
    nadia.email = "nadia@example.org"
    make.coordinator("Rula")
    make.lawyer("Huda").email = "huda@example.org"
    db.session.commit()
    run(mail=Mail(host="mail.example.org", sender="clinic@example.org"))
    assert [letter.parameters["to"] for letter in letters()] == [str(nadia.id)]
    assert signing.public_keys()[-1] in (letters()[0].private or "")
