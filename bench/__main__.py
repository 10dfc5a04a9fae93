"""`make bench`: each engine with each number of cases, beside the floors. A table is printed, a JSON file written."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from bench import audit_cost, measures, stores, telling
from bench.measures import Found, Sitting
from bench.server import ROOT
from bench.stores import say

ENGINES = ("plain", "encrypted", "postgresql")
PORT = 5051


@dataclass(frozen=True)
class Wish:
    """What is asked of a run."""

    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    times: int
    folder: Path
    out: Path
    database: str | None
    port: int

    @property
    def largest(self) -> int:
        """The clinic of which everything is measured."""
        return telling.FULL if telling.FULL in self.sizes else max(self.sizes)


def wished() -> Wish:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 cases alone, few requests: to see that it runs")
    parser.add_argument("--large", action="store_true", help="100,000 cases too")
    parser.add_argument("--cases", action="append", type=int, help="so many cases; may be repeated")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this engine alone; may be repeated")
    parser.add_argument("--database", help="a PostgreSQL server, postgresql+psycopg://…; else one of our own")
    parser.add_argument("--folder", type=Path, default=ROOT / ".bench", help="where databases are kept between runs")
    parser.add_argument("--out", type=Path, help="the JSON file; else bench.json in the folder")
    parser.add_argument("--times", type=int, help="how often each page is asked for; else 400, or 40 with --quick")
    parser.add_argument("--port", type=int, default=PORT)
    given = parser.parse_args()
    sizes = (1_000,) if given.quick else (1_000, 20_000, *([100_000] if given.large else []))
    return Wish(
        tuple(given.cases or sizes),
        tuple(given.engine or ENGINES),
        given.times or (40 if given.quick else 400),
        given.folder.absolute(),
        given.out or given.folder / "bench.json",
        given.database,
        given.port,
    )


@contextlib.contextmanager
def server_of(engine: str, wish: Wish) -> Iterator[str | None]:
    """The address of the PostgreSQL server, where the engine is one: the one named, else one of our own, durable."""
    if engine != "postgresql" or wish.database:
        yield wish.database if engine == "postgresql" else None
        return
    from tests.databases import PostgresServer

    server = PostgresServer({"listen_addresses": ""})
    server.start()
    try:
        yield server.url.render_as_string(hide_password=False)
    finally:
        server.stop()


def measured(engine: str, wish: Wish) -> Iterator[Found]:
    """Each clinic of an engine; the largest of the first once more, with what is measured of it alone."""
    with server_of(engine, wish) as server:
        for cases in wish.sizes:
            url = fresh_database(server, f"sanad_bench_{cases}") if server else ""
            store = stores.built(wish.folder, engine, cases, url)
            if url:
                tidy(url)
            say(f"measuring {cases:,} cases on {engine}")
            work = stores.copied(store, wish.folder / "measured")
            before = measures.floors(wish.folder, wish.port, wish.times)
            found = Sitting(work, wish.port, wish.times, before).measure()
            found.floors = before.with_those(measures.floors(wish.folder, wish.port, wish.times))
            if cases == wish.largest:
                say("  what the record of changes adds to a save")
                found.record = audit_cost.measured(work, wish.port, wish.times)
            yield found
            if engine == wish.engines[0] and cases == wish.largest:
                found.imported["xlsx"] = measures.import_of_workbook(wish.folder, store)
                found.during_import = measures.during_import(wish.folder, work, wish.port, wish.times)
                yield found


def fresh_database(server: str, name: str) -> str:
    """An empty database on a server of PostgreSQL."""
    import psycopg

    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def tidy(database: str) -> None:
    """Does at once what a server of PostgreSQL does by itself within minutes of an import."""
    import psycopg

    address = make_url(database).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    """Measures, then tells."""
    wish = wished()
    stores.forget_what_is_of_no_use(wish.folder)
    found: dict[tuple[str, int], Found] = {}
    for engine in wish.engines:
        for one in measured(engine, wish):
            found[one.engine, one.cases] = one
            _write(wish, list(found.values()))
    print(telling.as_table(list(found.values()), telling.lines_of(list(found.values()))))
    say(f"the measures are in {wish.out}")


def _write(wish: Wish, found: list[Found]) -> None:
    """Writes what is known so far, so that a run that is broken off is not lost."""
    lines = telling.lines_of(found)
    wish.out.write_text(json.dumps(telling.as_object(found, lines), indent=1), encoding="utf-8")
    wish.out.with_suffix(".md").write_text(telling.as_table(found, lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
