"""Forms of accounts and sign-in."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectMultipleField
from wtforms.validators import EqualTo, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from clinic.access.permissions import Role
from clinic.languages import LANGUAGES, _l
from clinic.staff.labels import ROLE_LABELS
from clinic.staff.rules import FACTOR_REQUIRED_OF
from clinic.web.fields import LineField, required
from clinic.web.forms import ClinicForm

_NOT_SIGNED_IN = _l("Not signed in yet. Please look at this:")


class SignInForm(ClinicForm):
    """Username and password."""

    refused_as = _NOT_SIGNED_IN
    username = LineField(
        _l("Username"),
        [required(_l("Enter your username."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"), [required(_l("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class SecondFactorForm(ClinicForm):
    """A code of the app, or a recovery code."""

    refused_as = _NOT_SIGNED_IN
    code = LineField(_l("Code"), [required(_l("Type the code that your phone shows."))], render_kw=_CODE)


class PasskeyForm(ClinicForm):
    """What a passkey answered; the script of the page fills it in."""

    passkey = HiddenField()


class ProofForm(ClinicForm):
    """Who it is, once more: one of three. Its names are its own, since what was typed before travels beside them."""

    proof_code = LineField(_l("Code"), render_kw=_CODE)
    proof_password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
    proof_passkey = HiddenField()


class CodeAppForm(SecondFactorForm):
    """The first code of a new app. The secret travels in the form, signed, until the code proves it is known."""

    refused_as = _l("Not saved yet. Please look at this:")
    secret = HiddenField()


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
    email = LineField(
        _l("Mail address"),
        [Optional(), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Write the address as in name@example.org."))],
        description=_l("Mail says only that something about the account waits to be read, and names nobody."),
        render_kw={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"},
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
            Regexp(
                "^[A-Za-z0-9][A-Za-z0-9._-]{1,39}$", message=_l("Use 2 to 40 small Latin letters, digits and dots.")
            ),
        ],
        description=_l("For signing in. It stays the same for good: small Latin letters, digits and dots."),
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )


class FactorRuleForm(ClinicForm):
    """Who signs in with two steps, besides those who always do."""

    roles = SelectMultipleField(
        _l("Two steps are asked of"),
        choices=lambda: [(role.value, str(ROLE_LABELS[role])) for role in Role if role not in FACTOR_REQUIRED_OF],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Of coordinators and administrators always."),
    )

    @property
    def chosen_roles(self) -> frozenset[Role]:
        """Everybody of whom two steps are asked."""
        return frozenset((*FACTOR_REQUIRED_OF, *(Role(code) for code in self.roles.data or ())))


class CloseAccountForm(ClinicForm):
    """One press that closes an account; it asks nothing."""


class NewLinkForm(ClinicForm):
    """A new link; for who lost the second factor too, one that lets them set up a new one."""

    renews_factor = BooleanField(_l("Phone and recovery codes are lost too: two-step verification is set up anew."))


class AnswerRequestForm(ClinicForm):
    """A coordinator agrees or not: the button that was pressed says which."""

    answer = HiddenField()
