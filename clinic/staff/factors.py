"""The second factor: an app that counts one-time codes, recovery codes on paper. Passkeys stand apart."""

from __future__ import annotations

import secrets
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, select, update

from clinic import clock
from clinic.audit import actions as chain
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import notices, throttle
from clinic.staff.models import CodeApp, Passkey, RecoveryCode, StaffMember
from clinic.typed import latin_digits

STEP = 30  # seconds that a code lasts
DRIFT = (-1, 0, 1)  # a phone's clock may go wrong by one step
CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that reads like something else


class WrongCode(Refusal):
    message = _l("This code is not right, or was used already. Wait for the next one.")
    field = "code"


def new_secret() -> str:
    """A secret for an app, in the letters that apps read."""
    return pyotp.random_base32()


def address_of(member: StaffMember, secret: str) -> str:
    """What the QR code says. It names the program and the username, and not the clinic."""
    return pyotp.TOTP(secret).provisioning_uri(name=member.username, issuer_name="Sanad")


def add_app(member: StaffMember, *, secret: str, code: str) -> list[str]:
    """Keeps the app whose code this is, instead of an older one; gives recovery codes if there were none yet."""
    step = _step_of(secret, code, after=0)
    if step is None:
        raise WrongCode
    session.execute(delete(CodeApp).where(CodeApp.staff_id == member.id))
    session.add(CodeApp(staff_id=member.id, secret=secret, last_step=step))
    return added(member, "account.code_app_added")


def added(member: StaffMember, deed: str) -> list[str]:
    """What follows a new factor of either sort; gives recovery codes if there were none yet."""
    member.factor_since = member.factor_since or clock.now()
    session.flush()
    chain.record(deed, subject=member)
    notices.tell(member, deed.removeprefix("account."))
    return [] if codes_left(member) else new_codes(member)


def app_of(member: StaffMember) -> CodeApp | None:
    """The app of somebody."""
    return session.scalar(select(CodeApp).where(CodeApp.clinic_id == member.clinic_id, CodeApp.staff_id == member.id))


def remove_app(member: StaffMember) -> None:
    """Forgets the app."""
    session.execute(delete(CodeApp).where(CodeApp.staff_id == member.id))
    removed(member, "account.code_app_removed")


def removed(member: StaffMember, deed: str) -> None:
    """What follows a factor that is gone: without any, the recovery codes go too."""
    session.flush()
    passkeys = session.scalar(select(func.count()).where(Passkey.staff_id == member.id))
    if not passkeys and app_of(member) is None:
        session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))
        member.factor_since = None
    session.flush()
    chain.record(deed, subject=member)
    notices.tell(member, deed.removeprefix("account."))


def remove_all(member: StaffMember) -> None:
    """Forgets every factor of somebody who lost them."""
    if member.factor_since is None:
        return
    for model in (CodeApp, Passkey, RecoveryCode):
        session.execute(delete(model).where(model.staff_id == member.id))
    removed(member, "account.factors_renewed")


def new_codes(member: StaffMember) -> list[str]:
    """Ten recovery codes instead of the old ones. Shown once; only keyed hashes are kept."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))
    codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]
    session.add_all([RecoveryCode(staff_id=member.id, code_hash=_hash(member, code)) for code in codes])
    session.flush()
    chain.record("account.recovery_codes_made", subject=member)
    return codes


def _hash(member: StaffMember, code: str) -> str:
    return throttle.keyed(f"recovery {member.id.hex}", code.replace("-", "").replace(" ", "").casefold())


def codes_left(member: StaffMember) -> int:
    """How many recovery codes were not used."""
    unused = select(func.count()).where(
        RecoveryCode.clinic_id == member.clinic_id,
        RecoveryCode.staff_id == member.id,
        RecoveryCode.used_at.is_(None),
    )
    return session.scalar(unused) or 0


def use_code(member: StaffMember, code: str) -> str:
    """Takes a code of the app or a recovery code, each once; gives which it was. Raises WrongCode."""
    digits = latin_digits(code).replace(" ", "")
    if _use_app(member, digits):
        return "code"
    used = session.connection().execute(
        update(RecoveryCode)
        .where(RecoveryCode.staff_id == member.id, RecoveryCode.code_hash == _hash(member, digits))
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:
        raise WrongCode
    notices.tell(member, "recovery_used", codes_left(member))
    return "recovery"


def _use_app(member: StaffMember, digits: str) -> bool:
    app = app_of(member)
    step = _step_of(app.secret or "", digits, after=app.last_step) if app is not None else None
    if app is None or step is None:
        return False
    moved = session.connection().execute(
        update(CodeApp).where(CodeApp.id == app.id, CodeApp.last_step < step).values(last_step=step)
    )
    return moved.rowcount == 1


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """The step of time whose code this is, if it lies after the last one that was used."""
    now, digits = int(clock.now().timestamp()) // STEP, latin_digits(code).replace(" ", "")
    counted = pyotp.TOTP(secret)
    steps = [now + drift for drift in DRIFT]
    right = [step for step in steps if compare_digest(counted.generate_otp(step).encode(), digits.encode())]
    return next((step for step in right if step > after), None)
