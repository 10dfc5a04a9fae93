"""The ground of the journeys: a clinic of their own, the real server in its own process, and Chromium.

    def test_a_lawyer_answers_a_call(walk, make, ...):
        huda = walk(make.lawyer("Huda"))
        huda.press("Station call").look("the call")

Every journey runs in Arabic and English, on a phone and at a desk.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from clinic import db, languages, rooms
from clinic.children import index
from clinic.crypto import current
from clinic.crypto.keyring import MasterKey
from clinic.staff import clinics
from clinic.staff.models import Clinic, StaffMember
from tests.databases import Databases
from tests.journeys.walking import FLAGS, Walk, find_chromium, new_context
from tests.makers import PASSWORD

PROGRAM = Path(sys.executable).with_name("clinic")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every journey needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium here. Install it: apt install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["ar", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The language that the journey speaks."""
    return str(request.param)


@pytest.fixture(params=["phone", "desk"])
def size(request: pytest.FixtureRequest) -> str:
    """The size of the screen."""
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the clinic."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """Where the clinic's key lies."""
    return tmp_path / "key"


@pytest.fixture
def clinic(databases: Databases, home: Path, key_file: Path) -> Iterator[Clinic]:
    """An empty clinic in its folder, at work in this process too, so that makers can fill it."""
    template = Path(databases.template("sqlite"))
    for file in template.parent.glob(f"{template.stem}.*"):
        shutil.copyfile(file, home / file.name.replace(template.stem, "clinic", 1))
    db.connect(f"sqlite:///{home / 'clinic.db'}")
    rooms.wire()
    key = MasterKey.generate()
    key.write(key_file)
    made = clinics.make_clinic(
        name="Clinic of the camp",
        prefix="DH",
        language="ar",
        key=key,
        is_demonstration=False,
        factor_required_of=(),
    )
    db.session.commit()
    with db.acting(made.id), languages.using("en"):
        yield made
    db.session.remove()
    db.database().dispose()
    current.forget()
    index.forget()


@pytest.fixture
def address(clinic: Clinic, home: Path, key_file: Path) -> Iterator[str]:
    """The address of the clinic's server, which runs as it does for people."""
    with ExitStack() as stack:
        yield stack.enter_context(serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no"))


class serving:
    """A server in its own process, from the moment it answers to the end of the block."""

    def __init__(self, home: Path, *, wait: int = 120, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.wait = wait
        self.log = home.parent / "server.log"
        self.environment = {**os.environ, "CLINIC_HOME": str(home), "PORT": str(port), **environment}

    def __enter__(self) -> str:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "run"], env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + self.wait
        while time.monotonic() < deadline and self.process.poll() is None:
            if self._answers():
                return self.address
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError(f"the server did not answer:\n{self.log.read_text(errors='replace')}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/sign-in", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def __exit__(self, *_reason: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def walk(
    chromium: Browser, address: str, language: str, size: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Walk]]:
    """Opens a browser: `walk(huda)` is hers, signed in through the page; `walk()` is nobody's."""
    walks: list[Walk] = []
    journey = request.node.originalname.removeprefix("test_")

    def opened(person: StaffMember | None = None, *, scripts: bool = True) -> Walk:
        context = new_context(chromium, language, size, java_script_enabled=scripts)
        one = Walk(context.new_page(), address, journey, language, size, scripts)
        walks.append(one)
        one.goto(f"/language/{language}?back=/sign-in")
        return one if person is None else one.sign_in(person.username, PASSWORD)

    yield opened
    has_passed = request.node.stash.get(PASSED, False)
    for one in walks if not has_passed else ():
        with suppress(Error):
            one.picture("where it ended")
    faults = [fault for one in walks for fault in one.leave()]
    if has_passed:
        assert faults == []


PASSED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remembers whether the journey itself came through, before it is asked what was met on the way."""
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    return report
