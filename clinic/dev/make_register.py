#!/usr/bin/env python3
"""Writes an invented case register in the shape of docs/register.md: a workbook, or a folder of CSV files.

    make_register.py --cases 90 --seed 1 --from 2014-09-01 --to 2016-08-31 --out register.xlsx
    make_register.py --cases 20000 --seed 7 --out register/          (CSV, for benchmarks)

Every person in it is invented. Rates follow what is published of children in the justice system of the West Bank (theft
first by far, then bodily harm; about nine in ten boys; most cases settled by mediation; a summons as often as an
arrest); where nothing is published the rate is a guess. The same arguments always write the same register: what is
drawn, is drawn in a fixed order, which no change may touch. Needs openpyxl for a workbook, nothing but Python for CSV.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

Value = TypeVar("Value")
Weighted = Sequence[tuple[Value, int]]
Cell = str | int | date | datetime | None

HEBRON = ZoneInfo("Asia/Hebron")
BOYS = [
    ("محمد", "Mohammed"),
    ("أحمد", "Ahmad"),
    ("محمود", "Mahmoud"),
    ("عمر", "Omar"),
    ("يوسف", "Yousef"),
    ("إبراهيم", "Ibrahim"),
    ("خالد", "Khaled"),
    ("علي", "Ali"),
    ("حمزة", "Hamza"),
    ("عبد الله", "Abdullah"),
    ("عبد الرحمن", "Abdulrahman"),
    ("ياسين", "Yaseen"),
    ("مصطفى", "Mustafa"),
    ("آدم", "Adam"),
    ("كرم", "Karam"),
    ("رامي", "Rami"),
    ("سامر", "Samer"),
    ("وسام", "Wisam"),
    ("إسلام", "Islam"),
    ("معتز", "Mutaz"),
    ("أنس", "Anas"),
    ("زيد", "Zaid"),
    ("قصي", "Qusai"),
    ("ليث", "Laith"),
    ("نور الدين", "Nour al-Din"),
    ("طارق", "Tareq"),
]
GIRLS = [
    ("فاطمة", "Fatima"),
    ("مريم", "Maryam"),
    ("آية", "Aya"),
    ("سارة", "Sara"),
    ("نور", "Nour"),
    ("هبة", "Hiba"),
    ("رهف", "Rahaf"),
    ("إسراء", "Israa"),
    ("دعاء", "Duaa"),
    ("لين", "Leen"),
    ("شهد", "Shahd"),
    ("رؤى", "Ruaa"),
]
MEN = BOYS + [
    ("حسن", "Hasan"),
    ("حسين", "Hussein"),
    ("جمال", "Jamal"),
    ("نبيل", "Nabil"),
    ("عيسى", "Issa"),
    ("موسى", "Musa"),
]
FAMILIES = [
    ("الأفندي", "Al-Afandi"),
    ("أبو عكر", "Abu Aker"),
    ("اللحام", "Al-Lahham"),
    ("الجعفري", "Al-Jaafari"),
    ("فراج", "Farraj"),
    ("حماد", "Hammad"),
    ("الصيفي", "Al-Saifi"),
    ("مزهر", "Mizher"),
    ("عبد ربه", "Abed Rabbo"),
    ("أبو سرور", "Abu Srour"),
    ("العزة", "Al-Azza"),
    ("شاهين", "Shaheen"),
    ("زغاري", "Zghari"),
    ("جوابرة", "Jawabreh"),
    ("الكردي", "Al-Kurdi"),
    ("عدوي", "Adawi"),
    ("أبو شعيرة", "Abu Shaira"),
    ("رمضان", "Ramadan"),
    ("هماش", "Hammash"),
    ("معالي", "Maali"),
    ("دعامسة", "Daamseh"),
    ("العيسة", "Al-Aysa"),
]
MOTHERS = ["أم " + b for b, _ in BOYS]
LOCALITIES = [
    ("dheisheh", 48),
    ("aida", 14),
    ("beit_jibrin", 8),
    ("doha", 10),
    ("bethlehem", 7),
    ("al_khader", 4),
    ("beit_jala", 2),
    ("beit_sahour", 2),
    ("taqu", 2),
    ("ubeidiya", 2),
    ("other_place", 1),
]
OFFENCES = [
    ("theft", 34),
    ("bodily_harm", 22),
    ("brawl", 14),
    ("damage", 8),
    ("threat", 4),
    ("drugs", 5),
    ("traffic", 3),
    ("resisting", 3),
    ("insult", 3),
    ("cyber", 2),
    ("weapons", 1),
    ("sexual", 1),
    ("other_offence", 2),
]
SOURCES = [
    ("family", 30),
    ("social_development", 22),
    ("police", 13),
    ("protection_counsellor", 10),
    ("school", 7),
    ("community", 7),
    ("partner_ngo", 5),
    ("prosecution", 3),
    ("unrwa", 2),
    ("child", 1),
]
ROLES = [("accused", 88), ("complainant", 6), ("witness", 1), ("advice_only", 5)]
PROJECTS = [("core", 5), ("justice_for_children", 4), ("core;justice_for_children", 2)]
AGES = [(11, 2), (12, 7), (13, 12), (14, 20), (15, 24), (16, 21), (17, 14)]
EDUCATION = [
    ("attending", 45),
    ("irregular", 18),
    ("out_of_school", 18),
    ("working", 10),
    ("vocational", 5),
    ("unknown", 4),
]
REFUGEES = [("registered", 88), ("unregistered", 4), ("not_refugee", 5), ("unknown", 3)]
GUARDIANS = [("father", 55), ("mother", 35), ("grandparent", 4), ("sibling", 4), ("other_relative", 2)]
DISPOSITIONS = [
    ("diverted", 40),
    ("dismissed", 12),
    ("acquitted", 8),
    ("reprimand", 8),
    ("handed_to_guardian", 12),
    ("fine", 5),
    ("supervision", 6),
    ("community_service", 2),
    ("suspended_sentence", 3),
    ("care_placement", 3),
    ("imprisonment", 1),
]
REASONS = [
    ("proceedings_ended", 5),
    ("goals_met", 5),
    ("measure_completed", 2),
    ("lost_contact", 2),
    ("turned_18", 1),
    ("moved_away", 1),
]
OUTCOMES = [("released", 30), ("diverted", 12), ("referred_to_prosecution", 55), ("transferred", 3)]
STATIONS = [("bethlehem_juvenile", 5), ("bethlehem_city", 4), ("beit_sahour_st", 1), ("al_khader_st", 1)]
BODIES = [("juvenile_police", 6), ("police", 3), ("criminal_investigation", 2), ("preventive_security", 1)]
TREATMENTS = ["beating", "threats", "insults", "stress_position", "denial_basic", "with_adults", "strip_search"]
COMPLAINTS = [("filed", 4), ("answered", 2), ("dismissed", 2), ("upheld", 1), ("withdrawn", 1)]
COMPLAINT_BODIES = ["police_oversight", "human_rights_commission", "prosecution"]
DECISIONS = [("release", 20), ("release_on_bail", 30), ("detain", 25), ("mediation", 20), ("dismiss", 5)]
COURTS = [("bethlehem_magistrate", 8), ("bethlehem_first_instance", 2)]
PURPOSES = [("remand", 2), ("plea", 2), ("trial", 5), ("verdict", 2)]
HEARINGS = [("held", 62), ("adjourned", 35), ("cancelled", 3)]
ADJOURNMENTS = [
    ("child_not_brought", 3),
    ("witness_absent", 4),
    ("judge_absent", 3),
    ("report_missing", 3),
    ("lawyers_strike", 1),
]
SESSIONS = [("individual", 7), ("family", 2), ("group", 2)]
SCHOOL = [("attending", 7), ("irregular", 2), ("out_of_school", 1)]
OBSTACLES = [("none", 4), ("stigma", 2), ("missed_too_much", 2), ("poverty_work", 2), ("learning", 1), ("expelled", 1)]
COMMUNITY = [
    ("home_visit", 5),
    ("family_meeting", 3),
    ("community_mediation", 1),
    ("vocational_placement", 1),
    ("recreation", 1),
]
AGENCIES = ["وزارة التنمية الاجتماعية", "مركز الإرشاد", "الأونروا"]
SERVICES = [("mental_health", 4), ("vocational", 3), ("education", 3), ("health", 2), ("cash", 1)]
REFERRALS = [("sent", 2), ("accepted", 2), ("completed", 4), ("declined", 1), ("lapsed", 1)]
ACTIVITIES = [("awareness_session", 5), ("training", 3), ("network_meeting", 3), ("advocacy", 1)]
AUDIENCES = [("children", 4), ("parents", 4), ("teachers", 2), ("police", 2), ("lawyers", 1), ("authorities", 2)]
SHEETS = {
    name: columns.split()
    for name, columns in {
        "children": "child_ref given_name father_name grandfather_name family_name name_latin sex date_of_birth "
        "date_of_birth_precision refugee_status unrwa_number locality disability education_at_intake school_name "
        "school_type guardian_name guardian_relationship guardian_phone",
        "cases": "case_ref child_ref opened_on child_role referral_source alleged_offence offence_on projects "
        "consent_given_on lawyer counsellor disposition disposition_on closed_on closure_reason",
        "police_attendances": "case_ref arrested_at apprehension police_station holding_body lawyer_notified_at "
        "lawyer_attended lawyer_arrived_at questioned_at guardian_present guardian_sent_out "
        "protection_counsellor_present ill_treatment_alleged ill_treatment_kinds statement_signed left_police_at "
        "police_outcome",
        "prosecution_appearances": "case_ref appeared_at prosecution_office lawyer_attended guardian_present decision",
        "custody_periods": "case_ref place legal_basis began_at ended_at separated_from_adults family_visit "
        "education_access",
        "hearings": "case_ref court scheduled_at purpose status adjournment_reason lawyer_attended child_attended "
        "guardian_present",
        "counselling_sessions": "case_ref held_on kind counsellor duration_minutes wellbeing_score note",
        "school_followups": "case_ref visited_on school_status obstacle action",
        "community_followups": "case_ref held_on kind result",
        "referrals": "case_ref referred_on agency service status completed_on",
        "complaints": "case_ref filed_on body about status answered_on",
        "activities": "activity_ref held_on kind audience participants_female participants_male title",
    }.items()
}
Rows = dict[str, list[list[Cell]]]


def existing(value: Any) -> Any:
    """A local moment that the spring change of clocks leaves out becomes the same moment an hour later."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=HEBRON).astimezone(ZoneInfo("UTC")).astimezone(HEBRON).replace(tzinfo=None)
    return value


