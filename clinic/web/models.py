"""What was typed and not yet saved: drafts, and forms that met an ended session. Sealed in the lane of their form."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import Model, Secret


class Draft(Model):
    """A form as typed so far; its id is the form's own. One body is filled, in the lane of the form."""

    __tablename__ = "draft"
    __table_args__ = (Index(None, "clinic_id", "staff_id", "place"), Index(None, "clinic_id", "saved_at"))

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))
    place: Mapped[str]  # the path of the form
    held: Mapped[bool] = mapped_column(default=False)  # it met an ended session; offered after sign-in for 15 minutes
    saved_at: Mapped[datetime] = mapped_column(default=clock.now)
    identity_body = Secret("identity")
    legal_body = Secret("legal")
    social_body = Secret("social")
    ill_treatment_body = Secret("ill_treatment")
