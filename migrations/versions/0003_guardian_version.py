"""A guardian counts its versions, so that nobody saves over what a colleague saved meanwhile.

Those that are there begin with 1: a form that was opened before is asked to look once more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("guardian", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("guardian", "version")
