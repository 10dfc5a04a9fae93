"""How Alembic runs: on a connection that is handed over, or on the database that the settings name.

On SQLite the readings are a second file, attached as the schema that they are on PostgreSQL.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, Enum

from clinic import db, models

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]


def _include(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name in (None, db.READINGS)


def _render(kind: str, thing: object, _context: object) -> str | bool:
    """Our own column types as the migrations spell them, so that no migration imports the clinic."""
    spelled = {db.Id: "Id()", db.UtcDateTime: "Moment()", db.Codes: "sa.Text()", Enum: "sa.String(40)"}
    return spelled.get(type(thing), False) if kind == "type" else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=models.metadata,
        include_schemas=True,
        include_name=_include,
        render_as_batch=False,
        compare_type=True,
        render_item=_render,
        autogenerate_plugins=PLUGINS,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    from clinic.operations import starting
    from config.settings import Settings

    with db.for_migrating(starting.connect(Settings.from_environment())) as own:
        _run(own)