class Register:
    """An invented register, drawn by chance from its seed."""

    def __init__(self, cases: int, seed: int, first: date, last: date) -> None:
        self.random, self.first, self.last, self.wanted = random.Random(seed), first, last, cases
        teams = max(2, cases // 60)  # a lawyer or counsellor carries some sixty cases
        names = ["rana", "issa", "huda", "samir", "nabil", "lina", "omar", "maha"]
        self.lawyers = [f"lawyer.{names[n % 8]}{n // 8 or ''}" for n in range(teams)]
        self.counsellors = [f"counsellor.{names[(n + 2) % 8]}{n // 8 or ''}" for n in range(teams)]
        self.rows: Rows = {name: [] for name in SHEETS}

    def add(self, sheet: str, **values: Cell) -> None:
        self.rows[sheet].append([existing(values.get(column)) for column in SHEETS[sheet]])

    def pick(self, weighted: Weighted[Value]) -> Value:
        values, weights = zip(*weighted, strict=True)
        chosen: Value = self.random.choices(values, weights)[0]
        return chosen

    def three(self, yes: float, no: float) -> str | None:
        """yes / no / unknown with the given chances; the rest is a blank cell."""
        x = self.random.random()
        return "yes" if x < yes else "no" if x < yes + no else self.random.choice(["unknown", None])

    def day(self, start: date, least: int, most: int) -> date:
        return start + timedelta(days=self.random.randint(least, most))

    def later(self, start: datetime, least: int, most: int) -> datetime:
        return start + timedelta(minutes=self.random.randint(least, most))

    def moment(self, day: date, early: int = 8, late: int = 15) -> datetime:
        hour, minute = self.random.randint(early, late), self.random.choice(range(0, 60, 5))
        wall: datetime = existing(datetime(day.year, day.month, day.day, hour, minute))
        return wall

    def build(self) -> Rows:
        r, number, child_number = self.random, 0, 0
        known: list[tuple[str, str, date]] = []
        while number < self.wanted:
            if known and r.random() < 0.09:
                child, education, opened_before = r.choice(known)
                opened = self.day(opened_before, 20, 420)
            else:
                child_number += 1
                child, education = f"C-{child_number:05d}", self.child(child_number)
                opened = self.day(self.first, 0, (self.last - self.first).days)
            if opened > self.last:
                continue
            number += 1
            known.append((child, education, opened))
            known = known[-400:]
            reference = f"DH-{opened.year}-{number:05d}"
            self.case(reference, child, education, opened, r.choice(self.lawyers), r.choice(self.counsellors))
        self.activities()
        return self.rows

    def activities(self) -> None:
        r = self.random
        months = max(1, (self.last - self.first).days // 30)
        for n in range(months * 2):
            held = self.day(self.first, 0, (self.last - self.first).days)
            self.add(
                "activities",
                activity_ref=f"A-{n + 1:04d}",
                held_on=held,
                kind=self.pick(ACTIVITIES),
                audience=self.pick(AUDIENCES),
                participants_female=r.randint(0, 25),
                participants_male=r.randint(2, 25),
                title="نشاط " + str(n + 1),
            )

    def child(self, n: int) -> str:
        """Adds a child; gives where it stands at school."""
        r = self.random
        girl = r.random() < 0.07
        given, father = r.choice(GIRLS if girl else BOYS), r.choice(MEN)
        grandfather, family = r.choice(MEN), r.choice(FAMILIES)
        age = self.pick(AGES)
        born = self.first - timedelta(days=int(age * 365.25) + r.randint(0, 364) - 200)
        precision = self.pick([("day", 90), ("month", 4), ("year", 6)])
        if precision != "day":
            born = born.replace(day=1, month=born.month if precision == "month" else 1)
        education = self.pick(EDUCATION)
        self.add(
            "children",
            child_ref=f"C-{n:05d}",
            given_name=given[0],
            father_name=father[0],
            grandfather_name=grandfather[0],
            family_name=family[0],
            name_latin=f"{given[1]} {father[1]} {family[1]}" if r.random() < 0.4 else None,
            sex="female" if girl else "male",
            date_of_birth=born if r.random() > 0.02 else None,
            date_of_birth_precision=precision,
            refugee_status=self.pick(REFUGEES),
            unrwa_number=f"2-{r.randint(10**7, 10**8 - 1)}",
            locality=self.pick(LOCALITIES),
            disability=self.three(0.06, 0.8),
            education_at_intake=education,
            school_name="مدرسة ذكور الدهيشة الإعدادية" if not girl else "مدرسة بنات الدهيشة الإعدادية",
            school_type=self.pick([("unrwa", 60), ("government", 35), ("private", 5)]),
            guardian_name=f"{father[0]} {grandfather[0]} {family[0]}" if r.random() < 0.6 else r.choice(MOTHERS),
            guardian_relationship=self.pick(GUARDIANS),
            guardian_phone=f"059{r.randint(1000000, 9999999)}",
        )
        return education

    def case(self, ref: str, child: str, education: str, opened: date, lawyer: str, counsellor: str) -> None:
        r = self.random
        role = self.pick(ROLES)
        offences = [self.pick(OFFENCES)]
        if r.random() < 0.12:
            offences = list(dict.fromkeys([*offences, self.pick(OFFENCES)]))
        accused = role == "accused"
        disposition = disposed = closed = reason = release = None
        if accused:
            release, in_custody = self.police_to_court(ref, opened)
            later = self.day(opened, 10, 330)
            if later <= self.last and r.random() < 0.85 and not in_custody:
                disposition, disposed = self.pick(DISPOSITIONS), later
                release = self.sentence(ref, disposition, disposed) or release
                closed, reason = self.closing(disposed)
        elif r.random() < 0.7:
            closing = self.day(opened, 1, 60)
            closed, reason = (closing, "proceedings_ended") if closing <= self.last else (None, None)
        if role != "advice_only":
            self.social(ref, opened, closed or self.last, education, counsellor, release)
        self.add(
            "cases",
            case_ref=ref,
            child_ref=child,
            opened_on=opened,
            child_role=role,
            referral_source=self.pick(SOURCES),
            alleged_offence=";".join(offences) if accused else None,
            offence_on=self.day(opened, -20, 0) if accused else None,
            projects=self.pick(PROJECTS),
            consent_given_on=self.day(opened, 0, 9) if r.random() < 0.9 else None,
            lawyer=lawyer,
            counsellor=counsellor if role != "advice_only" else None,
            disposition=disposition,
            disposition_on=disposed,
            closed_on=closed,
            closure_reason=reason,
        )

    def sentence(self, ref: str, disposition: str, disposed: date) -> datetime | None:
        """The custody that a sentence brings; gives the moment of its end."""
        if disposition not in ("care_placement", "imprisonment"):
            return None
        end = self.moment(self.day(disposed, 30, 240))
        ended = end if end.date() <= self.last else None
        place = "dar_al_amal" if disposition == "care_placement" else "other_centre"
        self.custody(ref, place, "sentence", self.moment(disposed), ended)
        return ended

    def closing(self, disposed: date) -> tuple[date, str] | tuple[None, None]:
        closing = self.day(disposed, 15, 200)
        if closing <= self.last and self.random.random() < 0.8:
            return closing, self.pick(REASONS)
        return None, None

    def police_to_court(self, ref: str, opened: date) -> tuple[datetime | None, bool]:
        """Police, prosecution, custody and hearings of one case; gives the moment of release and whether the child is
        still held."""
        arrested = self.moment(self.day(opened, -1, 0), 0, 23)
        left, outcome, summons, kinds = self.police(ref, arrested)
        if kinds and self.random.random() < 0.35:
            self.complaint(ref, opened, kinds)
        if not summons or outcome not in ("released", "diverted"):
            self.custody(ref, "police_cell", "police", arrested, left)
        if outcome in ("released", "diverted"):
            return left, False
        return self.prosecution(ref, left)

    def police(self, ref: str, arrested: datetime) -> tuple[datetime, str, bool, str | None]:
        """The attendance at the station; gives when the child left it, how, whether summoned, and ill-treatment."""
        r = self.random
        attended = self.three(0.62, 0.32)
        notified = self.later(arrested, 10, 900) if attended == "yes" or r.random() < 0.3 else None
        arrived = self.later(notified, 10, 150) if notified and attended == "yes" else None
        questioned = self.later(arrested, 15, 1200) if r.random() < 0.85 else None
        if questioned and arrived and r.random() < 0.5 and questioned < arrived:
            questioned = self.later(arrived, 5, 120)
        ill = self.three(0.22, 0.6)
        left = self.later(max(x for x in (arrested, arrived, questioned) if x), 20, 700)
        outcome = self.pick(OUTCOMES)
        guardian, sent_out = self.three(0.45, 0.45), self.three(0.2, 0.6)
        summons = r.random() < 0.45
        kinds = ";".join(r.sample(TREATMENTS, r.randint(1, 3))) if ill == "yes" else None
        self.add(
            "police_attendances",
            case_ref=ref,
            arrested_at=arrested,
            apprehension="summons" if summons else "arrest",
            police_station=self.pick(STATIONS),
            holding_body=self.pick(BODIES),
            lawyer_notified_at=notified,
            lawyer_attended=attended,
            lawyer_arrived_at=arrived,
            questioned_at=questioned,
            guardian_present="no" if sent_out == "yes" else guardian,
            guardian_sent_out=sent_out,
            protection_counsellor_present=self.three(0.3, 0.6),
            ill_treatment_alleged=ill,
            ill_treatment_kinds=kinds,
            statement_signed=self.three(0.6, 0.3),
            left_police_at=left,
            police_outcome=outcome,
        )
        return left, outcome, summons, kinds

    def complaint(self, ref: str, opened: date, kinds: str) -> None:
        filed = self.day(opened, 1, 30)
        if filed > self.last:
            return
        status = self.pick(COMPLAINTS)
        answered = self.day(filed, 10, 90) if status in ("answered", "dismissed", "upheld") else None
        body = self.random.choice(COMPLAINT_BODIES)
        self.add(
            "complaints", case_ref=ref, filed_on=filed, body=body, about=kinds, status=status, answered_on=answered
        )

    def prosecution(self, ref: str, left: datetime) -> tuple[datetime | None, bool]:
        r = self.random
        release: datetime | None = left
        held = False
        decision = self.pick(DECISIONS)
        appeared = left + timedelta(hours=r.randint(0, 20))
        self.add(
            "prosecution_appearances",
            case_ref=ref,
            appeared_at=appeared,
            prosecution_office="نيابة بيت لحم",
            lawyer_attended=self.three(0.75, 0.2),
            guardian_present=self.three(0.6, 0.3),
            decision=decision,
        )
        if decision == "detain":
            ended = appeared + timedelta(hours=r.randint(24, 48))
            self.custody(ref, r.choice(["dar_al_amal", "bethlehem_centre"]), "prosecution", appeared, ended)
            release = ended
            if r.random() < 0.5:
                until = ended + timedelta(days=r.randint(2, 75), hours=r.randint(0, 23))
                held = until.date() > self.last
                release = None if held else until
                self.custody(ref, "dar_al_amal", "court_remand", ended, release)
        if decision not in ("mediation", "dismiss"):
            self.hearings(ref, appeared.date())
        return release, held

    def hearings(self, ref: str, at: date) -> None:
        for _ in range(self.random.randint(1, 6)):
            at = self.day(at, 7, 45)
            status = "scheduled" if at > self.last else self.pick(HEARINGS)
            took_place = status in ("held", "adjourned")
            self.add(
                "hearings",
                case_ref=ref,
                court=self.pick(COURTS),
                scheduled_at=self.moment(at),
                purpose=self.pick(PURPOSES),
                status=status,
                adjournment_reason=self.pick(ADJOURNMENTS) if status == "adjourned" else None,
                lawyer_attended=self.three(0.85, 0.1) if took_place else None,
                child_attended=self.three(0.8, 0.15) if took_place else None,
                guardian_present=self.three(0.6, 0.3) if took_place else None,
            )
            if status == "scheduled":
                break

    def custody(self, ref: str, place: str, basis: str, began: datetime, ended: datetime | None) -> None:
        self.add(
            "custody_periods",
            case_ref=ref,
            place=place,
            legal_basis=basis,
            began_at=began,
            ended_at=ended,
            separated_from_adults=self.three(0.6, 0.25),
            family_visit=self.three(0.5, 0.35),
            education_access=self.three(0.3, 0.5),
        )

    def social(
        self, ref: str, opened: date, until: date, education: str, counsellor: str, release: datetime | None
    ) -> None:
        self.sessions(ref, opened, until, counsellor)
        self.school(ref, release.date() if release else opened, until, education)
        self.community(ref, opened, until)
        if self.random.random() < 0.25:
            self.referral(ref, opened, until)

    def sessions(self, ref: str, opened: date, until: date, counsellor: str) -> None:
        r = self.random
        at, score = self.day(opened, 1, 25), r.randint(1, 6)
        for n in range(r.choice([0, 0, 1, 2, 3, 4, 5, 6, 8, 10])):
            if at > until:
                break
            self.add(
                "counselling_sessions",
                case_ref=ref,
                held_on=at,
                kind=self.pick(SESSIONS),
                counsellor=counsellor,
                duration_minutes=r.choice([30, 45, 60]),
                wellbeing_score=score if r.random() < 0.7 else None,
                note="جلسة متابعة رقم " + str(n + 1),
            )
            at, score = self.day(at, 5, 30), max(0, min(10, score + r.choice([-1, 0, 0, 1, 1, 2])))

    def school(self, ref: str, since: date, until: date, status: str) -> None:
        r = self.random
        at = self.day(since, 3, 60)
        for _ in range(r.choice([0, 1, 1, 2, 3, 4])):
            if at > until:
                break
            if status in ("unknown", "working", "out_of_school"):
                status = "re_enrolled" if r.random() < 0.3 else "out_of_school"
            elif status in ("attending", "irregular", "re_enrolled"):
                status = self.pick(SCHOOL)
            obstacle = self.pick(OBSTACLES)
            self.add("school_followups", case_ref=ref, visited_on=at, school_status=status, obstacle=obstacle)
            at = self.day(at, 20, 70)

    def community(self, ref: str, opened: date, until: date) -> None:
        at = self.day(opened, 2, 50)
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
            if at > until:
                break
            self.add("community_followups", case_ref=ref, held_on=at, kind=self.pick(COMMUNITY))
            at = self.day(at, 15, 60)

    def referral(self, ref: str, opened: date, until: date) -> None:
        at = self.day(opened, 5, 80)
        if at > until:
            return
        status = self.pick(REFERRALS)
        self.add(
            "referrals",
            case_ref=ref,
            referred_on=at,
            agency=self.random.choice(AGENCIES),
            service=self.pick(SERVICES),
            status=status,
            completed_on=self.day(at, 5, 50) if status == "completed" else None,
        )


def text(value: Cell) -> str | int:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else "" if value is None else value


def write(rows: Rows, out: Path) -> None:
    if out.suffix == ".xlsx":
        write_workbook(rows, out)
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, columns in SHEETS.items():
        with open(out / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([columns, *([text(value) for value in row] for row in rows[name])])


def write_workbook(rows: Rows, out: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for row in rows[name]:
            sheet.append(row)
    book.save(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=date(2014, 9, 1))
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=date(2016, 8, 31))
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    rows = Register(given.cases, given.seed, given.first, given.last).build()
    write(rows, given.out)
    print({name: len(values) for name, values in rows.items()}, file=sys.stderr)


if __name__ == "__main__":
    main()
