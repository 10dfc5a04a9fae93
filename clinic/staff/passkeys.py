"""Passkeys (WebAuthn): made discoverable and asked with the person's presence proven, so that one alone is two factors.

A challenge is not kept until it is used: it says when, for what and for whom it was made, and is signed with a key of
the clinic. It is good for five minutes and is taken once. The library is read when the first passkey is asked for: with
what it needs of certificates it is a tenth of a second, which no start should wait for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from clinic import clock, db
from clinic.access.reader import Reader
from clinic.crypto import current
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import factors
from clinic.staff.models import AccountState, Passkey, SpentChallenge, StaffMember
from clinic.staff.origins import Site

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor
    from webauthn.registration.verify_registration_response import VerifiedRegistration

LASTS = timedelta(minutes=5)
MOST = 10


class PasskeyRefused(Refusal):
    message = _l("This passkey is not known here, or it took too long. Press the button again.")


class TooManyPasskeys(Refusal):
    message = _l("Ten passkeys are enough. Remove one that you no longer use first.")


def _bytes_in(text: str) -> bytes:
    """What a browser writes as base64 for addresses, without padding. Raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _challenge(purpose: str, staff_id: uuid.UUID | None) -> bytes:
    """Twelve bytes of chance, when, and a signature over both and over what it is for."""
    plain = secrets.token_bytes(12) + int(clock.now().timestamp()).to_bytes(6, "big")
    return plain + _signature(plain, purpose, staff_id)


def _signature(plain: bytes, purpose: str, staff_id: uuid.UUID | None) -> bytes:
    bound = plain + (staff_id.bytes if staff_id else b"") + purpose.encode()
    return hmac.digest(current.ring().derive("passkey challenges"), bound, hashlib.sha256)


def _spend(credential: str, purpose: str, staff_id: uuid.UUID | None) -> bytes:
    """The challenge that a passkey answered, if it is ours, young and was not taken before. Raises PasskeyRefused."""
    try:
        said = json.loads(_bytes_in(json.loads(credential)["response"]["clientDataJSON"]))
        challenge = _bytes_in(said["challenge"])
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem
    plain, signature = challenge[:18], challenge[18:]
    if not hmac.compare_digest(signature, _signature(plain, purpose, staff_id)):
        raise PasskeyRefused
    age = clock.now().timestamp() - int.from_bytes(plain[12:], "big")
    spent = hashlib.sha256(challenge).hexdigest()
    taken = select(SpentChallenge.id).where(
        SpentChallenge.clinic_id == db.current_clinic.get(), SpentChallenge.challenge_hash == spent
    )
    if not -5 <= age <= LASTS.total_seconds() or session.scalar(taken) is not None:
        raise PasskeyRefused
    session.execute(
        delete(SpentChallenge).where(
            SpentChallenge.clinic_id == db.current_clinic.get(), SpentChallenge.spent_at < clock.now() - LASTS * 2
        )
    )
    session.add(SpentChallenge(challenge_hash=spent))
    session.flush()
    return challenge


def passkeys_of(staff_id: uuid.UUID) -> Sequence[Passkey]:
    """The passkeys of somebody, the oldest first."""
    return session.scalars(
        select(Passkey)
        .where(Passkey.clinic_id == db.current_clinic.get(), Passkey.staff_id == staff_id)
        .order_by(Passkey.made_at, Passkey.id)
    ).all()


def find_own(passkey_id: uuid.UUID, *, reader: Reader) -> Passkey | None:
    """One of the reader's own passkeys."""
    return session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.staff_id == reader.staff_id))


def options_to_make(member: StaffMember, site: Site) -> str:
    """What the browser is asked for a new passkey, as JSON."""
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name="Sanad",
        user_id=member.id.bytes,
        user_name=member.username,
        user_display_name=member.username,
        challenge=_challenge("make", member.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_described(passkeys_of(member.id)),
    )
    return webauthn.options_to_json(options)


def _described(kept: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=bytes(each.credential_id)) for each in kept]


def add(member: StaffMember, *, credential: str, site: Site, device: str) -> list[str]:
    """Keeps a new passkey; gives recovery codes if there were none yet. Raises PasskeyRefused, TooManyPasskeys."""
    if len(passkeys_of(member.id)) >= MOST:
        raise TooManyPasskeys
    made = _made(credential, _spend(credential, "make", member.id), site)
    if _kept(made.credential_id) is not None:
        raise PasskeyRefused
    session.add(
        Passkey(
            staff_id=member.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            device=device[:200],
        )
    )
    return factors.added(member, "account.passkey_added")


def _made(credential: str, challenge: bytes, site: Site) -> VerifiedRegistration:
    """What a browser made, if it is what it was asked for. Raises PasskeyRefused."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as problem:
        raise PasskeyRefused from problem


def remove(member: StaffMember, passkey: Passkey) -> None:
    """Forgets a passkey."""
    session.delete(passkey)
    factors.removed(member, "account.passkey_removed")


def options_to_use(site: Site, member: StaffMember | None = None) -> str:
    """What the browser is asked for the passkey of somebody, or of whoever sits there, as JSON."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=_challenge("use", member.id if member else None),
        allow_credentials=_described(passkeys_of(member.id)) if member else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def use(*, credential: str, site: Site, member: StaffMember | None = None) -> StaffMember:
    """Whose passkey answered; of this person, if one is named. Raises PasskeyRefused."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _spend(credential, "use", member.id if member else None)
    passkey = _kept(_id_in(credential))
    if passkey is None or (member is not None and passkey.staff_id != member.id):
        raise PasskeyRefused
    try:
        used = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as problem:
        raise PasskeyRefused from problem
    if passkey.staff_member.state != AccountState.OPEN:
        raise PasskeyRefused
    passkey.sign_count, passkey.used_at = used.new_sign_count, clock.now()
    return passkey.staff_member


def _id_in(credential: str) -> bytes:
    try:
        return _bytes_in(json.loads(credential)["rawId"])
    except (ValueError, KeyError, TypeError) as problem:
        raise PasskeyRefused from problem


def _kept(credential_id: bytes) -> Passkey | None:
    return session.scalar(
        select(Passkey).where(Passkey.clinic_id == db.current_clinic.get(), Passkey.credential_id == credential_id)
    )
