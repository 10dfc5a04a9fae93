"""`clinic import` and `clinic export`: what they say, where, and how they end."""

from __future__ import annotations

import csv
from contextvars import copy_context
from pathlib import Path

import openpyxl
import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from clinic import clock, db
from clinic.audit.models import AuditEntry, reading
from clinic.cases.models import CaseFile
from clinic.register import command, writing
from clinic.register.tables import Table
from clinic.staff import factors
from tests.makers import PASSWORD
from tests.register.registers import row, whole

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def run(clinic, monkeypatch):
    """Runs a command on the clinic of the test."""
    monkeypatch.setattr(command, "open_or_fail", lambda: None)

    def call(what, *arguments, typed=f"{PASSWORD}\n"):
        db.session.rollback()
        result = copy_context().run(CliRunner().invoke, what, [str(one) for one in arguments], input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        db.session.rollback()
        return result

    return call


@pytest.fixture
def folder(tmp_path):
    """Writes a register as a folder of CSV files."""

    def write(sheets):
        writing.write_csv(map(table, sheets, sheets.values()), tmp_path / "register")
        return tmp_path / "register"

    def table(name, rows):
        headers = list(dict.fromkeys(key for cells in rows for key in cells))
        return Table(name, headers, [[cells.get(key, "") for key in headers] for cells in rows])

    return write


def cases():
    return db.session.scalar(select(func.count()).select_from(CaseFile))


def test_an_import_says_what_became_of_each_sheet(run):
    result = run(command.import_, DATA / "register.xlsx")
    assert result.exit_code == 0
    assert "cases: 120 new, 0 changed, 0 unchanged" in result.stdout.splitlines()
    assert "New account, to be opened by the administrator: lawyer.rana" in result.stdout
    assert "warning: cases, row 7, consent_given_on: No consent 30 days after the file was opened." in result.stderr
    assert result.stderr.splitlines()[-1] == "The register is in."
    assert cases() == 120
    assert "cases: 0 new, 0 changed, 120 unchanged" in run(command.import_, DATA / "register.xlsx").stdout


def test_a_bad_row_ends_with_status_1_and_nothing_written(run, folder):
    sheets = whole()
    sheets["hearings"].append(row("hearings", court="moon"))
    result = run(command.import_, folder(sheets))
    assert result.exit_code == 1
    assert "error: hearings, row 3, court: moon. Expected one of the list: bethlehem_magistrate" in result.stderr
    assert result.stderr.splitlines()[-1] == "1 problem. Nothing was written."
    assert cases() == 0


def test_in_part_the_bad_rows_come_back_beside_the_register(run, folder, tmp_path):
    sheets = whole()
    sheets["hearings"].append(row("hearings", court="moon"))
    path = folder(sheets)
    result = run(command.import_, path, "--partial")
    assert result.exit_code == 1
    assert cases() == 1
    back = tmp_path / "register-problems.xlsx"
    assert oct(back.stat().st_mode)[-3:] == "600"
    assert openpyxl.load_workbook(back).sheetnames == ["hearings"]


def test_a_trial_writes_nothing(run, folder):
    result = run(command.import_, folder(whole()), "--dry-run")
    assert (result.exit_code, cases()) == (0, 0)
    assert "cases: 1 new" in result.stdout


def test_a_trial_of_a_register_is_in_the_log_of_looks(run):
    assert run(command.import_, DATA / "edge", "--dry-run").exit_code == 0
    with db.database().readings.connect() as connection:
        assert "register.compared" in connection.scalars(select(reading.c.what)).all()


def test_messages_may_be_arabic(run, folder):
    sheets = whole()
    sheets["hearings"].append(row("hearings", scheduled_at="soon"))
    result = run(command.import_, folder(sheets), "--lang", "ar")
    assert "الجلسات" in result.stderr
    assert "موعد الجلسة" in result.stderr


def test_what_is_no_register_is_refused(run, tmp_path):
    (tmp_path / "register.xlsx").write_bytes(b"no")
    result = run(command.import_, tmp_path / "register.xlsx")
    assert result.exit_code == 1
    assert ".xlsx" in result.stderr
    assert run(command.import_, tmp_path / "nowhere").exit_code == 2


def test_an_export_says_whose_lanes_it_writes(run, tmp_path, make):
    run(command.import_, DATA / "edge")
    assert run(command.export, "--format", "csv", "--out", tmp_path / "out").exit_code == 2
    assert run(command.export, "--format", "csv", "--out", tmp_path / "a", "--as", "huda", "--all-lanes").exit_code == 2
    result = run(command.export, "--format", "csv", "--out", tmp_path / "out", "--all-lanes")
    assert result.exit_code == 0
    assert "not encrypted" in result.stderr
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 12
    assert run(command.export, "--format", "csv", "--out", tmp_path / "out", "--all-lanes").exit_code == 1


def test_an_export_as_somebody_writes_their_cases(run, tmp_path, make):
    huda = make.lawyer("Huda")
    mine, _other = make.case(team=[huda]), make.case(team=[make.lawyer("Karim")])
    result = run(command.export, "--format", "xlsx", "--out", tmp_path / "out.xlsx", "--as", "huda", "--lang", "ar")
    assert result.exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["القضايا"]
    assert [cells[0] for cells in sheet.values] == ["رقم القضية", mine.reference]


@pytest.fixture
def export(run, tmp_path):
    """Takes the register out as Huda; what is typed comes from standard input."""
    return lambda username="huda", **typed: run(
        command.export, "--format", "csv", "--out", tmp_path / "out", "--as", username, **typed
    )


def test_who_may_not_export_is_told_so(export, tmp_path, make):
    make.administrator("Adam")
    refused = export("adam")
    assert (refused.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert "You may not do this." in refused.stderr


def test_an_export_as_somebody_asks_for_their_password(export, tmp_path, make):
    make.lawyer("Huda")
    for username, typed in (("huda", "wrong\n"), ("nobody", f"{PASSWORD}\n")):
        refused = export(username, typed=typed)
        assert (refused.exit_code, (tmp_path / "out").exists()) == (1, False)
        assert "Username or password is not right." in refused.stderr
    assert "Nobody answers." in export(typed="").stderr
    assert not (tmp_path / "out").exists()
    assert "account.refused" in db.session.scalars(select(AuditEntry.what)).all()
    done = export()
    assert done.exit_code == 0, done.stderr
    assert PASSWORD not in done.output


def test_an_export_as_somebody_asks_for_their_code(export, tmp_path, make):
    app = pyotp.TOTP(secret := "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    step = int(clock.now().timestamp()) // 30
    factors.add_app(make.lawyer("Huda"), secret=secret, code=app.generate_otp(step - 1))
    db.session.commit()
    assert export(typed=f"{PASSWORD}\n000000\n").exit_code == 1
    assert export(typed=f"{PASSWORD}\n").exit_code == 1
    assert not (tmp_path / "out").exists()
    assert export(typed=f"{PASSWORD}\n{app.generate_otp(step)}\n").exit_code == 0


def test_tries_at_the_computer_are_counted_as_at_the_sign_in(export, tmp_path, make):
    make.lawyer("Huda")
    for _turn in range(6):
        export(typed="wrong\n")
    refused = export()
    assert (refused.exit_code, (tmp_path / "out").exists()) == (1, False)
    assert "not right" not in refused.stderr
