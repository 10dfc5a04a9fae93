"""What roles and states of accounts are called."""

from collections.abc import Callable, Iterable

from clinic.access.permissions import Role
from clinic.languages import _, _l, _n
from clinic.staff.models import AccountState

ROLE_LABELS = {
    Role.LAWYER: _l("Lawyer"),
    Role.COUNSELLOR: _l("Counsellor"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

STATE_LABELS = {
    AccountState.WAITING: _l("Waiting for the first sign-in"),
    AccountState.OPEN: _l("In use"),
    AccountState.LEAVING: _l("Leaving: cases wait to be handed over"),
    AccountState.CLOSED: _l("Account closed"),
}

MEANS_LABELS = {
    "password": _l("with the password"),
    "code": _l("with password and code"),
    "recovery": _l("with password and recovery code"),
    "passkey": _l("with a passkey"),
    "link": _l("with the one-time link"),
}

_NOTICES = {
    "locked": _l("Somebody typed a wrong password for your account six times. Further tries had to wait."),
    "password_changed": _l("Your password was changed."),
    "code_app_added": _l("An app for codes was set up for your account."),
    "code_app_removed": _l("The app for codes was removed from your account."),
    "passkey_added": _l("A passkey was added to your account."),
    "passkey_removed": _l("A passkey was removed from your account."),
    "factors_renewed": _l("All passkeys and the app for codes were removed from your account."),
    "factor_added": _l("A passkey or an app for codes was added to your account."),
    "factor_removed": _l("A passkey or the app for codes was removed from your account."),
    "new_device": _l("Your account was used in a browser in which it was never used before."),
    "roles_changed": _l("Your roles were changed."),
    "link_made": _l("The administrator made a new one-time link for your account."),
    "signed_out": _l("The administrator signed you out everywhere."),
    "factor_rule": _l("Whose sign-in needs two steps was changed."),
    "request_waiting": _l("An administrator asks a coordinator to agree to something about an account."),
    "request_agreed": _l("A coordinator agreed to what you asked for an account."),
    "request_refused": _l("A coordinator did not agree to what you asked for an account."),
    "link_from_machine": _l("A link for an account that reads children was made on the clinic's computer itself."),
    "emergency_opened": _l("Somebody opened a case of yours in an emergency. Who and why stands among your tasks."),
    "run_waiting": _l("Files whose time is over wait for a second person, who has to agree within a day."),
    "note_shared": _l("Somebody of your team shares a note of a case with you."),
    "team_joined": _l("Somebody was put on the team of a case of yours."),
    "team_joined_oneself": _l("A coordinator put themself on the team of a case of yours."),
    "conflict_decided": _l(
        "A coordinator found a conflict of interest in a case of yours. Speak with them before you go on with it."
    ),
    "conflict_settled": _l("A case in which you were to ask the coordinator first is settled. You can go on with it."),
    "backup_failed": _l("The clinic could not be copied. Why, and what to do, stands on your desk."),
    "somebody_leaves": _l("Somebody leaves the clinic. Their open cases wait to be handed over."),
}


def notice_in_words(what: str, number: int | None) -> str:
    """A notice, as its owner reads it."""
    if what == "refused":
        return _n(
            "%(num)d wrong try to sign in to your account since you were last here.",
            "%(num)d wrong tries to sign in to your account since you were last here.",
            number or 0,
        )
    if what == "recovery_used":
        return _n(
            "A recovery code was used. %(num)d is left.", "A recovery code was used. %(num)d are left.", number or 0
        )
    if number and what in _OF_MANY_CASES:
        return str(_OF_MANY_CASES[what](number))
    return str(_NOTICES[what])


_OF_MANY_CASES: dict[str, Callable[[int], str]] = {
    "team_joined": lambda number: _n(
        "Somebody was put on the team of %(num)d case of yours.",
        "Somebody was put on the team of %(num)d cases of yours.",
        number,
    ),
    "team_joined_oneself": lambda number: _n(
        "A coordinator put themself on the team of %(num)d case of yours.",
        "A coordinator put themself on the team of %(num)d cases of yours.",
        number,
    ),
    "cases_taken_over": lambda number: _n(
        "%(num)d case was handed over to you. It is among your cases.",
        "%(num)d cases were handed over to you. They are among your cases.",
        number,
    ),
}


def roles_in_words(roles: Iterable[str]) -> str:
    """Lawyer, counsellor: in the reader's language."""
    return _(", ").join(str(ROLE_LABELS[Role(role)]) for role in roles)
