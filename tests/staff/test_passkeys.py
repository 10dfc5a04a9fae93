"""Passkeys, answered by a small authenticator of our own; the journeys do the same in Chromium."""

from __future__ import annotations

import hashlib
import json
import secrets

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from clinic import db
from clinic.staff import actions, factors, passkeys
from clinic.staff.models import Passkey
from clinic.staff.origins import Site
from clinic.staff.passkeys import PasskeyRefused
from tests.makers import PASSWORD

SITE = Site("localhost", "http://localhost")
PRESENT, VERIFIED, MAKES = 0x01, 0x04, 0x40


class Authenticator:
    """A stick with one key, which asks for a PIN unless told otherwise."""

    def __init__(self, *, verifies=True, origin=SITE.origin):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count = secrets.token_bytes(16), 0
        self.flags, self.origin = PRESENT | (VERIFIED if verifies else 0), origin

    def _said(self, kind, asked):
        said = {"type": f"webauthn.{kind}", "challenge": json.loads(asked)["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _about(self, flags):
        self.count += 1
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, **response):
        texts = {name: bytes_to_base64url(value) for name, value in response.items()}
        credential_id = bytes_to_base64url(self.id)
        return json.dumps({"id": credential_id, "rawId": credential_id, "type": "public-key", "response": texts})

    def make(self, asked):
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        about = self._about(self.flags | MAKES) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        return self._answer(clientDataJSON=self._said("create", asked), attestationObject=made)

    def use(self, asked):
        about, said = self._about(self.flags), self._said("get", asked)
        signature = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=about, signature=signature)


@pytest.fixture
def keyed():
    """Gives somebody a passkey; the authenticator that holds it."""

    def give(member):
        stick, member = Authenticator(), db.session.merge(member)
        passkeys.add(member, credential=stick.make(passkeys.options_to_make(member, SITE)), site=SITE, device="a stick")
        db.session.commit()
        return stick

    return give


@pytest.mark.databases
def test_a_passkey_alone_signs_its_owner_in(make, browse, keyed):
    stick, browser = keyed(make.lawyer("Huda")), browse()
    browser.get("/sign-in")
    asked = browser.client.get("/passkeys/challenge").get_data(as_text=True)
    assert json.loads(asked)["userVerification"] == "required"
    answer = {"csrf_token": browser.token, "passkey": stick.use(asked)}
    assert browser.send("/sign-in/passkey", answer).location == "/desk"
    assert "with a passkey" in browser.get("/account").text


@pytest.mark.databases
def test_an_answer_is_taken_once(make, keyed):
    stick = keyed(make.lawyer("Huda"))
    answer = stick.use(passkeys.options_to_use(SITE))
    assert passkeys.use(credential=answer, site=SITE).name == "Huda"
    with pytest.raises(PasskeyRefused):
        passkeys.use(credential=answer, site=SITE)


def test_a_question_is_good_for_five_minutes(make, keyed, later):
    stick = keyed(make.lawyer("Huda"))
    answer = stick.use(passkeys.options_to_use(SITE))
    later(minutes=6)
    with pytest.raises(PasskeyRefused):
        passkeys.use(credential=answer, site=SITE)


@pytest.mark.parametrize("spoilt", ["question", "site", "count", "owner", "purpose", "nonsense"])
def test_what_does_not_fit_is_refused(make, keyed, spoilt):
    huda, karim = make.lawyer("Huda"), db.session.merge(make.lawyer("Karim"))
    stick = keyed(huda)
    asked, member = passkeys.options_to_use(SITE), None
    if spoilt == "question":
        asked = json.dumps({"challenge": bytes_to_base64url(secrets.token_bytes(50))})
    if spoilt == "site":
        stick.origin = "https://elsewhere.example"
    if spoilt == "count":
        passkeys.use(credential=stick.use(passkeys.options_to_use(SITE)), site=SITE)
        stick.count = 0
    if spoilt == "owner":
        asked, member = passkeys.options_to_use(SITE, karim), karim
    if spoilt == "purpose":
        asked = passkeys.options_to_make(db.session.merge(huda), SITE)
    answer = "nonsense" if spoilt == "nonsense" else stick.use(asked)
    with pytest.raises(PasskeyRefused):
        passkeys.use(credential=answer, site=SITE, member=member)


def test_a_key_that_asks_for_no_pin_is_not_enough(make):
    huda, stick = db.session.merge(make.lawyer("Huda")), Authenticator(verifies=False)
    with pytest.raises(PasskeyRefused):
        passkeys.add(huda, credential=stick.make(passkeys.options_to_make(huda, SITE)), site=SITE, device="")


def test_the_first_passkey_brings_recovery_codes_and_the_last_takes_them_along(make, browse, fresh_of, keyed):
    huda = make.lawyer("Huda")
    keyed(huda)
    browser = browse(huda)
    assert "10 codes are left" in browser.get("/account/protection").text
    browser.page.submit(form="form[action*='/account/passkeys/'][action$='/remove']").follow()
    assert fresh_of(huda.id).factor_since is None
    assert factors.codes_left(fresh_of(huda.id)) == 0


def test_nobody_removes_the_passkey_of_somebody_else(make, browse, keyed):
    keyed(make.lawyer("Huda"))
    passkey_id = db.session.query(Passkey).one().id
    karim = browse(make.lawyer("Karim"))
    karim.get("/account")
    karim.post(f"/account/passkeys/{passkey_id}/remove", status=404)


def test_a_passkey_follows_a_password_and_proves_again(make, browse, keyed, later):
    stick, browser = keyed(make.administrator("Adam")), browse()
    browser.post("/sign-in", {"username": "adam", "password": PASSWORD})
    browser.get("/sign-in/second")
    asked = browser.client.get("/passkeys/own-challenge").get_data(as_text=True)
    form = "form[data-passkey]"
    assert browser.page.submit({"passkey": stick.use(asked)}, form=form).location == "/desk"
    browser.get("/accounts/add")
    later(minutes=6)
    new = {"name": "Nour", "username": "nour", "roles": ["counsellor"], "language": "en"}
    page = browser.post("/accounts/add", new)
    asked = browser.client.get("/passkeys/own-challenge").get_data(as_text=True)
    answer = {"proof_passkey": stick.use(asked)}
    assert page.submit(answer, form=form).location.startswith("/accounts/")


def test_the_passkey_of_a_closed_account_opens_nothing(make, keyed):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    stick = keyed(huda)
    actions.close_account(db.session.merge(huda), by=adam.id)
    with pytest.raises(PasskeyRefused):
        passkeys.use(credential=stick.use(passkeys.options_to_use(SITE)), site=SITE)
