"""Somebody new is agreed to, comes by a link, sets up an app and a passkey, and signs in with the passkey alone.

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


def test_a_coordinator_agrees_to_who_is_new_and_hands_over_for_who_leaves(walk, make):
    adam, nadia, huda = make.administrator("Adam"), make.coordinator("Nadia"), make.lawyer("Huda")
    make.case(team=[huda], child=make.child("كرم", "التجريبي"))
    administrator, coordinator = walk(adam), walk(nadia)

    administrator.goto("/accounts/add").type("Username", "salma").type("Name", "سلمى").tick("Counsellor")
    administrator.press("Add the account", within="main").look("waiting for a coordinator")
    account = administrator.path
    coordinator.goto("/desk").look("a desk with somebody to agree to").follow("/accounts/requests").look("who is new")
    coordinator.press("Agree", within="main").sees("Agreed. The administrator is told.")
    administrator.goto(account).sees("A coordinator agreed to a new link")
    administrator.press("Make a new link", within="main").look("the link")
    link = administrator.page.locator("main").get_by_text("/welcome/").first.inner_text()
    newcomer = walk()
    comes_by_the_link(newcomer, "/welcome/" + link.split("/welcome/")[1].split()[0])
    newcomer.is_at("/desk.*").goto("/account").look("her account")
    newcomer.goto("/account/prove?back=/account").look("is it still you")
    newcomer.type("Password", OWN).press("Yes, go on", within="main").is_at("/account")

    administrator.goto(f"/accounts/{huda.id}/close").look("an account with an open case")
    administrator.press("Close the account", within="main").goto("/accounts").look("somebody leaves")
    coordinator.goto("/accounts/leaving").look("cases to hand over").sees("Huda")
