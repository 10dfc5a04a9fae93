"""Over HTTPS the cookies are for this host alone by their very names; elsewhere they have the plain ones."""

from __future__ import annotations

from contextvars import Context
from dataclasses import replace

import pytest

from clinic import create_app, db
from tests.makers import PASSWORD

NEW_BROWSER = "Your account was used in a browser"


def opened(client, scheme="https"):
    """What a browser is shown, in a context of its own as on a server."""
    return Context().run(client.get, "/account", base_url=f"{scheme}://localhost")


def value_of(cookies, name):
    """What one of the cookies holds."""
    cookie = next(each for each in cookies if each.startswith(f"{name}="))
    return cookie.partition("=")[2].partition(";")[0]


@pytest.fixture
def signed_in(make, settings):
    """Signs in, in a clinic whose cookies are secure or not: the browser, and the cookies that it was given."""
    make.lawyer("Huda")

    def sign_in(scheme="https", secure=True, kept=()):
        app = create_app(replace(settings, secure_cookies=secure))
        app.config["WTF_CSRF_ENABLED"] = False
        client = app.test_client()
        for name, value in kept:
            client.set_cookie(name, value)
        said = {"username": "huda", "password": PASSWORD}
        db.session.commit()
        answer = Context().run(client.post, "/sign-in", data=said, base_url=f"{scheme}://localhost")
        assert answer.status_code == 303
        return client, answer.headers.getlist("Set-Cookie")

    return sign_in


def test_over_https_both_cookies_are_for_this_host_alone(signed_in):
    _client, cookies = signed_in()
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-sanad", "__Host-sanad_device"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert parts >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
        assert not any(part.startswith("Domain") for part in parts)


@pytest.mark.parametrize(("scheme", "secure"), [("http", True), ("http", False), ("https", False)])
def test_where_a_browser_would_refuse_the_name_the_plain_one_stands(signed_in, scheme, secure):
    _client, cookies = signed_in(scheme, secure)
    assert {cookie.partition("=")[0] for cookie in cookies} == {"sanad", "sanad_device"}
    assert all(("Secure" in cookie) == secure for cookie in cookies)


def test_a_cookie_under_the_plain_name_signs_nobody_in_over_https(signed_in):
    client, cookies = signed_in()
    assert opened(client).status_code == 200
    client.delete_cookie("__Host-sanad")
    client.set_cookie("sanad", value_of(cookies, "__Host-sanad"))
    assert opened(client).status_code == 303


def test_a_browser_that_was_known_by_the_plain_name_stays_known(signed_in):
    _client, cookies = signed_in("http", secure=False)
    client, _cookies = signed_in(kept=[("sanad_device", value_of(cookies, "sanad_device"))])
    assert NEW_BROWSER not in opened(client).get_data(as_text=True)


def test_a_browser_that_is_not_known_is_told_of(signed_in):
    signed_in()
    client, _cookies = signed_in()
    assert NEW_BROWSER in opened(client).get_data(as_text=True)
