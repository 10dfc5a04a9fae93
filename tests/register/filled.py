"""A case with steps of every kind, in every state, with an answer in every field and with as few as can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clinic import clock
from clinic.cases import bulk
from clinic.cases.bulk import NewStep
from clinic.cases.kinds import Field, Shape, all_kinds
from clinic.cases.models import CaseFile
from clinic.clock import Moment, Precision
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer, StepState


def some_answer(field: Field, number: int) -> Any:
    """An answer of a field's shape; another for each number."""
    at = clock.now().replace(second=0, microsecond=0) - timedelta(days=30 - number % 7, hours=number % 5)
    if field.shape is Shape.MOMENT:
        precision = (Precision.MINUTE, Precision.ABOUT)[number % 2]
        return Moment.of_day(clock.local_date(at)) if number % 3 == 2 else Moment(at, precision)
    if field.shape is Shape.DATE:
        return clock.local_date(at)
    if field.shape in (Shape.CODE, Shape.CODES):
        codes = lists.lists()[str(field.list)].codes
        code = codes[number % len(codes)]
        return code if field.shape is Shape.CODE else tuple(dict.fromkeys((code, codes[0])))
    if field.shape is Shape.NUMBER:
        return (field.least or 0) + number % 3
    if field.shape is Shape.ANSWER:
        return list(Answer)[number % 3]
    return f'=قيل {number}، "هكذا"\nوسطر آخر'


def fill(case: CaseFile, worker: Any) -> None:
    """Steps of every kind, with an answer in every field and with as few as can be; done, planned and missed."""
    number = 0
    for kind in all_kinds():
        for state in (StepState.DONE, StepState.PLANNED, StepState.NOT_DONE):
            for fields in (kind.fields, [kind.by_name[kind.when]]):
                number += 1
                values = {f.name: some_answer(f, number + place) for place, f in enumerate(fields)}
                values = consistent(kind.code, values, state)
                reason = "child_absent" if state == StepState.NOT_DONE else None
                if kind.state_of:
                    state = kind.state_of({"status": None, **values})
                    reason = "cancelled" if state == StepState.NOT_DONE else None
                bulk.record_many(
                    kind,
                    [
                        NewStep(
                            case.id,
                            case.child_id,
                            case.role,
                            values,
                            cases_entered(),
                            state=state,
                            worker_id=worker.id,
                            not_done_reason=reason,
                            not_known=tuple(f.name for f in kind.fields[1:3]) if len(fields) == 1 else None,
                            source="web",
                        )
                    ],
                )


def cases_entered() -> int:
    return int(clock.now().timestamp() * 1_000_000)


def consistent(kind: str, values: dict[str, Any], state: StepState) -> dict[str, Any]:
    """The same without what the tables refuse: an end before its beginning, a guardian present and sent out."""
    for end in ("ended", "ended_on", "completed_on", "answered_on", "left_police"):
        values.pop(end, None)
    if values.get("guardian_sent_out") == Answer.YES:
        values["guardian_present"] = Answer.NO
    if values.get("lawyer_attended") == Answer.YES and kind == "police_attendance":
        values.setdefault("lawyer_arrived", values["arrested"])
    if "adjournment_reason" in values:
        values["status"] = "adjourned" if state == StepState.DONE else "scheduled"
        if state != StepState.DONE:
            values.pop("adjournment_reason")
    return values
