"""What roles and states of accounts are called."""

from collections.abc import Iterable

from clinic.access.permissions import Role
from clinic.languages import _, _l
from clinic.staff.models import AccountState

ROLE_LABELS = {
    Role.LAWYER: _l("Lawyer"),
    Role.COUNSELLOR: _l("Counsellor"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

STATE_LABELS = {
    AccountState.WAITING: _l("Waiting for the first sign-in"),
    AccountState.OPEN: _l("Open"),
    AccountState.CLOSED: _l("Closed"),
}


def roles_in_words(roles: Iterable[str]) -> str:
    """Lawyer, counsellor: in the reader's language."""
    return _(", ").join(str(ROLE_LABELS[Role(role)]) for role in roles)
