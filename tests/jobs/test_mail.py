"""Mail: sent through the clinic's server, tried again until it is taken, naming nobody, kept nowhere in clear."""

from __future__ import annotations

import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from sqlalchemy import text, update

from clinic import clock, db
from clinic.jobs import actions, kinds, mail, running
from clinic.jobs.mail import Message
from clinic.jobs.models import Job, JobState
from clinic.languages import _l
from clinic.staff.models import StaffMember
from config.settings import Mail

SECRET = "http://127.0.0.1:5000/welcome/a-token-of-one-use"


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs."""

    def handle(self):
        self.say(self.server.greeting)
        for line in self.rfile:
            word = line.split(None, 1)[0].decode().upper()
            if word == "DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(message_from_bytes(letter, policy=policy.default))
            self.say(self.server.answers.get(word, "250 well"))
            if word == "QUIT":
                return

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Post(socketserver.ThreadingTCPServer):
    """A mail server of the test's own."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters, self.answers, self.greeting = [], {}, "220 here"


@pytest.fixture
def post():
    """A mail server that keeps what it is given."""
    with Post() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def with_mail(settings, post):
    """The settings of a clinic that named this server."""
    return replace(
        settings, mail=Mail(host="127.0.0.1", port=post.server_address[1], sender="sanad@clinic.test", tls="no")
    )


@pytest.fixture
def huda(make):
    """Somebody with an address."""
    member = make.lawyer("Huda")
    member.email = "huda@clinic.test"
    db.session.commit()
    mail.register([Message("test.link", _l("Your account"), _l("Open this: %(link)s"))])
    return member


def send(member, settings):
    """Sends a message and lets the worker take it."""
    mail.send("test.link", to=member.id, link=SECRET)
    db.session.commit()
    return run(settings)


def run(settings):
    claimed = actions.claim()
    assert claimed is not None
    running.run(*claimed, settings)
    return db.session.get_one(Job, claimed[0], populate_existing=True)


def test_a_message_reaches_the_person_in_their_language_and_names_nobody(huda, with_mail, post):
    assert send(huda, with_mail).state == JobState.DONE
    (letter,) = post.letters
    assert (letter["To"], letter["From"], letter["Subject"]) == (
        "huda@clinic.test",
        "sanad@clinic.test",
        "Your account",
    )
    assert letter.get_content().strip() == f"Open this: {SECRET}"
    assert "Huda" not in str(letter)


def test_what_is_sent_is_sealed_until_it_is_sent_and_gone_afterwards(huda, with_mail, post):
    job = mail.send("test.link", to=huda.id, link=SECRET)
    db.session.commit()
    kept = db.session.execute(text("SELECT * FROM job")).one()
    assert SECRET not in repr(tuple(kept))
    assert job.private_sealed is not None
    job = run(with_mail)
    assert job.private_sealed is None


def test_a_server_that_does_not_answer_is_asked_again(huda, with_mail, post):
    post.greeting = "421 later"
    job = send(huda, with_mail)
    assert job.state == JobState.WAITING
    post.greeting = "220 here"
    db.session.execute(update(Job).values(not_before=clock.now()))
    db.session.commit()
    assert run(with_mail).state == JobState.DONE
    assert len(post.letters) == 1


def test_the_same_message_twice_can_be_told_as_the_same(huda, with_mail, post):
    """A computer that goes dark after the server took the letter sends it again: with the same identity."""
    job = send(huda, with_mail)
    assert post.letters[0]["Message-ID"] == f"<{job.id.hex}@clinic.test>"


def test_an_address_that_is_refused_for_good_is_not_tried_again(huda, with_mail, post):
    post.answers["RCPT"] = "550 nobody of this name"
    job = send(huda, with_mail)
    assert (job.state, job.problem) == (JobState.REFUSED, "MailRefused")


def test_nobody_without_an_address_and_no_clinic_without_a_server_sends_mail(make, huda, settings, with_mail):
    assert mail.can_send(with_mail)
    assert not mail.can_send(settings)
    assert send(huda, settings).problem == "NoMailServer"
    db.session.get(StaffMember, huda.id).email = None
    db.session.commit()
    assert send(huda, with_mail).problem == "NoAddress"


def test_mail_is_known_as_work(clinic):
    assert kinds.kind_of("send_mail").attempts == mail.ATTEMPTS
