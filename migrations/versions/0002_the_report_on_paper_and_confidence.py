"""What came with the second landing: tables for the report on paper, for accounts and for confidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def Id() -> sa.types.TypeEngine:
    """16 bytes on SQLite, uuid on PostgreSQL."""
    return sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")


def Moment() -> sa.types.TypeEngine:
    """A moment in UTC."""
    return sa.DateTime(timezone=True)


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def keep_as_written(table: str) -> None:
    """Nobody changes or removes a row of this table, whoever holds the database's connection."""
    schema, _, name = table.rpartition(".")
    if op.get_bind().dialect.name == "sqlite":
        place = f"{schema}." if schema else ""
        for deed in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {place}{name}_no_{deed} BEFORE {deed.upper()} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is only ever added to'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION kept_as_written() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION kept_as_written()"
    )


def let_go(table: str) -> None:
    """Takes `keep_as_written` back."""
    schema, _, name = table.rpartition(".")
    if op.get_bind().dialect.name == "sqlite":
        place = f"{schema}." if schema else ""
        for deed in ("update", "delete"):
            op.execute(f"DROP TRIGGER {place}{name}_no_{deed}")
        return
    op.execute("DROP FUNCTION IF EXISTS kept_as_written() CASCADE")


def upgrade() -> None:
    op.create_table(
        "narrative_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("plan_id", Id(), nullable=True),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("written_by", Id(), nullable=True),
        sa.Column("written_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("ar", sa.LargeBinary(), nullable=True),
        sa.Column("en", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_narrative_version")),
    )
    op.create_index(
        op.f("ix_narrative_version_clinic_id_known_to"), "narrative_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "other_person_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_other_person_version")),
    )
    op.create_index(
        op.f("ix_other_person_version_clinic_id_known_to"),
        "other_person_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "possible_conflict_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("named_case_id", Id(), nullable=True),
        sa.Column("other_child_id", Id(), nullable=True),
        sa.Column("other_case_id", Id(), nullable=True),
        sa.Column("colleague_id", Id(), nullable=True),
        sa.Column("check_id", Id(), nullable=True),
        sa.Column("tells_team", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(40), nullable=True),
        sa.Column("consequence", sa.String(40), nullable=True),
        sa.Column("found_at", Moment(), nullable=True),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_possible_conflict_version")),
    )
    op.create_index(
        op.f("ix_possible_conflict_version_clinic_id_known_to"),
        "possible_conflict_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "job_progress",
        sa.Column("job_id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_job_progress")),
        schema="readings",
    )
    op.create_table(
        "target_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("plan_id", Id(), nullable=True),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("set_by", Id(), nullable=True),
        sa.Column("set_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_target_version")),
    )
    op.create_index(
        op.f("ix_target_version_clinic_id_known_to"), "target_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "ageing_run",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("agreed_by", Id(), nullable=True),
        sa.Column("agreed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_ageing_run_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ageing_run")),
    )
    op.create_index(
        op.f("ix_ageing_run_clinic_id_proposed_at"), "ageing_run", ["clinic_id", "proposed_at"], unique=False
    )
    op.create_table(
        "audit_signer",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_signer_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_signer")),
    )
    op.create_table(
        "backup_made",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_backup_made_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_made")),
    )
    op.create_index(op.f("ix_backup_made_clinic_id_made_at"), "backup_made", ["clinic_id", "made_at"], unique=False)
    op.create_table(
        "backup_rehearsed",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("rehearsed_at", Moment(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_backup_rehearsed_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_rehearsed")),
    )
    op.create_index(
        op.f("ix_backup_rehearsed_clinic_id_rehearsed_at"),
        "backup_rehearsed",
        ["clinic_id", "rehearsed_at"],
        unique=False,
    )
    op.create_table(
        "regular_run",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("job_id", Id(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_regular_run_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regular_run")),
        sa.UniqueConstraint("clinic_id", "kind", name=op.f("uq_regular_run_clinic_id_kind")),
    )
    op.create_table(
        "signed_head",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("changes_number", sa.BigInteger(), nullable=False),
        sa.Column("changes_hash", sa.LargeBinary(), nullable=False),
        sa.Column("readings_number", sa.BigInteger(), nullable=False),
        sa.Column("readings_hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_signed_head_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_head")),
    )
    op.create_index(op.f("ix_signed_head_clinic_id_day"), "signed_head", ["clinic_id", "day"], unique=True)
    op.create_table(
        "spent_challenge",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("challenge_hash", sa.Text(), nullable=False),
        sa.Column("spent_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_spent_challenge_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_challenge")),
        sa.UniqueConstraint("clinic_id", "challenge_hash", name=op.f("uq_spent_challenge_clinic_id_challenge_hash")),
    )
    op.create_table(
        "target_plan",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("made_by", Id(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_target_plan_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_target_plan_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_plan")),
        sa.UniqueConstraint(
            "clinic_id", "project", "first", "last", name=op.f("uq_target_plan_clinic_id_project_first_last")
        ),
    )
    op.create_table(
        "account_request",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("wish", sa.String(40), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("renews_factor", sa.Boolean(), nullable=False),
        sa.Column("asked_by", Id(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answered_by", Id(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["staff_member.id"], name=op.f("fk_account_request_answered_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_member.id"], name=op.f("fk_account_request_asked_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_account_request_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_account_request_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )
    op.create_index(
        op.f("ix_account_request_clinic_id_answered_at"), "account_request", ["clinic_id", "answered_at"], unique=False
    )
    op.create_index(
        op.f("ix_account_request_clinic_id_staff_id"), "account_request", ["clinic_id", "staff_id"], unique=False
    )
    op.create_table(
        "ageing_file",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("run_id", Id(), nullable=False),
        sa.Column("child_id", Id(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_ageing_file_clinic_id")),
        sa.ForeignKeyConstraint(["run_id"], ["ageing_run.id"], name=op.f("fk_ageing_file_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ageing_file")),
    )
    op.create_index(op.f("ix_ageing_file_run_id_outcome"), "ageing_file", ["run_id", "outcome"], unique=False)
    op.create_table(
        "code_app",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_code_app_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_code_app_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_app")),
        sa.UniqueConstraint("clinic_id", "staff_id", name=op.f("uq_code_app_clinic_id_staff_id")),
    )
    op.create_table(
        "job",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", Id(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("mimetype", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("looked_at", Moment(), nullable=True),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_member.id"], name=op.f("fk_job_asked_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_job_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index(
        op.f("ix_job_clinic_id_asked_by_asked_at"), "job", ["clinic_id", "asked_by", "asked_at"], unique=False
    )
    op.create_index(
        op.f("ix_job_clinic_id_state_not_before"), "job", ["clinic_id", "state", "not_before"], unique=False
    )
    op.create_table(
        "look_review",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("reviewed_by", Id(), nullable=False),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_look_review_clinic_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff_member.id"], name=op.f("fk_look_review_reviewed_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_look_review_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_review")),
    )
    op.create_index(
        op.f("ix_look_review_clinic_id_day_staff_id_pattern"),
        "look_review",
        ["clinic_id", "day", "staff_id", "pattern"],
        unique=True,
    )
    op.create_table(
        "narrative",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("written_by", Id(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ar", sa.LargeBinary(), nullable=True),
        sa.Column("en", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_narrative_clinic_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["target_plan.id"], name=op.f("fk_narrative_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_narrative")),
        sa.UniqueConstraint("clinic_id", "plan_id", "section", name=op.f("uq_narrative_clinic_id_plan_id_section")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_passkey_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_passkey_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("clinic_id", "credential_id", name=op.f("uq_passkey_clinic_id_credential_id")),
    )
    op.create_index(op.f("ix_passkey_clinic_id_staff_id"), "passkey", ["clinic_id", "staff_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_recovery_code_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(
        op.f("ix_recovery_code_clinic_id_staff_id"), "recovery_code", ["clinic_id", "staff_id"], unique=False
    )
    op.create_table(
        "seal_request",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("asked_by", Id(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("done_by", Id(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_member.id"], name=op.f("fk_seal_request_asked_by")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_seal_request_clinic_id")),
        sa.ForeignKeyConstraint(["done_by"], ["staff_member.id"], name=op.f("fk_seal_request_done_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_request")),
    )
    op.create_index(op.f("ix_seal_request_clinic_id_asked_at"), "seal_request", ["clinic_id", "asked_at"], unique=False)
    op.create_table(
        "staff_notice",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_staff_notice_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_notice_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
    )
    op.create_index(
        op.f("ix_staff_notice_clinic_id_staff_id_at"), "staff_notice", ["clinic_id", "staff_id", "at"], unique=False
    )
    op.create_table(
        "target",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("plan_id", Id(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("set_by", Id(), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_target_clinic_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["target_plan.id"], name=op.f("fk_target_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("clinic_id", "plan_id", "indicator", name=op.f("uq_target_clinic_id_plan_id_indicator")),
    )
    op.create_table(
        "conflict_check",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("occasion", sa.String(40), nullable=False),
        sa.Column("asked_by", Id(), nullable=True),
        sa.Column("checked_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_conflict_check_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_conflict_check_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_check")),
    )
    op.create_index(op.f("ix_conflict_check_case_id"), "conflict_check", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_conflict_check_clinic_id_asked_by_checked_at"),
        "conflict_check",
        ["clinic_id", "asked_by", "checked_at"],
        unique=False,
    )
    op.create_table(
        "emergency_access",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("for_call", sa.Boolean(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("ended_by", Id(), nullable=True),
        sa.Column("reviewed_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_emergency_access_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_emergency_access_clinic_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff_member.id"], name=op.f("fk_emergency_access_ended_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff_member.id"], name=op.f("fk_emergency_access_reviewed_by")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_emergency_access_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
    )
    op.create_index(op.f("ix_emergency_access_case_id_until"), "emergency_access", ["case_id", "until"], unique=False)
    op.create_index(
        op.f("ix_emergency_access_clinic_id_staff_id_until"),
        "emergency_access",
        ["clinic_id", "staff_id", "until"],
        unique=False,
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("placed_by", Id(), nullable=False),
        sa.Column("placed_at", Moment(), nullable=False),
        sa.Column("lifted_by", Id(), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_legal_hold_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_legal_hold_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_case_id"), "legal_hold", ["case_id"], unique=False)
    op.create_index(op.f("ix_legal_hold_clinic_id_lifted_at"), "legal_hold", ["clinic_id", "lifted_at"], unique=False)
    op.create_table(
        "other_person",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_other_person_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_other_person_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_person")),
    )
    op.create_index(op.f("ix_other_person_case_id"), "other_person", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_other_person_clinic_id_phone_hash"), "other_person", ["clinic_id", "phone_hash"], unique=False
    )
    op.create_table(
        "lane_share",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("step_id", Id(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("to_role", sa.Text(), nullable=True),
        sa.Column("to_staff_id", Id(), nullable=True),
        sa.Column("shared_by", Id(), nullable=False),
        sa.Column("shared_at", Moment(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_lane_share_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_lane_share_clinic_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff_member.id"], name=op.f("fk_lane_share_ended_by")),
        sa.ForeignKeyConstraint(["shared_by"], ["staff_member.id"], name=op.f("fk_lane_share_shared_by")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_lane_share_step_id")),
        sa.ForeignKeyConstraint(["to_staff_id"], ["staff_member.id"], name=op.f("fk_lane_share_to_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_share")),
    )
    op.create_index(op.f("ix_lane_share_case_id_until"), "lane_share", ["case_id", "until"], unique=False)
    op.create_table(
        "possible_conflict",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("named_case_id", Id(), nullable=False),
        sa.Column("other_child_id", Id(), nullable=True),
        sa.Column("other_case_id", Id(), nullable=True),
        sa.Column("colleague_id", Id(), nullable=True),
        sa.Column("check_id", Id(), nullable=True),
        sa.Column("tells_team", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("consequence", sa.String(40), nullable=True),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["conflict_check.id"], name=op.f("fk_possible_conflict_check_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_possible_conflict_clinic_id")),
        sa.ForeignKeyConstraint(["colleague_id"], ["staff_member.id"], name=op.f("fk_possible_conflict_colleague_id")),
        sa.ForeignKeyConstraint(["named_case_id"], ["case_file.id"], name=op.f("fk_possible_conflict_named_case_id")),
        sa.ForeignKeyConstraint(["other_case_id"], ["case_file.id"], name=op.f("fk_possible_conflict_other_case_id")),
        sa.ForeignKeyConstraint(["other_child_id"], ["child.id"], name=op.f("fk_possible_conflict_other_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_conflict")),
    )
    op.create_index(
        op.f("ix_possible_conflict_clinic_id_state_found_at"),
        "possible_conflict",
        ["clinic_id", "state", "found_at"],
        unique=False,
    )
    op.create_index(op.f("ix_possible_conflict_named_case_id"), "possible_conflict", ["named_case_id"], unique=False)
    op.create_index(op.f("ix_possible_conflict_other_child_id"), "possible_conflict", ["other_child_id"], unique=False)
    op.create_table(
        "sharing",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("consent_id", Id(), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("to_whom", sa.LargeBinary(), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_sharing_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_sharing_clinic_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_sharing_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sharing")),
    )
    op.create_index(op.f("ix_sharing_case_id"), "sharing", ["case_id"], unique=False)
    op.create_table(
        "conflict_ground",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("conflict_id", Id(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("here_id", Id(), nullable=False),
        sa.Column("there_id", Id(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_conflict_ground_clinic_id")),
        sa.ForeignKeyConstraint(["conflict_id"], ["possible_conflict.id"], name=op.f("fk_conflict_ground_conflict_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_ground")),
    )
    op.create_index(op.f("ix_conflict_ground_conflict_id"), "conflict_ground", ["conflict_id"], unique=False)
    op.add_column("case_file", sa.Column("aged_on", sa.Date(), nullable=True))
    op.drop_index(op.f("ix_case_file_clinic_id_child_id"), table_name="case_file")
    op.create_index(op.f("ix_case_file_child_id"), "case_file", ["child_id"], unique=False)
    op.create_index(
        op.f("ix_case_file_clinic_id_last_step_on"), "case_file", ["clinic_id", "last_step_on"], unique=False
    )
    op.add_column("case_file_version", sa.Column("aged_on", sa.Date(), nullable=True))
    op.drop_index(op.f("ix_case_period_clinic_id_case_id"), table_name="case_period")
    op.create_index(op.f("ix_case_period_case_id"), "case_period", ["case_id"], unique=False)
    op.create_index(op.f("ix_child_clinic_id_recorded_by"), "child", ["clinic_id", "recorded_by"], unique=False)
    op.add_column("clinic", sa.Column("keys_changed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("clinic", sa.Column("factor_required_of", sa.Text(), nullable=True))
    op.add_column("clinic", sa.Column("derived_by", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_closing_proposal_clinic_id_case_id"), table_name="closing_proposal")
    op.create_index(op.f("ix_closing_proposal_case_id"), "closing_proposal", ["case_id"], unique=False)
    op.drop_index(op.f("ix_consent_clinic_id_case_id"), table_name="consent")
    op.create_index(op.f("ix_consent_case_id"), "consent", ["case_id"], unique=False)
    op.add_column("custody_period", sa.Column("moved_by", sa.Integer(), nullable=True))
    op.add_column("custody_period_version", sa.Column("moved_by", sa.Integer(), nullable=True))
    op.drop_index(op.f("ix_guardian_clinic_id_child_id"), table_name="guardian")
    op.create_index(op.f("ix_guardian_child_id"), "guardian", ["child_id"], unique=False)
    op.add_column("police_attendance", sa.Column("moved_by", sa.Integer(), nullable=True))
    op.add_column("police_attendance_version", sa.Column("moved_by", sa.Integer(), nullable=True))
    op.add_column("project", sa.Column("name_ar", sa.Text(), nullable=True))
    op.add_column("refused_sign_in", sa.Column("address_hash", sa.Text(), nullable=True))
    op.add_column("refused_sign_in", sa.Column("known_device", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        op.f("ix_refused_sign_in_clinic_id_address_hash_at"),
        "refused_sign_in",
        ["clinic_id", "address_hash", "at"],
        unique=False,
    )
    op.add_column(
        "staff_member", sa.Column("link_renews_factor", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("staff_member", sa.Column("factor_since", Moment(), nullable=True))
    op.add_column("staff_member", sa.Column("results_waiting", sa.Integer(), server_default="0", nullable=False))
    op.add_column("staff_member", sa.Column("emergency_until", Moment(), nullable=True))
    op.add_column("staff_session", sa.Column("means", sa.Text(), nullable=True))
    op.add_column("staff_session", sa.Column("proved_at", Moment(), nullable=True))
    op.add_column("step", sa.Column("not_known", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_step_clinic_id_case_id_on_date"), table_name="step")
    op.create_index(op.f("ix_step_case_id_on_date"), "step", ["case_id", "on_date"], unique=False)
    op.create_index(op.f("ix_step_follows_id"), "step", ["follows_id"], unique=False)
    op.add_column("step_version", sa.Column("not_known", sa.Text(), nullable=True))
    op.drop_index(op.f("ix_task_clinic_id_case_id"), table_name="task")
    op.create_index(op.f("ix_task_case_id"), "task", ["case_id"], unique=False)
    op.drop_index(op.f("ix_team_member_clinic_id_case_id"), table_name="team_member")
    op.create_index(op.f("ix_team_member_case_id"), "team_member", ["case_id"], unique=False)
    op.add_column("wall", sa.Column("lifted_because", sa.LargeBinary(), nullable=True))
    op.add_column("wall", sa.Column("lifted_by", Id(), nullable=True))
    op.create_index(op.f("ix_wall_case_id"), "wall", ["case_id"], unique=False)

    for table in ("audit_entry", "readings.reading"):
        keep_as_written(table)


def downgrade() -> None:

    for table in ("audit_entry", "readings.reading"):
        let_go(table)
    op.drop_index(op.f("ix_wall_case_id"), table_name="wall")
    op.drop_column("wall", "lifted_by")
    op.drop_column("wall", "lifted_because")
    op.drop_index(op.f("ix_team_member_case_id"), table_name="team_member")
    op.create_index(op.f("ix_team_member_clinic_id_case_id"), "team_member", ["clinic_id", "case_id"], unique=False)
    op.drop_index(op.f("ix_task_case_id"), table_name="task")
    op.create_index(op.f("ix_task_clinic_id_case_id"), "task", ["clinic_id", "case_id"], unique=False)
    op.drop_column("step_version", "not_known")
    op.drop_index(op.f("ix_step_follows_id"), table_name="step")
    op.drop_index(op.f("ix_step_case_id_on_date"), table_name="step")
    op.create_index(
        op.f("ix_step_clinic_id_case_id_on_date"), "step", ["clinic_id", "case_id", "on_date"], unique=False
    )
    op.drop_column("step", "not_known")
    op.drop_column("staff_session", "proved_at")
    op.drop_column("staff_session", "means")
    op.drop_column("staff_member", "emergency_until")
    op.drop_column("staff_member", "results_waiting")
    op.drop_column("staff_member", "factor_since")
    op.drop_column("staff_member", "link_renews_factor")
    op.drop_index(op.f("ix_refused_sign_in_clinic_id_address_hash_at"), table_name="refused_sign_in")
    op.drop_column("refused_sign_in", "known_device")
    op.drop_column("refused_sign_in", "address_hash")
    op.drop_column("project", "name_ar")
    op.drop_column("police_attendance_version", "moved_by")
    op.drop_column("police_attendance", "moved_by")
    op.drop_index(op.f("ix_guardian_child_id"), table_name="guardian")
    op.create_index(op.f("ix_guardian_clinic_id_child_id"), "guardian", ["clinic_id", "child_id"], unique=False)
    op.drop_column("custody_period_version", "moved_by")
    op.drop_column("custody_period", "moved_by")
    op.drop_index(op.f("ix_consent_case_id"), table_name="consent")
    op.create_index(op.f("ix_consent_clinic_id_case_id"), "consent", ["clinic_id", "case_id"], unique=False)
    op.drop_index(op.f("ix_closing_proposal_case_id"), table_name="closing_proposal")
    op.create_index(
        op.f("ix_closing_proposal_clinic_id_case_id"), "closing_proposal", ["clinic_id", "case_id"], unique=False
    )
    op.drop_column("clinic", "derived_by")
    op.drop_column("clinic", "factor_required_of")
    op.drop_column("clinic", "keys_changed")
    op.drop_index(op.f("ix_child_clinic_id_recorded_by"), table_name="child")
    op.drop_index(op.f("ix_case_period_case_id"), table_name="case_period")
    op.create_index(op.f("ix_case_period_clinic_id_case_id"), "case_period", ["clinic_id", "case_id"], unique=False)
    op.drop_column("case_file_version", "aged_on")
    op.drop_index(op.f("ix_case_file_clinic_id_last_step_on"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_child_id"), table_name="case_file")
    op.create_index(op.f("ix_case_file_clinic_id_child_id"), "case_file", ["clinic_id", "child_id"], unique=False)
    op.drop_column("case_file", "aged_on")
    op.drop_index(op.f("ix_conflict_ground_conflict_id"), table_name="conflict_ground")
    op.drop_table("conflict_ground")
    op.drop_index(op.f("ix_sharing_case_id"), table_name="sharing")
    op.drop_table("sharing")
    op.drop_index(op.f("ix_possible_conflict_other_child_id"), table_name="possible_conflict")
    op.drop_index(op.f("ix_possible_conflict_named_case_id"), table_name="possible_conflict")
    op.drop_index(op.f("ix_possible_conflict_clinic_id_state_found_at"), table_name="possible_conflict")
    op.drop_table("possible_conflict")
    op.drop_index(op.f("ix_lane_share_case_id_until"), table_name="lane_share")
    op.drop_table("lane_share")
    op.drop_index(op.f("ix_other_person_clinic_id_phone_hash"), table_name="other_person")
    op.drop_index(op.f("ix_other_person_case_id"), table_name="other_person")
    op.drop_table("other_person")
    op.drop_index(op.f("ix_legal_hold_clinic_id_lifted_at"), table_name="legal_hold")
    op.drop_index(op.f("ix_legal_hold_case_id"), table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_index(op.f("ix_emergency_access_clinic_id_staff_id_until"), table_name="emergency_access")
    op.drop_index(op.f("ix_emergency_access_case_id_until"), table_name="emergency_access")
    op.drop_table("emergency_access")
    op.drop_index(op.f("ix_conflict_check_clinic_id_asked_by_checked_at"), table_name="conflict_check")
    op.drop_index(op.f("ix_conflict_check_case_id"), table_name="conflict_check")
    op.drop_table("conflict_check")
    op.drop_table("target")
    op.drop_index(op.f("ix_staff_notice_clinic_id_staff_id_at"), table_name="staff_notice")
    op.drop_table("staff_notice")
    op.drop_index(op.f("ix_seal_request_clinic_id_asked_at"), table_name="seal_request")
    op.drop_table("seal_request")
    op.drop_index(op.f("ix_recovery_code_clinic_id_staff_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_passkey_clinic_id_staff_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("narrative")
    op.drop_index(op.f("ix_look_review_clinic_id_day_staff_id_pattern"), table_name="look_review")
    op.drop_table("look_review")
    op.drop_index(op.f("ix_job_clinic_id_state_not_before"), table_name="job")
    op.drop_index(op.f("ix_job_clinic_id_asked_by_asked_at"), table_name="job")
    op.drop_table("job")
    op.drop_table("code_app")
    op.drop_index(op.f("ix_ageing_file_run_id_outcome"), table_name="ageing_file")
    op.drop_table("ageing_file")
    op.drop_index(op.f("ix_account_request_clinic_id_staff_id"), table_name="account_request")
    op.drop_index(op.f("ix_account_request_clinic_id_answered_at"), table_name="account_request")
    op.drop_table("account_request")
    op.drop_table("target_plan")
    op.drop_table("spent_challenge")
    op.drop_index(op.f("ix_signed_head_clinic_id_day"), table_name="signed_head")
    op.drop_table("signed_head")
    op.drop_table("regular_run")
    op.drop_index(op.f("ix_backup_rehearsed_clinic_id_rehearsed_at"), table_name="backup_rehearsed")
    op.drop_table("backup_rehearsed")
    op.drop_index(op.f("ix_backup_made_clinic_id_made_at"), table_name="backup_made")
    op.drop_table("backup_made")
    op.drop_table("audit_signer")
    op.drop_index(op.f("ix_ageing_run_clinic_id_proposed_at"), table_name="ageing_run")
    op.drop_table("ageing_run")
    op.drop_index(op.f("ix_target_version_clinic_id_known_to"), table_name="target_version")
    op.drop_table("target_version")
    op.drop_table("job_progress", schema="readings")
    op.drop_index(op.f("ix_possible_conflict_version_clinic_id_known_to"), table_name="possible_conflict_version")
    op.drop_table("possible_conflict_version")
    op.drop_index(op.f("ix_other_person_version_clinic_id_known_to"), table_name="other_person_version")
    op.drop_table("other_person_version")
    op.drop_index(op.f("ix_narrative_version_clinic_id_known_to"), table_name="narrative_version")
    op.drop_table("narrative_version")
