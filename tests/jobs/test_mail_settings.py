"""Which mail server the clinic names: nothing by chance, nothing in clear across a network."""

from __future__ import annotations

import pytest

from config.settings import Settings, SettingsProblem

NAMED = {"CLINIC_MAIL_HOST": "mail.clinic.test", "CLINIC_MAIL_FROM": "sanad@clinic.test"}


def test_a_clinic_that_names_no_server_has_none():
    assert Settings.from_environment({}).mail is None


def test_a_named_server_is_spoken_to_in_secret():
    mail = Settings.from_environment(NAMED).mail
    assert (mail.host, mail.port, mail.tls, mail.user) == ("mail.clinic.test", 587, "starttls", None)


def test_the_password_stands_in_a_file_of_its_own(tmp_path):
    (tmp_path / "password").write_text("four words of its own\n")
    mail = Settings.from_environment(NAMED | {"CLINIC_MAIL_PASSWORD_FILE": str(tmp_path / "password")}).mail
    assert mail.password() == "four words of its own"
    assert "four words" not in repr(mail)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"CLINIC_MAIL_FROM": ""}, "CLINIC_MAIL_FROM"),
        ({"CLINIC_MAIL_TLS": "maybe"}, "CLINIC_MAIL_TLS"),
        ({"CLINIC_MAIL_TLS": "no"}, "CLINIC_MAIL_TLS"),
        ({"CLINIC_MAIL_PORT": "0"}, "CLINIC_MAIL_PORT"),
    ],
)
def test_what_is_wrong_is_named(changed, named):
    with pytest.raises(SettingsProblem, match=named):
        Settings.from_environment(NAMED | changed)
