"""Somebody new comes by a link, sets up an app and a passkey, and signs in with the passkey alone.

Chromium brings the authenticator: one inside the phone, which knows its owner's finger. Passkeys want a name, so the
clinic is opened at localhost.
"""

from __future__ import annotations

import re

import pyotp
import pytest

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.staff import actions
from tests.journeys.walking import Walk

INSIDE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OWN = "olive road window seven"


@pytest.fixture
def named(walk):
    """Opens a browser that comes to the clinic by its name."""

    def opened(language: str) -> Walk:
        one = walk()
        one.address = one.address.replace("127.0.0.1", "localhost")
        return one.goto(f"/language/{language}?back=/sign-in")

    return opened


def authenticator(walker: Walk) -> tuple[object, str]:
    """A phone that asks for a finger. Result: the line to it, and its id."""
    line = walker.page.context.new_cdp_session(walker.page)
    line.send("WebAuthn.enable")
    made = line.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})
    return line, made["authenticatorId"]


def sign_out(walker: Walk) -> None:
    walker.page.locator("details.menu summary").first.click()
    walker.press("Sign out").is_at("/sign-in.*")


def comes_by_the_link(walker: Walk, link: str) -> None:
    walker.goto(link).type("New password", OWN).type("The same again", OWN)
    walker.press("Save and sign in", within="main")


def sets_up_an_app(walker: Walk) -> str:
    """Types the key into an app, and the app's code into the page. Result: the app's secret."""
    walker.press("Set up an app", within="main").look("a picture for the app")
    secret = re.search(r"[A-Z2-7]{32}", walker.text)[0]
    walker.type("The six digits that the app shows", pyotp.TOTP(secret).now()).press("Finish", within="main")
    return secret


def test_a_newcomer_signs_in_with_a_passkey(named, walk, make, language, clinic):
    actions.require_factor_of([Role.COORDINATOR, Role.ADMINISTRATOR])
    samir = actions.add_account(username="samir", name="سمير", roles=[Role.ADMINISTRATOR], language=language)
    token = actions.make_link(samir)
    db.session.commit()

    newcomer = named(language)
    line, phone = authenticator(newcomer)
    comes_by_the_link(newcomer, f"/welcome/{token}")
    newcomer.is_at("/account/protection").look("what must be set up first")
    newcomer.goto("/accounts").is_at("/account/protection")

    secret = sets_up_an_app(newcomer)
    newcomer.look("recovery codes").press("Add a passkey", within="main")
    newcomer.page.get_by_text(newcomer.words("The passkey is set up. You can sign in with it alone.")).wait_for()
    newcomer.look("app and passkey")
    assert len(line.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]) == 1
    newcomer.goto("/accounts").is_at("/accounts")

    sign_out(newcomer)
    newcomer.look("the way in").press("Sign in with a passkey", within="main")
    newcomer.page.wait_for_url("**/desk")

    sign_out(newcomer)
    newcomer.type("Username", "samir").type("Password", OWN).press("Sign in", within="main form")
    newcomer.is_at("/sign-in/second.*").look("the second step")
    later = pyotp.TOTP(secret).generate_otp(pyotp.TOTP(secret).timecode(clock.now()) + 1)
    newcomer.type("Code", later).press("Sign in", within="main form.form").is_at("/desk.*")

    sign_out(newcomer)
    line.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    newcomer.press("Sign in with a passkey", within="main")
    newcomer.page.get_by_text(
        newcomer.words("Nothing came from the passkey. Press once more, or take the other way.")
    ).wait_for()
    newcomer.is_at("/sign-in.*").look("a finger that is not known")
