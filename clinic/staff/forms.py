"""Forms of accounts and sign-in."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, SelectMultipleField
from wtforms.validators import EqualTo, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from clinic.access.permissions import Role
from clinic.languages import LANGUAGES, _l
from clinic.staff.labels import ROLE_LABELS
from clinic.web.fields import LineField, required
from clinic.web.forms import ClinicForm


class SignInForm(ClinicForm):
    """Username and password."""

    username = LineField(
        _l("Username"),
        [required(_l("Enter your username."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"), [required(_l("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


class NewPasswordForm(ClinicForm):
    """A password, twice."""

    password = PasswordField(
        _l("New password"), [required(_l("Choose a password."))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _l("The same again"),
        [EqualTo("password", message=_l("The two are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old = PasswordField(_l("Old password"), [required(_l("Enter the password that you use now."))])


class AccountForm(ClinicForm):
    """Who, in which roles, in which language."""

    name = LineField(_l("Name"), [required(_l("Enter the person's name."))], description=_l("As colleagues say it."))
    roles = SelectMultipleField(
        _l("Roles"),
        [required(_l("Choose at least one role."))],
        choices=lambda: [(role.value, str(text)) for role, text in ROLE_LABELS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Who runs the accounts sees no child, so nobody is coordinator and administrator at once."),
    )
    language = RadioField(
        _l("Language"),
        choices=lambda: [(language.code, language.name) for language in LANGUAGES.values()],
        default="ar",
    )

    @property
    def chosen_roles(self) -> frozenset[Role]:
        """The roles that were chosen."""
        return frozenset(Role(code) for code in self.roles.data or ())


class NewAccountForm(AccountForm):
    """A new account has a username besides, for good."""

    username = LineField(
        _l("Username"),
        [
            required(_l("Choose a username: small letters, digits, dots.")),
            Regexp("^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$", message=_l("Use small Latin letters, digits and dots alone.")),
        ],
        description=_l("For signing in. It stays the same for good: small Latin letters, digits and dots."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )


class CloseAccountForm(ClinicForm):
    """One press that closes an account; it asks nothing."""
