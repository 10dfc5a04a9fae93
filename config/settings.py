"""The settings of a clinic, typed, from the environment alone.

A default stands only where it is right in production and harmless in public. What is wrong is named in one sentence by
`SettingsProblem`, which the command turns into exit status 2.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


class SettingsProblem(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a process needs to know before it starts."""

    home: Path  # CLINIC_HOME: the embedded database and the files
    database_url: str  # CLINIC_DATABASE_URL
    key_path: Path | None = None  # CLINIC_KEY: the clinic's key, never under home
    host: str = "127.0.0.1"  # CLINIC_HOST
    port: int = 5000  # PORT
    idle_minutes: int = 20  # CLINIC_IDLE_MINUTES: short on purpose, desks are shared
    session_hours: int = 12  # CLINIC_SESSION_HOURS: signed out at the latest after
    small_number: int = 5  # CLINIC_SMALL_NUMBER: k of the public edition
    trusted_proxies: int = 0  # CLINIC_TRUSTED_PROXIES: how many proxies stand before the server
    secure_cookies: bool = True  # CLINIC_SECURE_COOKIES: only a demonstration on loopback goes without
    upload_megabytes: int = 16  # CLINIC_UPLOAD_MEGABYTES
    weekend: tuple[int, ...] = (4, 5)  # CLINIC_WEEKEND: friday,saturday; weekdays from Monday, which is 0

    @property
    def demo_key_path(self) -> Path:
        """The demonstration's key, the only one that lies beside its data."""
        return self.home / "demo.key"

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the file under home."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the environment gives. Raises SettingsProblem."""
        home = Path(environment.get("CLINIC_HOME") or CHECKOUT / ".home").expanduser().absolute()
        key = environment.get("CLINIC_KEY")
        settings = cls(
            home=home,
            database_url=environment.get("CLINIC_DATABASE_URL") or f"sqlite:///{home / 'clinic.db'}",
            key_path=Path(key).expanduser().absolute() if key else None,
            host=environment.get("CLINIC_HOST") or cls.host,
            port=_whole(environment, "PORT", cls.port, 1, 65535),
            idle_minutes=_whole(environment, "CLINIC_IDLE_MINUTES", cls.idle_minutes, 1, 24 * 60),
            session_hours=_whole(environment, "CLINIC_SESSION_HOURS", cls.session_hours, 1, 24 * 7),
            small_number=_whole(environment, "CLINIC_SMALL_NUMBER", cls.small_number, 2, 50),
            trusted_proxies=_whole(environment, "CLINIC_TRUSTED_PROXIES", cls.trusted_proxies, 0, 5),
            secure_cookies=_yes_or_no(environment, "CLINIC_SECURE_COOKIES", cls.secure_cookies),
            upload_megabytes=_whole(environment, "CLINIC_UPLOAD_MEGABYTES", cls.upload_megabytes, 1, 512),
            weekend=_weekdays(environment, "CLINIC_WEEKEND", cls.weekend),
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


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekdays(environment: Mapping[str, str], name: str, default: tuple[int, ...]) -> tuple[int, ...]:
    text = environment.get(name)
    if not text:
        return default
    days = [day.strip().lower() for day in text.split(",")]
    if not set(days) <= set(_WEEKDAYS):
        raise SettingsProblem(f"{name} must be weekdays such as friday,saturday, not {text!r}.")
    return tuple(_WEEKDAYS.index(day) for day in days)
