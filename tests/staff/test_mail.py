"""What people must hear of their accounts reaches them by mail, through a real server here, and names nobody."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller

from clinic import db
from clinic.access.permissions import Role
from clinic.jobs import actions as work
from clinic.jobs import running
from clinic.jobs.models import Job
from clinic.staff import actions, agreements, notices
from clinic.staff.models import StaffNotice
from config.settings import Mail, Settings


class Post:
    """Takes every letter."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the name that the server calls
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 taken"


@pytest.fixture
def post():
    """A mail server on loopback."""
    took = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        took.port = free.getsockname()[1]
    server = Controller(took, hostname="127.0.0.1", port=took.port)
    server.start()
    yield took
    server.stop()


@pytest.fixture
def with_mail(post, app, settings):
    """The clinic has named the mail server. Result: sends what waits."""
    named = Mail(host="127.0.0.1", port=post.port, sender="sanad@example.org", tls="no")
    settings = Settings(home=settings.home, database_url=settings.database_url, mail=named)
    notices.use_mail(True)

    def send_what_waits():
        db.session.commit()
        while claimed := work.claim():
            running.run(*claimed, settings)

    yield send_what_waits
    notices.use_mail(False)


def written_to(make, name, address, *, role=Role.LAWYER, language="en"):
    member = db.session.merge(make.person(name, role, language=language))
    member.email = address
    db.session.commit()
    return member


@pytest.mark.databases
def test_a_changed_role_is_written_to_its_owner_and_names_nobody(make, post, with_mail):
    huda, adam = written_to(make, "Huda", "h@example.org"), make.administrator("Adam")
    actions.change_roles(huda, [Role.COUNSELLOR], by=adam.id)
    assert post.letters == []
    with_mail()
    [(receivers, letter)] = post.letters
    assert receivers == ["h@example.org"]
    assert letter["Subject"] == "Please look at your account"
    said = f"{letter['Subject']} {letter['From']} {letter.get_content()}"
    assert not [word for word in ("Huda", "huda", "Adam", "Test clinic", "ounsellor") if word in said]


def test_it_is_written_in_the_language_of_its_reader(make, post, with_mail):
    huda = written_to(make, "Huda", "h@example.org", language="ar")
    notices.tell(huda, "password_changed")
    with_mail()
    assert post.letters[0][1]["Subject"] == "يُرجى الاطّلاع على حسابك"


def test_a_coordinator_is_asked_by_mail_too(make, post, with_mail):
    written_to(make, "Nadia", "n@example.org", role=Role.COORDINATOR)
    nour = actions.add_account(username="nour", name="Nour", roles=[Role.COUNSELLOR])
    agreements.link(nour, by=make.administrator("Adam").id)
    with_mail()
    assert [receivers for receivers, _letter in post.letters] == [["n@example.org"]]


def test_who_has_no_address_is_told_in_the_app_alone(make, post, with_mail):
    notices.tell(db.session.merge(make.lawyer("Huda")), "locked")
    with_mail()
    assert post.letters == []
    assert db.session.query(StaffNotice).count() == 1


def test_without_a_mail_server_nothing_is_asked_for_and_the_desk_says_so(make, browse):
    notices.tell(written_to(make, "Huda", "h@example.org"), "locked")
    db.session.commit()
    assert db.session.query(Job).count() == 0
    assert "no mail server" in browse(make.administrator("Adam")).get("/desk").text
