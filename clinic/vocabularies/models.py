"""What a clinic changed in the coded lists: labels, order, codes added and retired."""

from __future__ import annotations

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db import Model


class VocabularyTerm(Model):
    """One code of a list as this clinic has it; what is not here stands as in config/vocabularies.toml."""

    __tablename__ = "vocabulary_term"
    __table_args__ = (UniqueConstraint("clinic_id", "list_name", "code"),)

    list_name: Mapped[str]
    code: Mapped[str]
    en: Mapped[str]
    ar: Mapped[str]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    added: Mapped[bool] = mapped_column(default=False)  # not in the file
    attributes: Mapped[dict[str, str | bool]] = mapped_column(JSON, default=dict)
