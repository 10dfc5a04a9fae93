"""The house: every table, and the twins that keep what was"""

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


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("audience", sa.String(40), nullable=True),
        sa.Column("participants_female", sa.Integer(), nullable=True),
        sa.Column("participants_male", sa.Integer(), nullable=True),
        sa.Column("projects", sa.Text(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("title", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_activity_version")),
    )
    op.create_index(
        op.f("ix_activity_version_clinic_id_known_to"), "activity_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "assessment_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("strengths", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessment_kind", sa.Text(), nullable=True),
        sa.Column("risk_level", sa.Text(), nullable=True),
        sa.Column("safe_at_home", sa.String(40), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_assessment_version")),
    )
    op.create_index(
        op.f("ix_assessment_version_clinic_id_known_to"), "assessment_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "case_file_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("child_id", Id(), nullable=True),
        sa.Column("role", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("referral_source", sa.Text(), nullable=True),
        sa.Column("offences", sa.Text(), nullable=True),
        sa.Column("offence_on", sa.Date(), nullable=True),
        sa.Column("projects", sa.Text(), nullable=True),
        sa.Column("lawyer_id", Id(), nullable=True),
        sa.Column("counsellor_id", Id(), nullable=True),
        sa.Column("event_id", Id(), nullable=True),
        sa.Column("merged_into", Id(), nullable=True),
        sa.Column("proceeding_status", sa.String(40), nullable=True),
        sa.Column("age_at_opening", sa.Integer(), nullable=True),
        sa.Column("age_at_offence", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("disposition_on", sa.Date(), nullable=True),
        sa.Column("last_step_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("court_number", sa.LargeBinary(), nullable=True),
        sa.Column("prosecution_number", sa.LargeBinary(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_case_file_version")),
    )
    op.create_index(
        op.f("ix_case_file_version_clinic_id_known_to"), "case_file_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "case_period_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closure_reason", sa.Text(), nullable=True),
        sa.Column("opened_by", Id(), nullable=True),
        sa.Column("closed_by", Id(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_case_period_version")),
    )
    op.create_index(
        op.f("ix_case_period_version_clinic_id_known_to"),
        "case_period_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "child_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("sex", sa.String(40), nullable=True),
        sa.Column("birth_precision", sa.String(40), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("estimated_age", sa.Integer(), nullable=True),
        sa.Column("estimated_on", sa.Date(), nullable=True),
        sa.Column("age_basis", sa.Text(), nullable=True),
        sa.Column("refugee_status", sa.String(40), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("disability", sa.String(40), nullable=True),
        sa.Column("education_at_intake", sa.String(40), nullable=True),
        sa.Column("school_type", sa.String(40), nullable=True),
        sa.Column("card_hash", sa.LargeBinary(), nullable=True),
        sa.Column("merged_into", Id(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("names_at", sa.Integer(), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("given_name", sa.LargeBinary(), nullable=True),
        sa.Column("father_name", sa.LargeBinary(), nullable=True),
        sa.Column("grandfather_name", sa.LargeBinary(), nullable=True),
        sa.Column("family_name", sa.LargeBinary(), nullable=True),
        sa.Column("name_latin", sa.LargeBinary(), nullable=True),
        sa.Column("born_on", sa.LargeBinary(), nullable=True),
        sa.Column("unrwa_number", sa.LargeBinary(), nullable=True),
        sa.Column("school_name", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_child_version")),
    )
    op.create_index(
        op.f("ix_child_version_clinic_id_known_to"), "child_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "clinic",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("names_changed", sa.Integer(), nullable=False),
        sa.Column("lists_changed", sa.Integer(), nullable=False),
        sa.Column("staff_changed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "community_followup_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("community_kind", sa.String(40), nullable=True),
        sa.Column("child_seen", sa.String(40), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_community_followup_version")),
    )
    op.create_index(
        op.f("ix_community_followup_version_clinic_id_known_to"),
        "community_followup_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "complaint_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("against", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("child_agrees", sa.String(40), nullable=True),
        sa.Column("medical_report", sa.String(40), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_complaint_version")),
    )
    op.create_index(
        op.f("ix_complaint_version_clinic_id_known_to"), "complaint_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "counselling_session_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("agreed", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("session_kind", sa.String(40), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("wellbeing_score", sa.Integer(), nullable=True),
        sa.Column("themes", sa.Text(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("group_id", Id(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_counselling_session_version")),
    )
    op.create_index(
        op.f("ix_counselling_session_version_clinic_id_known_to"),
        "counselling_session_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "custody_period_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.String(40), nullable=True),
        sa.Column("holding_body", sa.Text(), nullable=True),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("began_at_precision", sa.String(40), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_at_precision", sa.String(40), nullable=True),
        sa.Column("order_ends_on", sa.Date(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.Column("separated_from_adults", sa.String(40), nullable=True),
        sa.Column("family_visit", sa.String(40), nullable=True),
        sa.Column("family_visit_on", sa.Date(), nullable=True),
        sa.Column("education_access", sa.String(40), nullable=True),
        sa.Column("lawyer_visit", sa.String(40), nullable=True),
        sa.Column("solitary", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("ordered_by", sa.LargeBinary(), nullable=True),
        sa.Column("order_number", sa.LargeBinary(), nullable=True),
        sa.Column("conditions_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_custody_period_version")),
    )
    op.create_index(
        op.f("ix_custody_period_version_clinic_id_known_to"),
        "custody_period_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "decision_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("court", sa.Text(), nullable=True),
        sa.Column("length_days", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("appealed_on", sa.Date(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_decision_version")),
    )
    op.create_index(
        op.f("ix_decision_version_clinic_id_known_to"), "decision_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "filing_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("with_whom", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_filing_version")),
    )
    op.create_index(
        op.f("ix_filing_version_clinic_id_known_to"), "filing_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "hearing_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("court", sa.Text(), nullable=True),
        sa.Column("scheduled_at", Moment(), nullable=True),
        sa.Column("scheduled_at_precision", sa.String(40), nullable=True),
        sa.Column("purpose", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("adjournment_reason", sa.Text(), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("child_attended", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("closed_session", sa.String(40), nullable=True),
        sa.Column("social_report_there", sa.String(40), nullable=True),
        sa.Column("bail", sa.Text(), nullable=True),
        sa.Column("bail_amount", sa.Integer(), nullable=True),
        sa.Column("days_extended", sa.Integer(), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("next_at_precision", sa.String(40), nullable=True),
        sa.Column("next_purpose", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("court_number", sa.LargeBinary(), nullable=True),
        sa.Column("judge", sa.LargeBinary(), nullable=True),
        sa.Column("order", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_hearing_version")),
    )
    op.create_index(
        op.f("ix_hearing_version_clinic_id_known_to"), "hearing_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "measure_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("supervised_by", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("due_to_end_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_measure_version")),
    )
    op.create_index(
        op.f("ix_measure_version_clinic_id_known_to"), "measure_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "note_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("legal_text", sa.LargeBinary(), nullable=True),
        sa.Column("social_text", sa.LargeBinary(), nullable=True),
        sa.Column("team_text", sa.LargeBinary(), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_note_version")),
    )
    op.create_index(op.f("ix_note_version_clinic_id_known_to"), "note_version", ["clinic_id", "known_to"], unique=False)
    op.create_table(
        "police_attendance_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("arrested_at", Moment(), nullable=True),
        sa.Column("arrested_at_precision", sa.String(40), nullable=True),
        sa.Column("apprehension", sa.String(40), nullable=True),
        sa.Column("police_station", sa.Text(), nullable=True),
        sa.Column("holding_body", sa.Text(), nullable=True),
        sa.Column("lawyer_notified_at", Moment(), nullable=True),
        sa.Column("lawyer_notified_at_precision", sa.String(40), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("lawyer_arrived_at", Moment(), nullable=True),
        sa.Column("lawyer_arrived_at_precision", sa.String(40), nullable=True),
        sa.Column("told_of_rights", sa.String(40), nullable=True),
        sa.Column("told_of_charge", sa.String(40), nullable=True),
        sa.Column("questioned_before_lawyer", sa.String(40), nullable=True),
        sa.Column("questioned_at", Moment(), nullable=True),
        sa.Column("questioned_at_precision", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("guardian_sent_out", sa.String(40), nullable=True),
        sa.Column("family_told", sa.String(40), nullable=True),
        sa.Column("family_told_at", Moment(), nullable=True),
        sa.Column("family_told_at_precision", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("statement_signed", sa.String(40), nullable=True),
        sa.Column("statement_language", sa.Text(), nullable=True),
        sa.Column("injuries_seen", sa.String(40), nullable=True),
        sa.Column("medical_examination", sa.String(40), nullable=True),
        sa.Column("ill_treatment_alleged", sa.String(40), nullable=True),
        sa.Column("ill_treatment_kinds", sa.Text(), nullable=True),
        sa.Column("confession", sa.String(40), nullable=True),
        sa.Column("left_police_at", Moment(), nullable=True),
        sa.Column("left_police_at_precision", sa.String(40), nullable=True),
        sa.Column("police_outcome", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("ordered_by", sa.LargeBinary(), nullable=True),
        sa.Column("injuries_note", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("confession_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_police_attendance_version")),
    )
    op.create_index(
        op.f("ix_police_attendance_version_clinic_id_known_to"),
        "police_attendance_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "prosecution_appearance_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("appeared_at", Moment(), nullable=True),
        sa.Column("appeared_at_precision", sa.String(40), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("questioned", sa.String(40), nullable=True),
        sa.Column("told_of_charge", sa.String(40), nullable=True),
        sa.Column("charges", sa.Text(), nullable=True),
        sa.Column("decision", sa.String(40), nullable=True),
        sa.Column("days_ordered", sa.Integer(), nullable=True),
        sa.Column("bail_amount", sa.Integer(), nullable=True),
        sa.Column("complainant_consents", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("prosecution_office", sa.LargeBinary(), nullable=True),
        sa.Column("prosecutor", sa.LargeBinary(), nullable=True),
        sa.Column("statement_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_prosecution_appearance_version")),
    )
    op.create_index(
        op.f("ix_prosecution_appearance_version_clinic_id_known_to"),
        "prosecution_appearance_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "reading",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", Id(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("subject_id", Id(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("lanes", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        schema="readings",
    )
    op.create_index(
        "ix_reading_clinic_id_case_id_number",
        "reading",
        ["clinic_id", "case_id", "number"],
        unique=False,
        schema="readings",
    )
    op.create_index("ix_reading_clinic_id_number", "reading", ["clinic_id", "number"], unique=True, schema="readings")
    op.create_index(
        "ix_reading_clinic_id_who_number", "reading", ["clinic_id", "who", "number"], unique=False, schema="readings"
    )
    op.create_table(
        "reading_head",
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_reading_head")),
        schema="readings",
    )
    op.create_table(
        "referral_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("service", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("consent_id", Id(), nullable=True),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("agency", sa.LargeBinary(), nullable=True),
        sa.Column("contact_person", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.LargeBinary(), nullable=True),
        sa.Column("without_consent", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_referral_version")),
    )
    op.create_index(
        op.f("ix_referral_version_clinic_id_known_to"), "referral_version", ["clinic_id", "known_to"], unique=False
    )
    op.create_table(
        "school_followup_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("action", sa.LargeBinary(), nullable=True),
        sa.Column("said_as", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("school_status", sa.String(40), nullable=True),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("child_seen", sa.String(40), nullable=True),
        sa.Column("case_not_revealed", sa.String(40), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_school_followup_version")),
    )
    op.create_index(
        op.f("ix_school_followup_version_clinic_id_known_to"),
        "school_followup_version",
        ["clinic_id", "known_to"],
        unique=False,
    )
    op.create_table(
        "step_version",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("state", sa.String(40), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("happened_at", Moment(), nullable=True),
        sa.Column("happened_at_precision", sa.String(40), nullable=True),
        sa.Column("not_done_reason", sa.Text(), nullable=True),
        sa.Column("worker_id", Id(), nullable=True),
        sa.Column("follows_id", Id(), nullable=True),
        sa.Column("child_id", Id(), nullable=True),
        sa.Column("child_role", sa.String(40), nullable=True),
        sa.Column("lanes_written", sa.Text(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("form_digest", sa.LargeBinary(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("known_to", Moment(), nullable=False),
        sa.Column("replaced_by", Id(), nullable=True),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", "known_from", name=op.f("pk_step_version")),
    )
    op.create_index(op.f("ix_step_version_clinic_id_known_to"), "step_version", ["clinic_id", "known_to"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("audience", sa.String(40), nullable=True),
        sa.Column("participants_female", sa.Integer(), nullable=True),
        sa.Column("participants_male", sa.Integer(), nullable=True),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.CheckConstraint(
            "participants_female IS NULL OR participants_female >= 0", name=op.f("ck_activity_female_not_negative")
        ),
        sa.CheckConstraint(
            "participants_male IS NULL OR participants_male >= 0", name=op.f("ck_activity_male_not_negative")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_activity_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("clinic_id", "reference", name=op.f("uq_activity_clinic_id_reference")),
    )
    op.create_index(op.f("ix_activity_clinic_id_held_on"), "activity", ["clinic_id", "held_on"], unique=False)
    op.create_table(
        "audit_entry",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", Id(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("subject_id", Id(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_entry_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(
        op.f("ix_audit_entry_clinic_id_case_id_number"), "audit_entry", ["clinic_id", "case_id", "number"], unique=False
    )
    op.create_index(op.f("ix_audit_entry_clinic_id_number"), "audit_entry", ["clinic_id", "number"], unique=True)
    op.create_table(
        "audit_head",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_head_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "child",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sex", sa.String(40), nullable=False),
        sa.Column("birth_precision", sa.String(40), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("estimated_age", sa.Integer(), nullable=True),
        sa.Column("estimated_on", sa.Date(), nullable=True),
        sa.Column("age_basis", sa.Text(), nullable=True),
        sa.Column("refugee_status", sa.String(40), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("disability", sa.String(40), nullable=True),
        sa.Column("education_at_intake", sa.String(40), nullable=True),
        sa.Column("school_type", sa.String(40), nullable=True),
        sa.Column("card_hash", sa.LargeBinary(), nullable=True),
        sa.Column("merged_into", Id(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("names_at", sa.Integer(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("given_name", sa.LargeBinary(), nullable=True),
        sa.Column("father_name", sa.LargeBinary(), nullable=True),
        sa.Column("grandfather_name", sa.LargeBinary(), nullable=True),
        sa.Column("family_name", sa.LargeBinary(), nullable=True),
        sa.Column("name_latin", sa.LargeBinary(), nullable=True),
        sa.Column("born_on", sa.LargeBinary(), nullable=True),
        sa.Column("unrwa_number", sa.LargeBinary(), nullable=True),
        sa.Column("school_name", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.CheckConstraint(
            "estimated_age IS NULL OR estimated_age BETWEEN 0 AND 25", name=op.f("ck_child_estimated_age_of_a_child")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_child_clinic_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["child.id"], name=op.f("fk_child_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("clinic_id", "reference", name=op.f("uq_child_clinic_id_reference")),
    )
    op.create_index(op.f("ix_child_clinic_id_card_hash"), "child", ["clinic_id", "card_hash"], unique=False)
    op.create_index(op.f("ix_child_clinic_id_names_at"), "child", ["clinic_id", "names_at"], unique=False)
    op.create_table(
        "data_key",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_data_key_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("clinic_id", "number", name=op.f("uq_data_key_clinic_id_number")),
    )
    op.create_table(
        "project",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_project_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("uq_project_clinic_id_code")),
    )
    op.create_table(
        "reference_counter",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_reference_counter_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_counter")),
        sa.UniqueConstraint("clinic_id", "series", name=op.f("uq_reference_counter_clinic_id_series")),
    )
    op.create_table(
        "refused_sign_in",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("account_hash", sa.Text(), nullable=False),
        sa.Column("device_hash", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_refused_sign_in_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_sign_in")),
    )
    op.create_index(
        op.f("ix_refused_sign_in_clinic_id_account_hash_at"),
        "refused_sign_in",
        ["clinic_id", "account_hash", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_refused_sign_in_clinic_id_device_hash_at"),
        "refused_sign_in",
        ["clinic_id", "device_hash", "at"],
        unique=False,
    )
    op.create_table(
        "staff_member",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("link_hash", sa.Text(), nullable=True),
        sa.Column("link_until", Moment(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("last_signed_in_at", Moment(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_staff_member_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("clinic_id", "username", name=op.f("uq_staff_member_clinic_id_username")),
    )
    op.create_table(
        "vocabulary_term",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("list_name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("ar", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_vocabulary_term_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vocabulary_term")),
        sa.UniqueConstraint("clinic_id", "list_name", "code", name=op.f("uq_vocabulary_term_clinic_id_list_name_code")),
    )
    op.create_table(
        "case_file",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("child_id", Id(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("referral_source", sa.Text(), nullable=True),
        sa.Column("offences", sa.Text(), nullable=False),
        sa.Column("offence_on", sa.Date(), nullable=True),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("lawyer_id", Id(), nullable=True),
        sa.Column("counsellor_id", Id(), nullable=True),
        sa.Column("event_id", Id(), nullable=True),
        sa.Column("merged_into", Id(), nullable=True),
        sa.Column("proceeding_status", sa.String(40), nullable=False),
        sa.Column("age_at_opening", sa.Integer(), nullable=True),
        sa.Column("age_at_offence", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("disposition_on", sa.Date(), nullable=True),
        sa.Column("last_step_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("court_number", sa.LargeBinary(), nullable=True),
        sa.Column("prosecution_number", sa.LargeBinary(), nullable=True),
        sa.Column("summary", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.CheckConstraint(
            "(disposition IS NULL) = (disposition_on IS NULL)", name=op.f("ck_case_file_disposition_has_its_date")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_case_file_child_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_case_file_clinic_id")),
        sa.ForeignKeyConstraint(["counsellor_id"], ["staff_member.id"], name=op.f("fk_case_file_counsellor_id")),
        sa.ForeignKeyConstraint(["lawyer_id"], ["staff_member.id"], name=op.f("fk_case_file_lawyer_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["case_file.id"], name=op.f("fk_case_file_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("clinic_id", "reference", name=op.f("uq_case_file_clinic_id_reference")),
    )
    op.create_index(op.f("ix_case_file_clinic_id_child_id"), "case_file", ["clinic_id", "child_id"], unique=False)
    op.create_index(
        op.f("ix_case_file_clinic_id_counsellor_id_status"),
        "case_file",
        ["clinic_id", "counsellor_id", "status"],
        unique=False,
    )
    op.create_index(op.f("ix_case_file_clinic_id_event_id"), "case_file", ["clinic_id", "event_id"], unique=False)
    op.create_index(
        op.f("ix_case_file_clinic_id_lawyer_id_status"), "case_file", ["clinic_id", "lawyer_id", "status"], unique=False
    )
    op.create_index(
        op.f("ix_case_file_clinic_id_status_last_step_on"),
        "case_file",
        ["clinic_id", "status", "last_step_on"],
        unique=False,
    )
    op.create_table(
        "guardian",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("child_id", Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relationship", sa.String(40), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.Column("safe_to_call", sa.String(40), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("safe_when", sa.LargeBinary(), nullable=True),
        sa.Column("may_say", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_guardian_child_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_guardian_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
    )
    op.create_index(op.f("ix_guardian_clinic_id_child_id"), "guardian", ["clinic_id", "child_id"], unique=False)
    op.create_index(op.f("ix_guardian_clinic_id_phone_hash"), "guardian", ["clinic_id", "phone_hash"], unique=False)
    op.create_table(
        "likely_pair",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("first_id", Id(), nullable=False),
        sa.Column("second_id", Id(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("found_at", Moment(), nullable=False),
        sa.Column("found_by", Id(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_likely_pair_clinic_id")),
        sa.ForeignKeyConstraint(["first_id"], ["child.id"], name=op.f("fk_likely_pair_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["child.id"], name=op.f("fk_likely_pair_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_pair")),
        sa.UniqueConstraint(
            "clinic_id", "first_id", "second_id", name=op.f("uq_likely_pair_clinic_id_first_id_second_id")
        ),
    )
    op.create_table(
        "rule_set_confirmation",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("confirmed_by", Id(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_rule_set_confirmation_clinic_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff_member.id"], name=op.f("fk_rule_set_confirmation_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set_confirmation")),
        sa.UniqueConstraint("clinic_id", "code", "digest", name=op.f("uq_rule_set_confirmation_clinic_id_code_digest")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("device", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_staff_session_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_index(
        op.f("ix_staff_session_clinic_id_staff_id"), "staff_session", ["clinic_id", "staff_id"], unique=False
    )
    op.create_table(
        "case_period",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closure_reason", sa.Text(), nullable=True),
        sa.Column("opened_by", Id(), nullable=True),
        sa.Column("closed_by", Id(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (closure_reason IS NULL)", name=op.f("ck_case_period_closing_has_its_reason")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_case_period_closed_after_opened")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_period_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_case_period_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_period")),
    )
    op.create_index(op.f("ix_case_period_clinic_id_case_id"), "case_period", ["clinic_id", "case_id"], unique=False)
    op.create_table(
        "closing_proposal",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("answer", sa.String(40), nullable=True),
        sa.Column("answered_by", Id(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("answer_note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_closing_proposal_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_closing_proposal_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_proposal")),
    )
    op.create_index(
        op.f("ix_closing_proposal_clinic_id_answer"), "closing_proposal", ["clinic_id", "answer"], unique=False
    )
    op.create_index(
        op.f("ix_closing_proposal_clinic_id_case_id"), "closing_proposal", ["clinic_id", "case_id"], unique=False
    )
    op.create_table(
        "consent",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("given_by_guardian", sa.Boolean(), nullable=False),
        sa.Column("given_by_child", sa.Boolean(), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("confirm_by", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("to_whom", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("withdrawn_because", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "form != 'provisional' OR confirm_by IS NOT NULL", name=op.f("ck_consent_provisional_has_its_day")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_consent_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_consent_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_clinic_id_case_id"), "consent", ["clinic_id", "case_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("identity_body", sa.LargeBinary(), nullable=True),
        sa.Column("legal_body", sa.LargeBinary(), nullable=True),
        sa.Column("social_body", sa.LargeBinary(), nullable=True),
        sa.Column("ill_treatment_body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_draft_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_draft_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_draft_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_clinic_id_saved_at"), "draft", ["clinic_id", "saved_at"], unique=False)
    op.create_index(
        op.f("ix_draft_clinic_id_staff_id_place"), "draft", ["clinic_id", "staff_id", "place"], unique=False
    )
    op.create_table(
        "intake",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("referral_source", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("answered_by", Id(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("referrer", sa.LargeBinary(), nullable=True),
        sa.Column("referrer_phone", sa.LargeBinary(), nullable=True),
        sa.Column("child_name", sa.LargeBinary(), nullable=True),
        sa.Column("child_about", sa.LargeBinary(), nullable=True),
        sa.Column("wish", sa.LargeBinary(), nullable=True),
        sa.Column("answer_note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_intake_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_intake_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
    )
    op.create_index(
        op.f("ix_intake_clinic_id_answer_received_on"), "intake", ["clinic_id", "answer", "received_on"], unique=False
    )
    op.create_table(
        "step",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("happened_at", Moment(), nullable=True),
        sa.Column("happened_at_precision", sa.String(40), nullable=True),
        sa.Column("not_done_reason", sa.Text(), nullable=True),
        sa.Column("worker_id", Id(), nullable=True),
        sa.Column("follows_id", Id(), nullable=True),
        sa.Column("child_id", Id(), nullable=False),
        sa.Column("child_role", sa.String(40), nullable=False),
        sa.Column("lanes_written", sa.Text(), nullable=False),
        sa.Column("recorded_by", Id(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("row_digest", sa.LargeBinary(), nullable=True),
        sa.Column("form_digest", sa.LargeBinary(), nullable=True),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_because", sa.LargeBinary(), nullable=True),
        sa.Column("known_from", Moment(), nullable=False),
        sa.CheckConstraint(
            "state != 'not_done' OR not_done_reason IS NOT NULL", name=op.f("ck_step_not_done_has_a_reason")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name=op.f("ck_step_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_step_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_step_child_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_step_clinic_id")),
        sa.ForeignKeyConstraint(["follows_id"], ["step.id"], name=op.f("fk_step_follows_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["staff_member.id"], name=op.f("fk_step_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("clinic_id", "reference", name=op.f("uq_step_clinic_id_reference")),
    )
    op.create_index(
        op.f("ix_step_clinic_id_case_id_on_date"), "step", ["clinic_id", "case_id", "on_date"], unique=False
    )
    op.create_index(
        op.f("ix_step_clinic_id_child_id_kind_on_date"),
        "step",
        ["clinic_id", "child_id", "kind", "on_date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_step_clinic_id_kind_state_on_date"), "step", ["clinic_id", "kind", "state", "on_date"], unique=False
    )
    op.create_index(
        op.f("ix_step_clinic_id_worker_id_state_on_date"),
        "step",
        ["clinic_id", "worker_id", "state", "on_date"],
        unique=False,
    )
    op.create_table(
        "task",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", Id(), nullable=False),
        sa.Column("made_by", Id(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", Id(), nullable=True),
        sa.Column("what", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff_member.id"], name=op.f("fk_task_assigned_to")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_task_clinic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        op.f("ix_task_clinic_id_assigned_to_done_at_due_on"),
        "task",
        ["clinic_id", "assigned_to", "done_at", "due_on"],
        unique=False,
    )
    op.create_index(op.f("ix_task_clinic_id_case_id"), "task", ["clinic_id", "case_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("assigned_by", Id(), nullable=True),
        sa.Column("assigned_at", Moment(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_team_member_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_team_member_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_team_member_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_clinic_id_case_id"), "team_member", ["clinic_id", "case_id"], unique=False)
    op.create_index(
        op.f("ix_team_member_clinic_id_staff_id_case_id"),
        "team_member",
        ["clinic_id", "staff_id", "case_id"],
        unique=False,
    )
    op.create_table(
        "wall",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("case_id", Id(), nullable=False),
        sa.Column("staff_id", Id(), nullable=False),
        sa.Column("built_by", Id(), nullable=False),
        sa.Column("built_at", Moment(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["built_by"], ["staff_member.id"], name=op.f("fk_wall_built_by")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_wall_case_id")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_wall_clinic_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_wall_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
    )
    op.create_index(
        op.f("ix_wall_clinic_id_staff_id_case_id"), "wall", ["clinic_id", "staff_id", "case_id"], unique=False
    )
    op.create_table(
        "assessment",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("strengths", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=True),
        sa.Column("assessment_kind", sa.Text(), nullable=True),
        sa.Column("risk_level", sa.Text(), nullable=True),
        sa.Column("safe_at_home", sa.String(40), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_assessment_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "community_followup",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("community_kind", sa.String(40), nullable=True),
        sa.Column("child_seen", sa.String(40), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_community_followup_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_community_followup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_followup")),
    )
    op.create_table(
        "complaint",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("against", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("child_agrees", sa.String(40), nullable=True),
        sa.Column("medical_report", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "answered_on IS NULL OR answered_on >= filed_on", name=op.f("ck_complaint_answered_after_filed")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_complaint_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_table(
        "counselling_session",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("agreed", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("session_kind", sa.String(40), nullable=True),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("wellbeing_score", sa.Integer(), nullable=True),
        sa.Column("themes", sa.Text(), nullable=True),
        sa.Column("setting", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("group_id", Id(), nullable=True),
        sa.CheckConstraint(
            "duration_minutes IS NULL OR duration_minutes >= 0",
            name=op.f("ck_counselling_session_minutes_not_negative"),
        ),
        sa.CheckConstraint(
            "wellbeing_score IS NULL OR wellbeing_score BETWEEN 0 AND 10",
            name=op.f("ck_counselling_session_score_of_ten"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_counselling_session_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_counselling_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counselling_session")),
    )
    op.create_index(op.f("ix_counselling_session_group_id"), "counselling_session", ["group_id"], unique=False)
    op.create_table(
        "custody_period",
        sa.Column("id", Id(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.String(40), nullable=True),
        sa.Column("holding_body", sa.Text(), nullable=True),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("began_at_precision", sa.String(40), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_at_precision", sa.String(40), nullable=True),
        sa.Column("order_ends_on", sa.Date(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=True),
        sa.Column("separated_from_adults", sa.String(40), nullable=True),
        sa.Column("family_visit", sa.String(40), nullable=True),
        sa.Column("family_visit_on", sa.Date(), nullable=True),
        sa.Column("education_access", sa.String(40), nullable=True),
        sa.Column("lawyer_visit", sa.String(40), nullable=True),
        sa.Column("solitary", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("ordered_by", sa.LargeBinary(), nullable=True),
        sa.Column("order_number", sa.LargeBinary(), nullable=True),
        sa.Column("conditions_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= began_at OR began_at_precision != 'minute' OR ended_at_precision != 'minute'",
            name=op.f("ck_custody_period_ends_after_it_began"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_custody_period_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_custody_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_period")),
    )
    op.create_index(op.f("ix_custody_period_ended_at"), "custody_period", ["ended_at"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=True),
        sa.Column("court", sa.Text(), nullable=True),
        sa.Column("length_days", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("appealed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_decision_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_table(
        "filing",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("with_whom", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_filing_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_filing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing")),
    )
    op.create_table(
        "hearing",
        sa.Column("id", Id(), nullable=False),
        sa.Column("court", sa.Text(), nullable=True),
        sa.Column("scheduled_at", Moment(), nullable=True),
        sa.Column("scheduled_at_precision", sa.String(40), nullable=True),
        sa.Column("purpose", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("adjournment_reason", sa.Text(), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("child_attended", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("closed_session", sa.String(40), nullable=True),
        sa.Column("social_report_there", sa.String(40), nullable=True),
        sa.Column("bail", sa.Text(), nullable=True),
        sa.Column("bail_amount", sa.Integer(), nullable=True),
        sa.Column("days_extended", sa.Integer(), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("next_at_precision", sa.String(40), nullable=True),
        sa.Column("next_purpose", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("court_number", sa.LargeBinary(), nullable=True),
        sa.Column("judge", sa.LargeBinary(), nullable=True),
        sa.Column("order", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "adjournment_reason IS NULL OR status = 'adjourned'", name=op.f("ck_hearing_only_adjourned_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_hearing_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_hearing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
    )
    op.create_index(op.f("ix_hearing_scheduled_at"), "hearing", ["scheduled_at"], unique=False)
    op.create_table(
        "measure",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("supervised_by", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("due_to_end_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name=op.f("ck_measure_ends_after_it_began")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_measure_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_table(
        "note",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("legal_text", sa.LargeBinary(), nullable=True),
        sa.Column("social_text", sa.LargeBinary(), nullable=True),
        sa.Column("team_text", sa.LargeBinary(), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_note_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_table(
        "police_attendance",
        sa.Column("id", Id(), nullable=False),
        sa.Column("arrested_at", Moment(), nullable=True),
        sa.Column("arrested_at_precision", sa.String(40), nullable=True),
        sa.Column("apprehension", sa.String(40), nullable=True),
        sa.Column("police_station", sa.Text(), nullable=True),
        sa.Column("holding_body", sa.Text(), nullable=True),
        sa.Column("lawyer_notified_at", Moment(), nullable=True),
        sa.Column("lawyer_notified_at_precision", sa.String(40), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("lawyer_arrived_at", Moment(), nullable=True),
        sa.Column("lawyer_arrived_at_precision", sa.String(40), nullable=True),
        sa.Column("told_of_rights", sa.String(40), nullable=True),
        sa.Column("told_of_charge", sa.String(40), nullable=True),
        sa.Column("questioned_before_lawyer", sa.String(40), nullable=True),
        sa.Column("questioned_at", Moment(), nullable=True),
        sa.Column("questioned_at_precision", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("guardian_sent_out", sa.String(40), nullable=True),
        sa.Column("family_told", sa.String(40), nullable=True),
        sa.Column("family_told_at", Moment(), nullable=True),
        sa.Column("family_told_at_precision", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("statement_signed", sa.String(40), nullable=True),
        sa.Column("statement_language", sa.Text(), nullable=True),
        sa.Column("injuries_seen", sa.String(40), nullable=True),
        sa.Column("medical_examination", sa.String(40), nullable=True),
        sa.Column("ill_treatment_alleged", sa.String(40), nullable=True),
        sa.Column("ill_treatment_kinds", sa.Text(), nullable=True),
        sa.Column("confession", sa.String(40), nullable=True),
        sa.Column("left_police_at", Moment(), nullable=True),
        sa.Column("left_police_at_precision", sa.String(40), nullable=True),
        sa.Column("police_outcome", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("ordered_by", sa.LargeBinary(), nullable=True),
        sa.Column("injuries_note", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("confession_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "guardian_sent_out != 'yes' OR guardian_present != 'yes'",
            name=op.f("ck_police_attendance_sent_out_was_not_present"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_police_attendance_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_police_attendance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_police_attendance")),
    )
    op.create_table(
        "prosecution_appearance",
        sa.Column("id", Id(), nullable=False),
        sa.Column("appeared_at", Moment(), nullable=True),
        sa.Column("appeared_at_precision", sa.String(40), nullable=True),
        sa.Column("lawyer_attended", sa.String(40), nullable=True),
        sa.Column("guardian_present", sa.String(40), nullable=True),
        sa.Column("protection_counsellor_present", sa.String(40), nullable=True),
        sa.Column("questioned", sa.String(40), nullable=True),
        sa.Column("told_of_charge", sa.String(40), nullable=True),
        sa.Column("charges", sa.Text(), nullable=True),
        sa.Column("decision", sa.String(40), nullable=True),
        sa.Column("days_ordered", sa.Integer(), nullable=True),
        sa.Column("bail_amount", sa.Integer(), nullable=True),
        sa.Column("complainant_consents", sa.String(40), nullable=True),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("prosecution_office", sa.LargeBinary(), nullable=True),
        sa.Column("prosecutor", sa.LargeBinary(), nullable=True),
        sa.Column("statement_note", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_prosecution_appearance_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_prosecution_appearance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prosecution_appearance")),
    )
    op.create_table(
        "referral",
        sa.Column("id", Id(), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("service", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("consent_id", Id(), nullable=True),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("agency", sa.LargeBinary(), nullable=True),
        sa.Column("contact_person", sa.LargeBinary(), nullable=True),
        sa.Column("shared", sa.LargeBinary(), nullable=True),
        sa.Column("without_consent", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "completed_on IS NULL OR completed_on >= referred_on", name=op.f("ck_referral_completed_after_referred")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_referral_clinic_id")),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_referral_consent_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_table(
        "school_followup",
        sa.Column("id", Id(), nullable=False),
        sa.Column("clinic_id", Id(), nullable=False),
        sa.Column("known_from", Moment(), nullable=False),
        sa.Column("action", sa.LargeBinary(), nullable=True),
        sa.Column("said_as", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("school_status", sa.String(40), nullable=True),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("child_seen", sa.String(40), nullable=True),
        sa.Column("case_not_revealed", sa.String(40), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_school_followup_clinic_id")),
        sa.ForeignKeyConstraint(["id"], ["step.id"], name=op.f("fk_school_followup_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_followup")),
    )


def downgrade() -> None:
    op.drop_table("school_followup")
    op.drop_table("referral")
    op.drop_table("prosecution_appearance")
    op.drop_table("police_attendance")
    op.drop_table("note")
    op.drop_table("measure")
    op.drop_index(op.f("ix_hearing_scheduled_at"), table_name="hearing")
    op.drop_table("hearing")
    op.drop_table("filing")
    op.drop_table("decision")
    op.drop_index(op.f("ix_custody_period_ended_at"), table_name="custody_period")
    op.drop_table("custody_period")
    op.drop_index(op.f("ix_counselling_session_group_id"), table_name="counselling_session")
    op.drop_table("counselling_session")
    op.drop_table("complaint")
    op.drop_table("community_followup")
    op.drop_table("assessment")
    op.drop_index(op.f("ix_wall_clinic_id_staff_id_case_id"), table_name="wall")
    op.drop_table("wall")
    op.drop_index(op.f("ix_team_member_clinic_id_staff_id_case_id"), table_name="team_member")
    op.drop_index(op.f("ix_team_member_clinic_id_case_id"), table_name="team_member")
    op.drop_table("team_member")
    op.drop_index(op.f("ix_task_clinic_id_case_id"), table_name="task")
    op.drop_index(op.f("ix_task_clinic_id_assigned_to_done_at_due_on"), table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_step_clinic_id_worker_id_state_on_date"), table_name="step")
    op.drop_index(op.f("ix_step_clinic_id_kind_state_on_date"), table_name="step")
    op.drop_index(op.f("ix_step_clinic_id_child_id_kind_on_date"), table_name="step")
    op.drop_index(op.f("ix_step_clinic_id_case_id_on_date"), table_name="step")
    op.drop_table("step")
    op.drop_index(op.f("ix_intake_clinic_id_answer_received_on"), table_name="intake")
    op.drop_table("intake")
    op.drop_index(op.f("ix_draft_clinic_id_staff_id_place"), table_name="draft")
    op.drop_index(op.f("ix_draft_clinic_id_saved_at"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_consent_clinic_id_case_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index(op.f("ix_closing_proposal_clinic_id_case_id"), table_name="closing_proposal")
    op.drop_index(op.f("ix_closing_proposal_clinic_id_answer"), table_name="closing_proposal")
    op.drop_table("closing_proposal")
    op.drop_index(op.f("ix_case_period_clinic_id_case_id"), table_name="case_period")
    op.drop_table("case_period")
    op.drop_index(op.f("ix_staff_session_clinic_id_staff_id"), table_name="staff_session")
    op.drop_table("staff_session")
    op.drop_table("rule_set_confirmation")
    op.drop_table("likely_pair")
    op.drop_index(op.f("ix_guardian_clinic_id_phone_hash"), table_name="guardian")
    op.drop_index(op.f("ix_guardian_clinic_id_child_id"), table_name="guardian")
    op.drop_table("guardian")
    op.drop_index(op.f("ix_case_file_clinic_id_status_last_step_on"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_clinic_id_lawyer_id_status"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_clinic_id_event_id"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_clinic_id_counsellor_id_status"), table_name="case_file")
    op.drop_index(op.f("ix_case_file_clinic_id_child_id"), table_name="case_file")
    op.drop_table("case_file")
    op.drop_table("vocabulary_term")
    op.drop_table("staff_member")
    op.drop_index(op.f("ix_refused_sign_in_clinic_id_device_hash_at"), table_name="refused_sign_in")
    op.drop_index(op.f("ix_refused_sign_in_clinic_id_account_hash_at"), table_name="refused_sign_in")
    op.drop_table("refused_sign_in")
    op.drop_table("reference_counter")
    op.drop_table("project")
    op.drop_table("data_key")
    op.drop_index(op.f("ix_child_clinic_id_names_at"), table_name="child")
    op.drop_index(op.f("ix_child_clinic_id_card_hash"), table_name="child")
    op.drop_table("child")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_entry_clinic_id_number"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_clinic_id_case_id_number"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_index(op.f("ix_activity_clinic_id_held_on"), table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_step_version_clinic_id_known_to"), table_name="step_version")
    op.drop_table("step_version")
    op.drop_index(op.f("ix_school_followup_version_clinic_id_known_to"), table_name="school_followup_version")
    op.drop_table("school_followup_version")
    op.drop_index(op.f("ix_referral_version_clinic_id_known_to"), table_name="referral_version")
    op.drop_table("referral_version")
    op.drop_table("reading_head", schema="readings")
    op.drop_index("ix_reading_clinic_id_who_number", table_name="reading", schema="readings")
    op.drop_index("ix_reading_clinic_id_number", table_name="reading", schema="readings")
    op.drop_index("ix_reading_clinic_id_case_id_number", table_name="reading", schema="readings")
    op.drop_table("reading", schema="readings")
    op.drop_index(
        op.f("ix_prosecution_appearance_version_clinic_id_known_to"), table_name="prosecution_appearance_version"
    )
    op.drop_table("prosecution_appearance_version")
    op.drop_index(op.f("ix_police_attendance_version_clinic_id_known_to"), table_name="police_attendance_version")
    op.drop_table("police_attendance_version")
    op.drop_index(op.f("ix_note_version_clinic_id_known_to"), table_name="note_version")
    op.drop_table("note_version")
    op.drop_index(op.f("ix_measure_version_clinic_id_known_to"), table_name="measure_version")
    op.drop_table("measure_version")
    op.drop_index(op.f("ix_hearing_version_clinic_id_known_to"), table_name="hearing_version")
    op.drop_table("hearing_version")
    op.drop_index(op.f("ix_filing_version_clinic_id_known_to"), table_name="filing_version")
    op.drop_table("filing_version")
    op.drop_index(op.f("ix_decision_version_clinic_id_known_to"), table_name="decision_version")
    op.drop_table("decision_version")
    op.drop_index(op.f("ix_custody_period_version_clinic_id_known_to"), table_name="custody_period_version")
    op.drop_table("custody_period_version")
    op.drop_index(op.f("ix_counselling_session_version_clinic_id_known_to"), table_name="counselling_session_version")
    op.drop_table("counselling_session_version")
    op.drop_index(op.f("ix_complaint_version_clinic_id_known_to"), table_name="complaint_version")
    op.drop_table("complaint_version")
    op.drop_index(op.f("ix_community_followup_version_clinic_id_known_to"), table_name="community_followup_version")
    op.drop_table("community_followup_version")
    op.drop_table("clinic")
    op.drop_index(op.f("ix_child_version_clinic_id_known_to"), table_name="child_version")
    op.drop_table("child_version")
    op.drop_index(op.f("ix_case_period_version_clinic_id_known_to"), table_name="case_period_version")
    op.drop_table("case_period_version")
    op.drop_index(op.f("ix_case_file_version_clinic_id_known_to"), table_name="case_file_version")
    op.drop_table("case_file_version")
    op.drop_index(op.f("ix_assessment_version_clinic_id_known_to"), table_name="assessment_version")
    op.drop_table("assessment_version")
    op.drop_index(op.f("ix_activity_version_clinic_id_known_to"), table_name="activity_version")
    op.drop_table("activity_version")
