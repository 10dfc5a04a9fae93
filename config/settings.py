"""The settings of a clinic, typed, from the environment alone.

A default stands only where it is right in production and harmless in public. What is wrong is named in one sentence by
`SettingsProblem`, which the command turns into exit status 2.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
_KEY_TEXT = ("sanad-key-1:", "sanad-demo-key-1:")


class SettingsProblem(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """The server through which the clinic sends mail. Without CLINIC_MAIL_HOST there is none."""

    host: str  # CLINIC_MAIL_HOST
    sender: str  # CLINIC_MAIL_FROM
    port: int = 587  # CLINIC_MAIL_PORT
    user: str | None = None  # CLINIC_MAIL_USER
    password_file: Path | None = None  # CLINIC_MAIL_PASSWORD_FILE: never in the environment itself
    tls: str = "starttls"  # CLINIC_MAIL_TLS: starttls, tls, or no on this machine alone

    def password(self) -> str:
        """The password, read when it is needed."""
        return self.password_file.read_text(encoding="utf-8").strip() if self.password_file else ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know before it starts."""

    home: Path  # CLINIC_HOME: the embedded database and the files
    database_url: str  # CLINIC_DATABASE_URL
    key_path: Path | None = None  # CLINIC_KEY: the clinic's key, never under home
    key_text: str | None = field(default=None, repr=False)  # CLINIC_KEY: the key itself, as a service's secret
    key_asked: bool = False  # CLINIC_KEY=ask: a passphrase is asked for at start
    key_handed: int | None = None  # CLINIC_KEY_HANDED: where the server left the key for its workers, in memory
    encrypted_file: bool | None = None  # CLINIC_ENCRYPTED_FILE: whether `init` encrypts the database's files
    host: str = "127.0.0.1"  # CLINIC_HOST
    port: int = 5000  # PORT
    idle_minutes: int = 20  # CLINIC_IDLE_MINUTES: short on purpose, desks are shared
    session_hours: int = 12  # CLINIC_SESSION_HOURS: signed out at the latest after
    emergency_hours: int = 8  # CLINIC_EMERGENCY_HOURS: so long an emergency access to a case lasts
    small_number: int = 5  # CLINIC_SMALL_NUMBER: k of the public edition
    pages_a_minute: int = 120  # CLINIC_PAGES_A_MINUTE: so many one person may ask for; 0 counts none
    trusted_proxies: int = 0  # CLINIC_TRUSTED_PROXIES: how many proxies stand before the server
    secure_cookies: bool = True  # CLINIC_SECURE_COOKIES: only a demonstration on loopback goes without
    upload_megabytes: int = 16  # CLINIC_UPLOAD_MEGABYTES
    weekend: tuple[int, ...] = (4, 5)  # CLINIC_WEEKEND: friday,saturday; weekdays from Monday, which is 0
    retention: Path | None = None  # CLINIC_RETENTION: the clinic's own file of how long files stay
    mail: Mail | None = None  # CLINIC_MAIL_HOST and what begins like it
    backup_to: str | None = None  # CLINIC_BACKUP_TO: a folder outside home, or s3://bucket/folder
    backup_keys: tuple[str, ...] = ()  # CLINIC_BACKUP_KEYS: public keys of age, of two persons or more

    @property
    def demo_key_path(self) -> Path:
        """The demonstration's key, the only one that lies beside its data."""
        return self.home / "demo.key"

    @property
    def slots_path(self) -> Path:
        """The key slots: the key of the encrypted files, wrapped by the clinic's key, and the salt of a passphrase."""
        return self.home / "clinic.keys.json"

    @property
    def server_path(self) -> Path:
        """Where the server says which process it is."""
        return self.home / "server.pid"

    @property
    def names_a_key(self) -> bool:
        """Whether a clinic's key was named."""
        return bool(self.key_path or self.key_text or self.key_asked or self.key_handed is not None)

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the file under home."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the environment gives. Raises SettingsProblem."""
        home = Path(environment.get("CLINIC_HOME") or CHECKOUT / ".home").expanduser().absolute()
        settings = cls(
            home=home,
            database_url=environment.get("CLINIC_DATABASE_URL") or f"sqlite:///{home / 'clinic.db'}",
            **_key(environment),
            encrypted_file=_yes_no_or_left(environment, "CLINIC_ENCRYPTED_FILE"),
            host=environment.get("CLINIC_HOST") or cls.host,
            port=_whole(environment, "PORT", cls.port, 1, 65535),
            idle_minutes=_whole(environment, "CLINIC_IDLE_MINUTES", cls.idle_minutes, 1, 24 * 60),
            session_hours=_whole(environment, "CLINIC_SESSION_HOURS", cls.session_hours, 1, 24 * 7),
            emergency_hours=_whole(environment, "CLINIC_EMERGENCY_HOURS", cls.emergency_hours, 1, 48),
            small_number=_whole(environment, "CLINIC_SMALL_NUMBER", cls.small_number, 2, 50),
            pages_a_minute=_whole(environment, "CLINIC_PAGES_A_MINUTE", cls.pages_a_minute, 0, 6000),
            trusted_proxies=_whole(environment, "CLINIC_TRUSTED_PROXIES", cls.trusted_proxies, 0, 5),
            secure_cookies=_yes_or_no(environment, "CLINIC_SECURE_COOKIES", cls.secure_cookies),
            upload_megabytes=_whole(environment, "CLINIC_UPLOAD_MEGABYTES", cls.upload_megabytes, 1, 512),
            weekend=_weekdays(environment, "CLINIC_WEEKEND", cls.weekend),
            retention=_path(environment, "CLINIC_RETENTION"),
            mail=_mail(environment),
            backup_to=environment.get("CLINIC_BACKUP_TO") or None,
            backup_keys=tuple(environment.get("CLINIC_BACKUP_KEYS", "").replace(",", " ").split()),
        )
        _refuse_what_cannot_be(settings)
        return settings


