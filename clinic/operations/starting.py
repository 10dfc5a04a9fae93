"""Making a clinic, opening it, serving it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clinic import db, migrating
from clinic.cases import bulk
from clinic.crypto.keyring import MasterKey
from clinic.staff import clinics
from clinic.staff.models import Clinic
from clinic.vocabularies import queries
from config.settings import Settings


class NotReady(Exception):
    """The clinic cannot be made, opened or served; the message says why and what to do."""


def make_clinic(
    settings: Settings,
    *,
    name: str,
    admin: str,
    key_out: Path,
    prefix: str,
    language: str,
    is_demonstration: bool = False,
) -> str:
    """Makes an empty clinic and gives its administrator's one-time link. Raises NotReady, KeyFileProblem."""
    _refuse_place(settings, key_out, is_demonstration)
    _prepare_home(settings)
    database = db.connect(settings.database_url)
    migrating.upgrade(database)
    key = MasterKey.generate()
    try:
        clinic = clinics.make_clinic(
            name=name, prefix=prefix, language=language, key=key, is_demonstration=is_demonstration
        )
        with db.acting(clinic.id):
            _member, token = clinics.first_administrator(clinic, admin)
            key.write(key_out)
            db.session.commit()
    except clinics.ClinicThere:
        raise NotReady("There is a clinic in this database already. `clinic init` runs once.") from None
    finally:
        db.session.remove()
    return f"http://{settings.host}:{settings.port}/welcome/{token}"


def _refuse_place(settings: Settings, key_out: Path, is_demonstration: bool) -> None:
    if not is_demonstration and key_out.is_relative_to(settings.home):
        raise NotReady("The key must not lie inside the clinic's folder. Choose another place for --key-out.")
    if settings.is_embedded and Path(settings.database_url.removeprefix("sqlite:///")).exists():
        raise NotReady(f"There is a clinic in {settings.home} already. `clinic init` runs once.")
    if key_out.exists():
        raise NotReady(f"{key_out} exists already. A key is never written over another.")


def _prepare_home(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.home.chmod(0o700)


def open_clinic(settings: Settings) -> Clinic:
    """Connects the database, checks its revision, opens the key ring and acts for the clinic from here on."""
    if settings.is_embedded and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        raise NotReady(
            f"There is no clinic in {settings.home} yet. Make one with `clinic init`, "
            "or the demonstration with `clinic demo`."
        )
    db.connect(settings.database_url)
    try:
        clinic = clinics.the_clinic()
    except clinics.NoClinicYet:
        raise NotReady("There is no clinic in this database yet. Make one with `clinic init`.") from None
    key = key_of(settings, clinic)
    clinics.open_clinic(key)
    db.current_clinic.set(clinic.id)
    from clinic import rooms

    rooms.wire()
    queries.put_in_force()
    return clinic


def key_of(settings: Settings, clinic: Clinic) -> MasterKey:
    """The key of the clinic: the demonstration's lies beside it, a real clinic's where CLINIC_KEY says."""
    if clinic.is_demonstration:
        return MasterKey.from_file(settings.demo_key_path)
    if settings.key_path is None:
        raise NotReady("CLINIC_KEY is not set. Set it to the path of the clinic's key.")
    return MasterKey.from_file(settings.key_path)


def is_empty(settings: Settings) -> bool:
    """Whether there is no clinic in the database that the settings name."""
    if settings.is_embedded and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return True
    db.connect(settings.database_url)
    try:
        clinics.the_clinic()
    except clinics.NoClinicYet:
        return True
    finally:
        db.session.remove()
    return False


Say = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """How the demonstration is made in an empty home, and what is said of it."""

    make: Callable[[Settings, Say], None]
    announce: Callable[[Settings, Say], None]


def serve(settings: Settings, *, workers: int, say: Say, demonstration: Demonstration) -> None:
    """Serves until Ctrl-C. Where there is no clinic yet, and no key is named, it makes the demonstration first."""
    if is_empty(settings):
        if settings.key_path is not None:
            raise NotReady(f"There is no clinic in {settings.home} yet. Make one with `clinic init`.")
        demonstration.make(settings, say)
    clinic = open_clinic(settings)
    migrating.upgrade(db.database())
    _bring_up_to_date(clinic)
    if clinic.is_demonstration:
        _only_loopback(settings)
        demonstration.announce(settings, say)
    else:
        say(f"Sanad is at http://{settings.host}:{settings.port}/")
    db.session.remove()
    db.database().dispose()
    _gunicorn(settings, workers)


def _bring_up_to_date(clinic: Clinic) -> None:
    """What is derived from the steps of a case follows the rules of the version that is served now."""
    with db.acting(clinic.id):
        bulk.rederive_all()
        db.session.commit()


def _only_loopback(settings: Settings) -> None:
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        raise NotReady("A demonstration serves on this machine alone: leave CLINIC_HOST out, or set it to 127.0.0.1.")


def _gunicorn(settings: Settings, workers: int) -> None:
    """Becomes the server: gunicorn takes this process, so that Ctrl-C reaches it."""
    program = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    config = Path(__file__).parents[2] / "config" / "gunicorn.py"
    arguments = [
        program,
        "--config",
        str(config),
        "--workers",
        str(workers),
        "--bind",
        f"{settings.host}:{settings.port}",
    ]
    os.execv(program, [*arguments, "clinic.operations.serving:application()"])  # noqa: S606 - our own server, no shell
