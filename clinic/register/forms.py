"""Forms of the register: what is brought in, how, and what is taken out."""

from __future__ import annotations

from wtforms import BooleanField, MultipleFileField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its stubs are older

from clinic.languages import _, _l
from clinic.register.actions import Choices
from clinic.register.writing import FileFormat
from clinic.web.forms import ClinicForm


class UploadForm(ClinicForm):
    """A workbook, or CSV files named after the sheets."""

    files = MultipleFileField(
        _l("Workbook or CSV files"),
        description=_l("One workbook (.xlsx), or CSV files named after the sheets. Up to 5,000 rows."),
        render_kw={"accept": ".xlsx,.csv"},
    )
    ignore_unknown_columns = BooleanField(
        _l("Keep unknown columns aside"),
        description=_l("Else a column that is not part of the register is an error."),
    )

    def chosen(self) -> list[tuple[str, bytes]]:
        """Name and content of each file."""
        return [(file.filename or "", file.read()) for file in self.files.data or () if hasattr(file, "read")]


class BringInForm(ClinicForm):
    """What is to be done about problems and conflicts."""

    ignore_unknown_columns = BooleanField(_l("Keep unknown columns aside"))
    partial = BooleanField(
        _l("Bring in the good rows"),
        description=_l("The rows with a problem stay out. Take them along as a workbook, correct them and upload it."),
    )
    file_wins = BooleanField(
        _l("The file wins where there is a conflict"),
        description=_l("Records that were changed here since are changed to what the file says."),
    )

    def choices(self) -> Choices:
        """How the register is to be brought in."""
        return Choices(
            partial=bool(self.partial.data),
            file_wins=bool(self.file_wins.data),
            ignore_unknown_columns=bool(self.ignore_unknown_columns.data),
        )


def _formats() -> list[SelectChoice]:
    return [SelectChoice(FileFormat.XLSX.value, _("A workbook")), SelectChoice(FileFormat.CSV.value, _("CSV files"))]


class TakeOutForm(ClinicForm):
    """As what the register is taken out."""

    file_format = RadioField(_l("Form of the file"), choices=_formats, default=FileFormat.XLSX.value)
