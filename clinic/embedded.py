"""The files of the embedded database: made and opened, plain or encrypted as a whole.

An encrypted file is SQLCipher's (AES-256 and a hash for every page, under a raw key); its first bytes are a random
salt, so that what does not begin as SQLite does is taken for encrypted. The records and the readings are two files
under one key.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import sqlcipher3
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from clinic.crypto.keyring import KeyProblem

PREFIX = "sqlite:///"
KEY_LENGTH = 32
_PLAIN = b"SQLite format 3\x00"
PATIENCE = 15.0
"""For so many seconds who wants to write waits for another who writes."""
_LOOKS_AGAIN = 0.002
"""Seconds after which who waits looks again. SQLite's own waiting looks ever more seldom, at last ten times a second:
whoever comes last goes first, and of eight people who saved at once one waited for two seconds."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    f"busy_timeout={PATIENCE * 1000:.0f}",
)
_CACHE, _CACHE_OF_PLAIN = 6000, 1000
"""KB of pages that a connection keeps: what a list of hundreds of cases walks through. A page of an encrypted file
that is not there is opened and checked anew; one of a plain file is there all the same, in the memory of the system."""
_AT_REST = 2
"""So many connections to a file a process keeps while nobody asks: each has a cache of its own. Threads at work at the
same time have one each."""
_AT_MOST = 16
_GATHERED, _NAMED_AT_MOST = ".gathered-", 60.0
"""How a file set aside is called until it loses its name, and for how many seconds it has one, with much to spare."""


class CannotConvert(Exception):
    """The file was left as it was; the message says why and what to do."""


class LockedFile(KeyProblem):
    """The file is encrypted and its key is not here, or is another file's; the message says what to do."""


def path_of(url: str) -> Path:
    """The file that an address names."""
    return Path(url.removeprefix(PREFIX))


def readings_beside(path: Path) -> Path:
    """Where the readings are kept: beside the records."""
    return path.with_name(path.name.removesuffix(".db") + ".readings.db")


def is_encrypted(path: Path) -> bool:
    """Whether a file is there and is encrypted as a whole."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        begins = file.read(len(_PLAIN))
        return bool(begins) and begins != _PLAIN
    return False


def is_plain(path: Path) -> bool:
    """Whether a file is there and is a plain one."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN
    return False


def key_for(path: Path, key: bytes | None) -> bytes | None:
    """The key to open a file with: none for one that is plain. Raises LockedFile."""
    if is_plain(path):
        return None
    if key is None and is_encrypted(path):
        raise LockedFile(f"{path.name} is encrypted. Name its key: set CLINIC_KEY.")
    return key


def key_clause(key: bytes) -> str:
    """A raw key as SQLCipher reads it."""
    return f"x'{key.hex()}'"


def make_engine(url: str, key: bytes | None, *, cache: int = _CACHE) -> Engine:
    """The engine of one file, opened with its key unless it is a plain one. Raises LockedFile.

    `cache`: KB that a connection keeps of an encrypted file.
    """
    path = path_of(url)
    key = key_for(path, key)
    module: types.ModuleType = sqlite3 if key is None else sqlcipher3
    options: dict[str, Any] = {"module": module, "poolclass": QueuePool, "pool_size": _AT_REST, "hide_parameters": True}
    options |= {"max_overflow": _AT_MOST - _AT_REST, "pool_use_lifo": True}  # the one used last has what is asked for
    kept = cache if key is not None else min(cache, _CACHE_OF_PLAIN)
    engine = create_engine(url, **options, creator=_opener(module, str(path), key, kept))
    event.listen(engine, "begin", _begin)
    return engine


def _opener(module: Any, path: str, key: bytes | None, cache: int) -> Callable[[], Any]:
    """Opens one connection: the key first, before anything asks the file."""

    def opened() -> Any:
        connection = module.connect(path, check_same_thread=False, isolation_level=None)  # see _begin
        try:
            if key is not None:
                connection.execute(f'PRAGMA key = "{key_clause(key)}"')
            for pragma in (*_PRAGMAS, f"cache_size=-{cache}"):
                connection.execute(f"PRAGMA {pragma}").close()
        except module.DatabaseError as problem:
            connection.close()
            if key is not None and "not a database" in str(problem):
                raise LockedFile(f"{Path(path).name} does not open with this key, or is damaged.") from None
            raise
        return connection

    return opened


def _begin(connection: Connection) -> None:
    """Who is going to write says so at once: SQLite refuses to turn a reader into a writer behind another writer."""
    options = connection.get_execution_options()
    if not options.get("writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    driver = _driver_of(connection)
    driver.execute("PRAGMA busy_timeout=0")
    try:
        _begin_to_write(driver, time.monotonic() + options.get("patience", PATIENCE))
    except (sqlite3.DatabaseError, sqlcipher3.DatabaseError) as problem:
        raise OperationalError("BEGIN IMMEDIATE", {}, problem) from problem
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000:.0f}")


def _begin_to_write(driver: Any, until: float) -> None:
    """Begins when nobody else writes. Raises the driver's own error where somebody still does at the end."""
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
            return
        except (sqlite3.OperationalError, sqlcipher3.OperationalError) as problem:
            if "locked" not in str(problem) or time.monotonic() >= until:
                raise
        time.sleep(_LOOKS_AGAIN)


def holds(connection: Connection) -> bool:
    """Whether a connection is to the embedded database."""
    return connection.dialect.name == "sqlite"


