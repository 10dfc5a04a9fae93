"""Making a clinic, opening it, serving it."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from clinic import db, embedded, migrating, sizes
from clinic.access.permissions import Role
from clinic.crypto import slots
from clinic.crypto.keyring import KeyFileProblem, MasterKey
from clinic.jobs import spool
from clinic.operations import deriving, hardening, keys, seal, watching
from clinic.staff import clinics
from clinic.staff.models import Clinic
from clinic.vocabularies import queries
from config.settings import Settings

_TRIES_AGAIN = 5.0  # seconds


class NotReady(Exception):
    """The clinic cannot be made, opened or served; the message says why and what to do."""


@dataclass(frozen=True)
class NewKey:
    """The key that a new clinic is given: a file that is made, or a passphrase."""

    path: Path | None = None
    passphrase: str | None = None


def make_clinic(
    settings: Settings,
    *,
    name: str,
    admin: str,
    key: NewKey,
    prefix: str,
    language: str,
    is_demonstration: bool = False,
) -> str:
    """Makes an empty clinic and gives its administrator's one-time link. Raises NotReady and what a key raises."""
    _refuse_place(settings, key.path, is_demonstration)
    _prepare_home(settings)
    master, file_key = _new_keys(settings, key, is_demonstration)
    database = db.connect(settings.database_url, file_key)
    migrating.upgrade(database)
    try:
        clinic = clinics.make_clinic(
            name=name,
            prefix=prefix,
            language=language,
            key=master,
            is_demonstration=is_demonstration,
            factor_required_of=None if is_demonstration else tuple(Role),
        )
        with db.acting(clinic.id):
            _member, token = clinics.first_administrator(clinic, admin)
            if key.path is not None:
                master.write(key.path)
            db.session.commit()
    except clinics.ClinicThere:
        raise NotReady("There is a clinic in this database already. `clinic init` runs once.") from None
    finally:
        db.session.remove()
    return f"http://{settings.host}:{settings.port}/welcome/{token}"


def _new_keys(settings: Settings, key: NewKey, is_demonstration: bool) -> tuple[MasterKey, bytes | None]:
    """The master key, the key of the embedded files if they are to be encrypted, and their slots beside the data."""
    stretch = None
    master = MasterKey.generate(is_demonstration=is_demonstration)
    if key.passphrase is not None:
        slots.refuse_short(key.passphrase)
        stretch = slots.Stretch.new()
        master = stretch.master(key.passphrase)
    file_key = slots.new_file_key() if settings.is_embedded and encrypts_files(settings, is_demonstration) else None
    if stretch or file_key:
        slots.KeySlots().with_slot(master, file_key=file_key, stretch=stretch).write(settings.slots_path)
    return master, file_key


def encrypts_files(settings: Settings, is_demonstration: bool) -> bool:
    """Whether the embedded database is encrypted as a whole: a real clinic's, unless the settings say otherwise."""
    return not is_demonstration if settings.encrypted_file is None else settings.encrypted_file


def _refuse_place(settings: Settings, key_out: Path | None, is_demonstration: bool) -> None:
    if not is_demonstration and key_out is not None and key_out.is_relative_to(settings.home):
        raise NotReady("The key must not lie inside the clinic's folder. Choose another place for --key-out.")
    if has_file(settings) or settings.slots_path.exists():
        raise NotReady(f"There is a clinic in {settings.home} already. `clinic init` runs once.")
    if key_out is not None and key_out.exists():
        raise NotReady(f"{key_out} exists already. A key is never written over another.")


