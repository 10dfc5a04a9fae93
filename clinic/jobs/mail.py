"""Mail: a message of the program's own to somebody of the clinic, sent by the worker and tried again until it is taken.

What a message says stands here in both languages; it names nobody, because mail lies open on its way. Where the clinic
named no mail server, nothing is sent and `can_send` says so.

    mail.register([Message("staff.welcome", _l("Your account"), _l("Choose a password here: %(link)s"))])
    mail.send("staff.welcome", to=member.id, link=link)
"""

from __future__ import annotations

import contextlib
import json
import smtplib
import ssl
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from clinic import languages
from clinic.db import session
from clinic.jobs import actions
from clinic.jobs.kinds import JobKind, Ready, TryAgain, Work
from clinic.jobs.models import Job
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import StaffMember
from config.settings import Mail, Settings

ATTEMPTS = 10  # over some four hours
PATIENCE = 20  # seconds


class NoAddress(Refusal):
    """Somebody without an address cannot be written to."""

    message = _l("This person has no mail address in the clinic. Add one to the account.")


class NoMailServer(Refusal):
    """The clinic named no mail server."""

    message = _l("The clinic has no mail server. The administrator names one in the settings.")


class MailRefused(Refusal):
    """The server will never take this message."""

    message = _l("The mail server does not take mail for this address. Check the address.")


@dataclass(frozen=True, slots=True)
class Message:
    """What a message says; `%(name)s` stands for a value given when it is sent."""

    code: str
    subject: str
    body: str


_messages: dict[str, Message] = {}


def register(messages: Iterable[Message]) -> None:
    """Makes messages known. Done once at start."""
    _messages.update((message.code, message) for message in messages)


def can_send(settings: Settings) -> bool:
    """Whether the clinic named a mail server."""
    return settings.mail is not None


def send(code: str, *, to: uuid.UUID, by: uuid.UUID | None = None, language: str | None = None, **values: str) -> Job:
    """Sends a message to a member of staff once this transaction is committed. The values are sealed until it is sent.

    `by` is who has it sent and sees it among their work, if anybody.
    """
    private = json.dumps(values) if values else None
    message = _messages[code].code
    return actions.enqueue("send_mail", by=by, private=private, language=language, message=message, to=to)


def _deliver(work: Work) -> Ready:
    server = work.settings.mail
    if server is None:
        raise NoMailServer
    member = session.get_one(StaffMember, uuid.UUID(work.asked["to"]))
    if not member.email:
        raise NoAddress
    letter = _letter(work, member, server)
    session.rollback()  # nothing is held while the server is spoken to
    try:
        _hand_over(letter, server)
    except smtplib.SMTPRecipientsRefused as refused:
        if all(status < 500 for status, _words in refused.recipients.values()):
            raise TryAgain from refused
        raise MailRefused from refused
    except (OSError, smtplib.SMTPException) as silent:
        raise TryAgain from silent
    return Ready()


def _letter(work: Work, member: StaffMember, server: Mail) -> EmailMessage:
    message, values = _messages[work.asked["message"]], json.loads(work.job.private or "{}")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Date"] = server.sender, member.email, formatdate()
    letter["Message-ID"] = f"<{work.job.id.hex}@{server.sender.rpartition('@')[2].strip('>')}>"  # twice is the same
    with languages.using(member.language):
        letter["Subject"] = str(message.subject)
        letter.set_content(str(message.body) % values)
    return letter


def _hand_over(letter: EmailMessage, server: Mail) -> None:
    secure = ssl.create_default_context()
    if server.tls == "tls":
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=secure)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.tls == "starttls":
            line.starttls(context=secure)
        if server.user:
            line.login(server.user, server.password())
        line.send_message(letter)
    finally:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            line.quit()  # a letter that was taken is taken, however the server says goodbye


KIND = JobKind(code="send_mail", label=_l("Mail"), run=_deliver, attempts=ATTEMPTS)
