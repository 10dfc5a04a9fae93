"""Where a request comes from: the browser's own name for itself, its address, and whether an account was used on it.

A browser in which somebody signed in keeps a cookie of ours: chance, and keyed hashes of the accounts used in it. It
opens nothing; it only keeps who guesses from elsewhere from locking the owner out.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Response

from clinic.crypto import current
from clinic.staff import throttle
from clinic.staff.models import StaffMember
from clinic.staff.origins import Origin, Site
from clinic.web import cookies

COOKIE = "sanad_device"
MOST = 12
A_YEAR = 365 * 24 * 3600


def device() -> str:
    """Address and browser, as a session keeps them for its owner to recognise."""
    return f"{request.remote_addr} {request.user_agent.string}"[:200]


def origin() -> Origin:
    """Where this request comes from, for counting tries."""
    name, accounts = _kept()
    return Origin(name or device(), request.remote_addr or "", tuple(accounts), is_named=bool(name))


def site() -> Site:
    """The site as the browser knows it."""
    return Site(name=request.host.partition(":")[0], origin=f"{request.scheme}://{request.host}")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.ring().derive("known devices"), salt="device")


def _kept() -> tuple[str, list[str]]:
    """The browser's own name and its accounts; it may still have them under the plain name of before."""
    try:
        name, accounts = _signer().loads(request.cookies.get(cookies.named(COOKIE)) or request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return "", []
    return str(name), [str(account) for account in accounts]


def remember(response: Any, member: StaffMember) -> Response:
    """Keeps in the browser that this account was used in it."""
    answer: Response = current_app.make_response(response)
    name, accounts = _kept()
    account = throttle.account_hash(member.username)
    kept = [account, *(each for each in accounts if each != account)][:MOST]
    answer.set_cookie(
        cookies.named(COOKIE),
        str(_signer().dumps([name or secrets.token_urlsafe(12), kept])),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=cookies.are_secure(),
    )
    return answer