def _prepare_home(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.home.chmod(0o700)


def has_file(settings: Settings) -> bool:
    """Whether the embedded database is there."""
    return settings.is_embedded and embedded.path_of(settings.database_url).exists()


def _refuse_nothing(settings: Settings) -> None:
    if settings.is_embedded and not has_file(settings):
        raise NotReady(
            f"There is no clinic in {settings.home} yet. Make one with `clinic init`, "
            "or the demonstration with `clinic demo`."
        )


def connect(settings: Settings, key: MasterKey | None = None) -> db.Database:
    """Connects the database of the settings; the key is asked for only where its files are encrypted."""
    _refuse_nothing(settings)
    return db.connect(settings.database_url, keys.file_key_of(settings, lambda: key or keys.key_of(settings)))


def open_clinic(settings: Settings, key: MasterKey | None = None, *, unseals: bool = False) -> Clinic:
    """Connects the database, opens the key ring and acts for the clinic from here on. Raises NotReady, KeyProblem."""
    if seal.is_sealed(settings) and not unseals:
        raise NotReady("The clinic is sealed. Open it with its key: clinic unseal")
    _refuse_nothing(settings)
    key = key or keys.key_of(settings)
    connect(settings, key)
    try:
        clinic = clinics.the_clinic()
    except clinics.NoClinicYet:
        raise NotReady("There is no clinic in this database yet. Make one with `clinic init`.") from None
    refuse_mixing(clinic, key)
    clinics.open_clinic(key)
    db.current_clinic.set(clinic.id)
    spool.lie_in(settings.home / "spool")
    from clinic import rooms

    rooms.wire()
    queries.put_in_force()
    return clinic


def refuse_mixing(clinic: Clinic, key: MasterKey) -> None:
    """A real clinic is not opened by a demonstration's key, nor a demonstration by a real clinic's."""
    if key.is_demonstration and not clinic.is_demonstration:
        raise NotReady("This is a real clinic, and the key is the demonstration's. Set CLINIC_KEY to the clinic's own.")
    if clinic.is_demonstration and not key.is_demonstration:
        raise NotReady("This is the demonstration, and CLINIC_KEY is a real clinic's. Leave CLINIC_KEY out.")


def is_empty(settings: Settings) -> bool:
    """Whether there is no clinic in the database that the settings name. An encrypted file holds one."""
    if settings.is_embedded and not embedded.is_plain(embedded.path_of(settings.database_url)):
        return not has_file(settings)
    db.connect(settings.database_url)
    try:
        return not clinics.is_there()
    finally:
        db.session.remove()


Say = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """How the demonstration is made in an empty home, and what is said of it."""

    make: Callable[[Settings, Say], None]
    announce: Callable[[Settings, Say], None]


def serve(settings: Settings, *, workers: int, say: Say, demonstration: Callable[[], Demonstration]) -> None:
    """Serves until Ctrl-C. Where there is no clinic yet, and no key is named, it makes the demonstration first."""
    hardening.keep_to_itself()
    signal.pthread_sigmask(signal.SIG_BLOCK, watching.waits_for_the_start())
    if watching.begins_again():  # and it is this server that listens at its address
        _wait_for_what_is_missing(settings, say)
    else:
        _refuse_a_taken_port(settings)
        _sealed_stays_sealed(settings, say)
        if is_empty(settings):
            if settings.names_a_key:
                raise NotReady(f"There is no clinic in {settings.home} yet. Make one with `clinic init`.")
            demonstration().make(settings, say)
    key = keys.key_of(settings)
    _with_the_key_in_memory(settings, key)
    clinic = _ready_to_serve(settings, key)
    if clinic.is_demonstration:
        _only_loopback(settings)
        demonstration().announce(settings, say)
    else:
        say(f"Sanad is at http://{settings.host}:{settings.port}/")
    from clinic.operations import serving  # the pages, which no other command reads

    serving.serve(settings, workers)


def _sealed_stays_sealed(settings: Settings, say: Say) -> None:
    """Becomes the server of a sealed clinic, without a key, where the clinic is sealed."""
    if seal.is_sealed(settings):
        say("The clinic is sealed. Open it with its key: clinic unseal")
        for handle in watching.sockets_left_open():
            os.close(handle)
        watching.forget_what_was_said()
        seal.after_the_end(settings)


def _wait_for_what_is_missing(settings: Settings, say: Say) -> None:
    """Waits for the key and the database of a clinic that begins again, which was open a moment ago.

    A stick that was taken out, a folder of the network, a server of a database may be back in a moment.
    """
    while True:
        try:
            _sealed_stays_sealed(settings, say)
            with connect(settings, keys.key_of(settings)).main.connect():
                return
        except (NotReady, KeyFileProblem, OSError, DBAPIError) as problem:
            is_database = isinstance(problem, DBAPIError)  # whose own words tell of rows
            why = f"The database does not answer ({type(problem).__name__})." if is_database else problem
            say(f"{why} It is tried again every {_TRIES_AGAIN:.0f} seconds.")
        if signal.sigtimedwait(watching.TOLD_TO_END, _TRIES_AGAIN) is not None:
            with contextlib.suppress(OSError):
                _sealed_stays_sealed(settings, say)
                settings.server_path.unlink()
            raise SystemExit(0)


def _refuse_a_taken_port(settings: Settings) -> None:
    """Before a key is asked for and an address told that is another program's."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: what just ended is free
            tried.bind(address)
    except OSError as problem:
        raise NotReady(_cannot_listen(settings, problem)) from None


def _cannot_listen(settings: Settings, problem: OSError) -> str:
    """Why the server cannot take up its address, and what to do."""
    if problem.errno == errno.EADDRINUSE:
        other = 8000 if settings.port != 8000 else 8001
        return (
            f"Port {settings.port} is taken: Sanad runs already, or another program uses it. "
            f"Choose another one, for instance: PORT={other} clinic run"
        )
    if problem.errno == errno.EACCES:
        return f"Port {settings.port} is for the system's own programs. Set PORT to 1024 or more, for instance 8000."
    return (
        f"The server cannot listen at {settings.host}:{settings.port} ({problem.strerror}). Check CLINIC_HOST and PORT."
    )


def _ready_to_serve(settings: Settings, key: MasterKey) -> Clinic:
    """Opens the clinic with its tables, and what is derived in them, as this version has them."""
    migrating.upgrade_apart(connect(settings, key))
    clinic = open_clinic(settings, key)
    deriving.bring_up_to_date(clinic)
    with db.make_room(db.database().main) as connection:
        if not sizes.are_known(connection):  # else the worker looks anew
            sizes.learn(connection)
    return clinic


def _with_the_key_in_memory(settings: Settings, key: MasterKey) -> None:
    """Begins anew where the key came from no file: with the key in memory, so that no environment holds it."""
    given = keys.hand_over(settings, key)
    if given is not settings:
        os.execve(sys.executable, sys.orig_argv, keys.environment_for_workers(given))  # noqa: S606 - ourselves, no shell


def _only_loopback(settings: Settings) -> None:
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        raise NotReady("A demonstration serves on this machine alone: leave CLINIC_HOST out, or set it to 127.0.0.1.")