def _refuse_what_cannot_be(settings: Settings) -> None:
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsProblem(
            "CLINIC_DATABASE_URL must begin with postgresql+psycopg:// or be left out for the embedded database."
        )
    if settings.key_path is not None and settings.key_path.is_relative_to(settings.home):
        raise SettingsProblem("CLINIC_KEY lies inside CLINIC_HOME. Keep the key somewhere else than the data.")
    place = settings.backup_to
    if place and not place.startswith("s3://") and Path(place).expanduser().absolute().is_relative_to(settings.home):
        raise SettingsProblem("CLINIC_BACKUP_TO lies inside CLINIC_HOME. Keep copies somewhere else than the data.")


def _key(environment: Mapping[str, str]) -> dict[str, Any]:
    """Where the clinic's key is: in a file, in the setting itself, in somebody's head, or handed by the server."""
    handed, key = environment.get("CLINIC_KEY_HANDED"), environment.get("CLINIC_KEY")
    if handed and handed.isdecimal():
        return {"key_handed": int(handed)}
    if not key:
        return {}
    if key == "ask":
        return {"key_asked": True}
    if key.startswith(_KEY_TEXT):
        return {"key_text": key}
    return {"key_path": Path(key).expanduser().absolute()}


def _mail(environment: Mapping[str, str]) -> Mail | None:
    host, sender = environment.get("CLINIC_MAIL_HOST"), environment.get("CLINIC_MAIL_FROM", "")
    if not host:
        return None
    tls, password = environment.get("CLINIC_MAIL_TLS") or Mail.tls, environment.get("CLINIC_MAIL_PASSWORD_FILE")
    if "@" not in sender:
        raise SettingsProblem("CLINIC_MAIL_FROM must be the address that the clinic's mail comes from.")
    if tls not in ("starttls", "tls", "no"):
        raise SettingsProblem(f"CLINIC_MAIL_TLS must be starttls, tls or no, not {tls!r}.")
    if tls == "no" and host not in ("127.0.0.1", "localhost", "::1"):
        raise SettingsProblem("CLINIC_MAIL_TLS=no is for a mail server on this machine alone.")
    return Mail(
        host=host,
        sender=sender,
        port=_whole(environment, "CLINIC_MAIL_PORT", Mail.port, 1, 65535),
        user=environment.get("CLINIC_MAIL_USER") or None,
        password_file=Path(password).expanduser().absolute() if password else None,
        tls=tls,
    )


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name)
    return Path(text).expanduser().absolute() if text else None


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingsProblem(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _yes_or_no(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = environment.get(name)
    if not text:
        return default
    if text not in ("yes", "no"):
        raise SettingsProblem(f"{name} must be yes or no, not {text!r}.")
    return text == "yes"


def _yes_no_or_left(environment: Mapping[str, str], name: str) -> bool | None:
    return _yes_or_no(environment, name, False) if environment.get(name) else None


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekdays(environment: Mapping[str, str], name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    text = environment.get(name)
    if not text:
        return default
    days = [day.strip().lower() for day in text.split(",")]
    if not set(days) <= set(_WEEKDAYS):
        raise SettingsProblem(f"{name} must be weekdays such as friday,saturday, not {text!r}.")
    return tuple(_WEEKDAYS.index(day) for day in days)
