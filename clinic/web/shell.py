"""What every page has around it: navigation, the person, the language switch, addresses of assets."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request

from clinic import clock, formats, languages
from clinic.access.permissions import Permission, Role
from clinic.access.policy import is_granted, may
from clinic.languages import _l
from clinic.vocabularies import lists
from clinic.web.addresses import url_for
from clinic.web.compiled import Compiled
from clinic.web.templating import once

STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    key: str
    label: str
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    label: str
    endpoint: str
    icon: str
    permission: Permission


P = Permission
_NAV = (
    _Entry("desk", _l("My desk"), "desk.show", "home", P.DESK_READ),
    _Entry("cases", _l("Cases"), "cases.mine", "people", P.CASE_READ),
    _Entry("calendar", _l("Calendar"), "desk.calendar", "calendar", P.CASE_READ),
    _Entry("reports", _l("Reports"), "reports.show", "chart", P.REPORT_READ),
    _Entry("activities", _l("Activities"), "activities.index", "activity", P.ACTIVITY_READ),
    _Entry("staff", _l("Accounts"), "staff.accounts", "people", P.STAFF_WRITE),
)
_CALL = _Entry("call", _l("Call"), "calls.start", "phone", P.CALL_TAKE)
_TABS = (_NAV[0], _NAV[1], _CALL, _NAV[2], _NAV[3], _NAV[5])
_OWN = (
    _Entry("emergency", _l("I need a child's file now"), "emergency.start", "key", P.EMERGENCY_OPEN),
    _Entry("intakes", _l("Referrals to us"), "cases.intakes", "referral", P.INTAKE_READ),
    _Entry("group", _l("Group session"), "counselling.record_group", "counselling", P.GROUP_SESSION),
    _Entry("register", _l("Import and export"), "register.show", "paper", P.REGISTER_EXPORT),
    _Entry("targets", _l("Targets"), "targets.index", "chart", P.TARGET_EDIT),
    _Entry("lists", _l("Lists"), "vocabularies.index", "list", P.VOCABULARY_EDIT),
    _Entry("looks", _l("Who looked"), "oversight.index", "eye", P.AUDIT_READ),
    _Entry("retention", _l("How long files stay"), "retention.index", "folder", P.RETENTION_MANAGE),
    _Entry("runs", _l("Files whose time is over"), "retention.runs", "folder", P.RETENTION_AGREE),
    _Entry("law", _l("Limits of the law"), "law.show", "court", P.RULES_READ),
    _Entry("jobs", _l("My work"), "jobs.index", "tasks", P.SIGNED_IN),
    _Entry("seal", _l("Seal the clinic"), "operations.show_seal", "lock", P.SIGNED_IN),
    _Entry("own_looks", _l("What I looked at"), "oversight.mine", "eye", P.CASE_READ),
    _Entry("account", _l("My account"), "staff.account", "person", P.SIGNED_IN),
)


def _links_of(app: Flask) -> Callable[[tuple[_Entry, ...]], tuple[Link, ...]]:
    """The entries of the navigation for whoever reads: made once for the same roles on the same page of it."""

    @lru_cache(maxsize=256)
    def made(entries: tuple[_Entry, ...], roles: frozenset[Role], here: str | None, _root: str) -> tuple[Link, ...]:
        return tuple(
            Link(entry.key, entry.label, url_for(entry.endpoint), entry.icon, entry.endpoint == here)
            for entry in entries
            if entry.endpoint in app.view_functions and is_granted(roles, entry.permission)
        )

    def links(entries: tuple[_Entry, ...]) -> tuple[Link, ...]:
        here = request.endpoint if any(entry.endpoint == request.endpoint for entry in entries) else None
        return made(entries, g.reader.roles, here, request.script_root)

    return links


def asset(name: str) -> str:
    """The address of a static file, with a fingerprint of its content, so that it can be kept for a year."""
    return _asset(request.script_root, name, os.stat(f"{STATIC}/{name}").st_mtime)


@lru_cache(maxsize=256)
def _asset(_root: str, name: str, _changed: float) -> str:
    content = hashlib.sha256((STATIC / name).read_bytes())
    return url_for("static", filename=name, v=content.hexdigest()[:10])


def init_app(app: Flask, *, demo: bool) -> None:
    """Puts the shell around every template."""
    app.jinja_env.bytecode_cache = Compiled()
    languages.install_jinja(app.jinja_env)
    formats.install_jinja(app.jinja_env)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, demo=demo, label=lists.label, today=clock.today, url_for=url_for)
    app.jinja_env.filters["once"] = once
    app.jinja_env.filters["label"] = lambda code, name: lists.label(name, code)
    links = _links_of(app)
    app.context_processor(lambda: _around(app, links))

    @app.after_request
    def _keep_assets(response: Any) -> Any:
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _around(app: Flask, links: Callable[[tuple[_Entry, ...]], tuple[Link, ...]]) -> dict[str, Any]:
    reader = g.get("reader")
    around: dict[str, Any] = {
        "language": languages.current_language(),
        "reader": reader,
        "nav": (),
        "tabs": (),
        "own_pages": (),
    }
    around["may"] = lambda permission, record=None: may(reader, Permission(permission), record)
    around["language_url"] = url_for("staff.speak", code=languages.current_language().other.code, back=_here())
    if reader is None:
        return around
    has: Callable[[str], bool] = app.view_functions.__contains__
    around |= {"nav": links(_NAV), "tabs": links(_TABS), "own_pages": links(_OWN)}
    around["home_url"] = url_for("desk.show") if has("desk.show") else "/"
    around["search_url"] = url_for("children.search") if has("children.search") and may(reader, P.CHILD_READ) else None
    around["call_url"] = url_for("calls.start") if has("calls.start") and may(reader, P.CALL_TAKE) else None
    around["results_waiting"] = 0 if request.blueprint == "jobs" else g.signed_in.staff_member.results_waiting
    around["sign_out_url"] = url_for("staff.sign_out")
    return around


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"
