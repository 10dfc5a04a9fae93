"""Lists lead to cases without a step in the order of their opening: a clinic with many sorted them for every page."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BEFORE = "ix_case_file_clinic_id_last_step_on"
AFTER = "ix_case_file_clinic_id_last_step_on_opened_on"


def upgrade() -> None:
    op.create_index(AFTER, "case_file", ["clinic_id", "last_step_on", "opened_on"])
    op.drop_index(BEFORE, "case_file")


def downgrade() -> None:
    op.create_index(BEFORE, "case_file", ["clinic_id", "last_step_on"])
    op.drop_index(AFTER, "case_file")
