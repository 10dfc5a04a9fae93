"""The roles of a clinic and what can be permitted in it."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the clinic."""

    LAWYER = "lawyer"
    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Lane(StrEnum):
    """A lane of confidentiality: every column of every table belongs to one."""

    FACTS = "facts"
    IDENTITY = "identity"
    LEGAL = "legal"
    SOCIAL = "social"
    ILL_TREATMENT = "ill_treatment"


class Permission(StrEnum):
    """Something that a page or an act needs."""

    SIGNED_IN = "signed_in"
    CHILD_READ = "child:read"
    CHILD_WRITE = "child:write"
    CASE_READ = "case:read"
    CASE_OPEN = "case:open"
    CASE_WRITE = "case:write"
    CASE_ASSIGN = "case:assign"
    CASE_PROPOSE_CLOSING = "case:propose_closing"
    CASE_CLOSE = "case:close"
    CASE_HAND_OVER = "case:hand_over"
    RETENTION_MANAGE = "retention:manage"
    RETENTION_AGREE = "retention:agree"  # the second person of a run
    INTAKE_READ = "intake:read"
    INTAKE_ANSWER = "intake:answer"
    STEP_READ = "step:read"
    STEP_RECORD_LEGAL = "step:record_legal"
    STEP_RECORD_SOCIAL = "step:record_social"
    STEP_RECORD = "step:record"
    CALL_TAKE = "call:take"
    EMERGENCY_OPEN = "emergency:open"
    NOTE_SHARE = "note:share"
    GROUP_SESSION = "counselling:group"
    DESK_READ = "desk:read"
    TASK_WRITE = "task:write"
    DUPLICATES_DECIDE = "child:decide_duplicates"
    CONFLICT_DECIDE = "case:decide_conflicts"
    ACTIVITY_READ = "activity:read"
    ACTIVITY_WRITE = "activity:write"
    VOCABULARY_EDIT = "vocabulary:edit"
    RULES_READ = "law:read"
    RULES_CONFIRM = "law:confirm"
    REPORT_READ = "report:read"
    TARGET_EDIT = "target:edit"
    REGISTER_IMPORT = "register:import"
    REGISTER_EXPORT = "register:export"
    STAFF_READ = "staff:read"
    STAFF_WRITE = "staff:write"
    STAFF_AGREE = "staff:agree"
    AUDIT_READ = "audit:read"