def rewrite(engine: Engine) -> None:
    """Writes a file anew from the rows that it has, and empties its log: what was removed is in neither any more."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.close()
    finally:
        connection.close()


@contextlib.contextmanager
def watched(engine: Engine) -> Iterator[Callable[[], int]]:
    """Tells, as often as it is asked, a number that is another one once anybody has committed since."""
    connection = engine.raw_connection()
    try:
        yield lambda: int(connection.cursor().execute("PRAGMA data_version").fetchone()[0])
    finally:
        connection.close()


def begin_reading(connection: Connection) -> None:
    """Reads from now on what is there now: a transaction sees the file as it is at its first look."""
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()


@contextlib.contextmanager
def attached(connection: Connection, path: Path, name: str, key: bytes | None) -> Iterator[None]:
    """A second file as a schema of this connection, with foreign keys not asked meanwhile."""
    driver = _driver_of(connection)
    _attach(driver, path, name, key_for(path, key))
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        connection.detach()


def _attach(driver: Any, path: Path, name: str, key: bytes | None) -> None:
    driver.execute("ATTACH DATABASE ? AS " + name + " KEY ?", (str(path), "" if key is None else key_clause(key)))


def _driver_of(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def set_aside(connection: Connection, beside: Path, name: str, key: bytes | None) -> None:
    """A new file as a schema of this connection, which begins to read anew and ends with its transaction.

    The file lies beside another and is encrypted where that is. It loses its name at once, and goes with whoever
    holds it: nobody else finds it, and a computer that goes dark leaves none.
    """
    connection.detach()
    driver = _driver_of(connection)
    driver.execute("COMMIT")
    _forget_names_left_behind(beside.parent)
    handle, made = tempfile.mkstemp(prefix=_GATHERED, dir=beside.parent)
    os.close(handle)
    try:
        _attach(driver, Path(made), name, key_for(beside, key))
    finally:
        os.unlink(made)
    driver.execute(f"PRAGMA {name}.journal_mode=OFF").fetchall()
    driver.execute(f"PRAGMA {name}.synchronous=OFF")
    driver.execute("BEGIN")


def _forget_names_left_behind(folder: Path) -> None:
    """A process killed in the moment in which such a file has a name leaves that, and nothing in it."""
    for left in folder.glob(f"{_GATHERED}*"):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _NAMED_AT_MOST:  # another import's has its name for a moment
                left.unlink()


def turn_to_writing(connection: Connection) -> None:
    """Begins to write on a connection with a file set aside, sure that what its rows refer to is there."""
    driver = _driver_of(connection)
    driver.execute("COMMIT")
    driver.execute("PRAGMA foreign_keys=OFF")
    driver.execute("PRAGMA cache_size=-48000")
    _begin_to_write(driver, time.monotonic() + PATIENCE)
    connection.execution_options(writes=True)


def convert(path: Path, *, before: bytes | None, after: bytes | None) -> None:
    """Puts a copy under another key, or none, in the place of a file that nobody has open. Raises CannotConvert."""
    making = path.with_name(f"{path.name}.converting")
    making.unlink(missing_ok=True)
    with contextlib.closing(_alone(path, before)) as source:
        source.execute("ATTACH DATABASE ? AS target KEY ?", (str(making), "" if after is None else key_clause(after)))
        source.execute("SELECT sqlcipher_export('target')").fetchone()
        source.execute("DETACH DATABASE target")
        with contextlib.closing(_open(making, after)) as copy:
            _refuse_another(path, source, copy)
    making.chmod(0o600)
    _settle(making)
    with path.open("r+b") as old:
        making.replace(path)
        _settle(path.parent)
        _wipe(old)


def _open(path: Path, key: bytes | None) -> Any:
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    if key is not None:
        connection.execute(f'PRAGMA key = "{key_clause(key)}"')
    return connection


def _alone(path: Path, key: bytes | None) -> Any:
    """A connection beside which there is no other: SQLite leaves its write-ahead log only to the last one."""
    connection = _open(path, key)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlcipher3.OperationalError:
        connection.close()
        raise CannotConvert(f"{path.name} is in use. Stop the server first.") from None
    except sqlcipher3.DatabaseError:
        connection.close()
        raise CannotConvert(f"{path.name} does not open with this key, or is damaged.") from None
    return connection


def _refuse_another(path: Path, source: Any, copy: Any) -> None:
    whole = [row[0] for row in copy.execute("PRAGMA integrity_check")] == ["ok"]
    if not whole or _contents(source) != _contents(copy):
        raise CannotConvert(f"The copy of {path.name} is not the same; the file was left as it was. Is the disk full?")


def _contents(connection: Any) -> dict[str, str]:
    """What a file holds: its tables, indexes and triggers as they are written, and a digest of each table's rows."""
    held = {}
    for kind, name, said in connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"):
        held[f"{kind} {name}"] = str(said)
        if kind == "table":
            digest = hashlib.sha256()
            every_row = f'SELECT * FROM "{name}" ORDER BY rowid'  # noqa: S608  # nosec B608
            for row in connection.execute(every_row):  # the name is the schema's own
                digest.update(repr(row).encode())
            held[f"rows of {name}"] = digest.hexdigest()
    return held


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wipe(file: BinaryIO) -> None:
    """Writes over a file that goes: what a disk still keeps of it elsewhere is said in docs/security.md."""
    left = os.fstat(file.fileno()).st_size
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))
    file.flush()
    os.fsync(file.fileno())
