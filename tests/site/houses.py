"""One small clinic for all tests of a module, with everybody around its one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from clinic import create_app
from config.settings import Settings
from tests.browser import Browser
from tests.clinics import a_clinic, browsers_of, maker_of
from tests.databases import Databases
from tests.site.seats import Seated


@dataclass
class House:
    """The clinic, its application and browsers for its people."""

    app: Flask
    world: Seated
    browse: Callable[..., Browser]
    settings: Settings

    def browser(self, name: str, language: str | None = None) -> Browser:
        """The browser of whoever has this seat."""
        return self.browse(self.world.person(name), language=language)


@contextmanager
def a_house(databases: Databases, dialect: str, home: Path) -> Iterator[House]:
    """The clinic in a database of its own, for as long as it is used."""
    url = databases.fresh(dialect)
    settings = Settings(home=home, database_url=url, secure_cookies=False, pages_a_minute=0)
    with a_clinic(url) as clinic:
        app, make = create_app(settings), maker_of(clinic)
        app.testing = True
        yield House(app, Seated(make), browsers_of(app, clinic, make), settings)
    databases.drop(url)
