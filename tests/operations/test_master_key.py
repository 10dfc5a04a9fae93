"""Where the clinic's master key comes from, and changing it."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinic import db
from clinic.cli import main
from clinic.crypto import current
from clinic.crypto.keyring import KeyProblem, MasterKey, WrongKey
from clinic.crypto.slots import KeySlots, ShortPassphrase, Stretch, refuse_short
from clinic.operations import keys, rotating, starting
from clinic.staff import clinics
from config.settings import Settings
from tests.operations.test_encrypted_file import begin, home, leave, typed  # noqa: F401 - fixtures

WORDS = "زيت زعتر حجر بئر باب سنديان"


@pytest.fixture
def begun(typed, tmp_path, home):  # noqa: F811
    """A clinic with encrypted files and a key in a file."""
    begin(typed, tmp_path)
    return Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")


def kept_of(old: MasterKey, settings: Settings) -> Path:
    """Where the old key is kept."""
    return settings.key_path.with_name(f"key.before-{old.fingerprint.hex()}")


def cookie_secret(settings: Settings) -> bytes:
    """What cookies are signed with."""
    starting.open_clinic(settings)
    secret = current.ring().derive("session cookie")
    leave()
    return secret


def test_a_new_master_key_takes_the_place_of_the_old_one(typed, begun):  # noqa: F811
    old, cookies = MasterKey.from_file(begun.key_path), cookie_secret(begun)

    answer = typed("keys", "rotate-master")

    assert answer.exit_code == 0, answer.output
    new = MasterKey.from_file(begun.key_path)
    assert new.fingerprint != old.fingerprint
    assert MasterKey.from_file(kept_of(old, begun)).fingerprint == old.fingerprint
    assert stat.S_IMODE(begun.key_path.stat().st_mode) == 0o600
    assert [slot.fingerprint for slot in KeySlots.read(begun.slots_path).slots] == [new.fingerprint.hex()]
    assert "maryam" in typed("user", "list").output
    assert typed("user", "list", CLINIC_KEY=str(kept_of(old, begun))).exit_code == 2
    assert cookie_secret(begun) == cookies


@pytest.mark.parametrize("stopped_before", ["_rewrap", "_put_in_place", "_leave_slots"])
def test_a_change_of_the_master_key_that_was_killed_is_gone_on_with(typed, begun, monkeypatch, stopped_before):  # noqa: F811
    def killed(*_said: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, contextlib.suppress(KeyboardInterrupt):
        patched.setattr(rotating, stopped_before, killed)
        rotating.rotate_master(begun, rotating.Place())
    leave()

    answer = typed("keys", "rotate-master")
    assert answer.exit_code == 0, answer.output
    assert "maryam" in typed("user", "list").output
    assert len(KeySlots.read(begun.slots_path).slots) == 1


def test_a_running_server_keeps_working_and_reads_further_keys(begun):
    starting.open_clinic(begun)
    ring = current.ring()
    rotating.rotate_master(begun, rotating.Place())
    clinic = clinics.the_clinic()
    opened = rotating.KeyRing.open(
        MasterKey.from_file(begun.key_path), clinics.wrapped_keys(clinic.id)
    )  # another process
    made = opened.add("identity")
    ring.learn(opened.wrapped_rows(), lambda: keys.key_of(begun))
    assert ring.current_number("identity") == made.number


def test_the_new_key_may_be_put_elsewhere(typed, begun, tmp_path):  # noqa: F811
    answer = typed("keys", "rotate-master", "--key-out", str(tmp_path / "elsewhere"))
    assert answer.exit_code == 0, answer.output
    assert "maryam" in typed("user", "list", CLINIC_KEY=str(tmp_path / "elsewhere")).output


def test_a_key_of_the_demonstration_is_no_new_key(typed, begun, tmp_path):  # noqa: F811
    MasterKey.generate(is_demonstration=True).write(tmp_path / "demo.key")
    answer = typed("keys", "rotate-master", "--key-out", str(tmp_path / "demo.key"))
    assert answer.exit_code == 1
    assert "demonstration" in answer.output


def test_keys_are_listed_without_their_secrets(typed, begun):  # noqa: F811
    answer = typed("keys", "show")
    assert "identity" in answer.output
    assert "in use" in answer.output
    assert MasterKey.from_file(begun.key_path).text not in answer.output


@pytest.mark.parametrize("more", [[], ["--plain-file"]])
def test_a_clinic_may_be_begun_with_a_passphrase(home, tmp_path, more):  # noqa: F811
    env = {"CLINIC_HOME": str(home), "CLINIC_KEY": "ask"}
    words = ["init", "--name", "C", "--admin", "maryam", "--passphrase", *more]
    made = CliRunner().invoke(main, words, input=f"{WORDS}\n{WORDS}\n", env=env)
    leave()
    assert made.exit_code == 0, made.output
    right = CliRunner().invoke(main, ["user", "list"], input=f"  {WORDS} \n", env=env)
    leave()
    assert "maryam" in right.output
    wrong = CliRunner().invoke(main, ["user", "list"], input="another\n", env=env)
    leave()
    assert (wrong.exit_code, "not the passphrase" in wrong.output) == (2, True)
    nobody = CliRunner().invoke(main, ["user", "list"], input="", env=env)
    leave()
    assert (nobody.exit_code, "nobody to ask" in nobody.output) == (2, True)


def test_a_passphrase_takes_the_place_of_a_key(typed, begun, monkeypatch):  # noqa: F811
    rotating.rotate_master(begun, rotating.Place(passphrase=WORDS))
    leave()
    monkeypatch.setattr(keys, "ask", lambda _question: WORDS)
    assert "maryam" in typed("user", "list", CLINIC_KEY="ask").output
    assert typed("user", "list").exit_code == 2


def test_a_short_passphrase_is_refused():
    with pytest.raises(ShortPassphrase):
        refuse_short("short  " + " " * 30)


def test_a_passphrase_is_the_same_however_it_is_spelled():
    stretch = Stretch("00" * 16, kibibytes=64)
    assert stretch.master("cafe\u0301  six words").fingerprint == stretch.master("caf\u00e9 six words").fingerprint


def test_the_key_may_stand_in_the_setting_itself(typed, begun):  # noqa: F811
    text = MasterKey.from_file(begun.key_path).text
    assert "maryam" in typed("user", "list", CLINIC_KEY=text).output
    assert text not in repr(Settings.from_environment({"CLINIC_KEY": text}))
    assert typed("user", "list", CLINIC_KEY=text[:-5]).exit_code == 2


def test_the_workers_get_the_key_in_memory_and_not_in_the_environment(begun, monkeypatch):
    key = MasterKey.from_file(begun.key_path)
    monkeypatch.setenv("CLINIC_KEY", key.text)
    given = keys.hand_over(Settings.from_environment(), key)
    environment = keys.environment_for_workers(given)
    assert key.text not in str(environment)
    theirs = Settings.from_environment(environment)
    assert keys.key_of(theirs).fingerprint == key.fingerprint
    keys.take_back(theirs)
    with pytest.raises(KeyProblem, match="Start the server again"):
        keys.key_of(theirs)
    os.close(given.key_handed)


def test_a_real_clinic_is_not_opened_by_the_demonstrations_key(begun):
    starting.connect(begun)
    clinic = clinics.the_clinic()
    with pytest.raises(starting.NotReady, match="demonstration"):
        starting.refuse_mixing(clinic, MasterKey.from_file(begun.key_path).as_demonstration())
    leave()
    with pytest.raises(WrongKey):
        starting.open_clinic(begun, MasterKey.generate(is_demonstration=True))


@pytest.fixture
def demonstration(tmp_path):
    """An empty clinic that is a demonstration."""
    settings = Settings(home=tmp_path / "demo", database_url=f"sqlite:///{tmp_path / 'demo' / 'clinic.db'}")
    starting.make_clinic(
        settings,
        name="D",
        admin="admin",
        key=starting.NewKey(settings.demo_key_path),
        prefix="DH",
        language="en",
        is_demonstration=True,
    )
    yield settings
    leave()


def test_a_demonstration_is_not_opened_by_a_real_key(demonstration, tmp_path):
    assert demonstration.demo_key_path.read_text().startswith("sanad-demo-key-")
    with pytest.raises(starting.NotReady, match="Leave CLINIC_KEY out"):
        starting.open_clinic(demonstration, MasterKey.generate())
    assert starting.open_clinic(demonstration).is_demonstration
    assert not db.database().file_key
