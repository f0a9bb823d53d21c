"""R2: Barnsley's register, a workbook with a cover sheet, two header rows, merged cells and day numbers.

Its district codes are those from before April 2025. In January 2026 somebody added a column of case notes.
"""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from seeds.returns.archetypes.rotherham import COHORT, DISABLED, ETHNIC
from seeds.returns.journeys import Journey, as_seen
from seeds.returns.model import Delivery, PersonTruth, Sample, Truth, after, months
from seeds.returns.people import make_people, moved_to
from seeds.returns.trailblazer import make_journeys
from seeds.returns.volumes import Volumes
from seeds.returns.writing import excel_serial, moment, workbook_bytes

RETURN_ID = "barnsley_eit"
AREA, OLD_CODE = "E08000038", "E08000016"
FIRST, LAST, ACCEPTED = date(2025, 4, 1), date(2026, 1, 31), date(2025, 12, 31)
VOLUMES = Volumes(
    "BMBC", FIRST, LAST, referrals=498, starts=282, jobs=63, re_entries=6, again=4, duplicates=12,
    unproven=("pending",) * 9 + ("no",) * 6, subsidies=0, placements=24,
)  # fmt: skip

GROUPS: dict[str, tuple[str, ...]] = {
    "Participant": (
        "Ref", "Visit", "Name", "Date of birth", "Gender", "NI no.", "ULN", "Postcode", "LA code",
        "Ethnicity", "Disabled",
        "Group",
    ), "Referral": ("Date", "From", "Triage"), "Programme": ("Started", "Left", "Why left", "Work status",
    "Inactive because", "Barriers asked", "Barriers"), "Job": ("Type", "First day", "Evidence", "Kind",
    "Seen on", "Hours"), "Checks": ("13 wks on", "13 wks", "26 wks on", "26 wks"), "Placement": ("Employer",
    "From", "To", "Kept on"),
}  # fmt: skip
GENDER = {"female": "F", "male": "M", "not_stated": "Not stated"}
STATUS = {"inactive": "12", "unemployed": "11", "employed": "10", "": "98"}
EVIDENCE = {"yes": "Seen", "checked": "Seen and verified", "pending": "Awaited", "no": "Not seen"}
RESULT = {"sustained": "In work", "not_sustained": "Not in work", "unknown": "Cannot reach"}


def make(shared: list[Journey]) -> Sample:
    """`shared`: rows of Rotherham's register; three of these people also come to Barnsley."""
    rng = random.Random("barnsley")
    people = [moved_to(j.person, AREA) for j in shared] + make_people(
        rng, 1001, VOLUMES.people - len(shared), AREA, FIRST
    )
    rng.shuffle(people)
    journeys = make_journeys(rng, VOLUMES, people, [])
    return Sample(_deliveries(journeys), _truths(journeys), _who(journeys))


def _deliveries(journeys: list[Journey]) -> list[Delivery]:
    rng = random.Random("barnsley post")
    deliveries = []
    for end in months(FIRST, LAST):
        received, note = after(end, rng.randint(6, 12)), ""
        if end == date(2025, 8, 31):
            received, note = date(2025, 10, 1), "late: due on 2025-09-14"
        if end == LAST:
            note = "a column of case notes: to be rejected whole"
        seen = [row for row in (as_seen(j, end) for j in journeys) if row]
        content = _workbook(seen, end, has_notes=end == LAST)
        deliveries.append(
            Delivery(RETURN_ID, f"Barnsley PtW return {end:%Y %m}.xlsx", content, received, note)
        )
    return deliveries


def _workbook(rows: list[Journey], end: date, has_notes: bool) -> bytes:
    book = Workbook()
    cover = book.active
    cover.title = "Cover"
    for line in (
        ["Pathways to Work: Economic Inactivity Trailblazer"], ["Barnsley Metropolitan Borough Council"],
        ["Data to:", end.strftime("%d/%m/%Y")], ["Rows:", len(rows)], ["Synthetic sample data"],
    ):  # fmt: skip
        cover.append(line)
    cover.merge_cells("A1:D1")
    _participants(book.create_sheet("Participants"), rows, end, has_notes)
    lookups = book.create_sheet("Lookups")
    lookups.sheet_state = "hidden"
    for code, label in (("10", "In work"), ("11", "Unemployed"), ("12", "Inactive"), ("98", "Not known")):
        lookups.append([code, label])
    return workbook_bytes(book)


def _participants(sheet: Worksheet, rows: list[Journey], end: date, has_notes: bool) -> None:
    sheet.append(["Pathways to Work participants"])
    sheet.append([f"Data to: {end:%d/%m/%Y}"])
    sheet.append([])
    groups = GROUPS | ({"Other": ("Case notes",)} if has_notes else {})
    upper: list[str | None] = []
    for group, names in groups.items():
        upper += [group, *[None] * (len(names) - 1)]
    sheet.append(upper)
    sheet.append([name for names in groups.values() for name in names])
    column = 1
    for names in groups.values():
        if len(names) > 1:
            sheet.merge_cells(start_row=4, end_row=4, start_column=column, end_column=column + len(names) - 1)
        column += len(names)
    for cell in (*sheet[4], *sheet[5]):
        cell.font = Font(bold=True)
    for i, row in enumerate(rows):
        cells = _cells(row) + ([_note(row, i)] if has_notes else [])
        sheet.append([None if cell == "" else cell for cell in cells])
        for column in (4, 13):
            sheet.cell(sheet.max_row, column).number_format = "dd/mm/yyyy"


def _note(row: Journey, place: int) -> str:
    if place % 4:
        return ""
    phone = f"07700 900{place % 1000:03d}"
    return f"Rang {row.person.forename} on {phone}, feeling low since the move, sees the GP on Tuesday"


def _cells(row: Journey) -> list[Any]:
    person = row.person
    name = f"{person.forename} {person.surname}"
    uln = {0: "9999999999", 1: "1234567890"}.get(person.number % 40, "")
    return [
        row.ref, {1: "First", 2: "Return"}.get(row.episode or 0, ""), name, moment(person.birth),
        GENDER[person.sex], person.nino, uln, person.postcode, OLD_CODE,
        ETHNIC[person.ethnic], DISABLED[person.disability], COHORT[person.cohort],
        moment(row.referral), row.source, row.triage.replace("_", " "),
        excel_serial(row.start), excel_serial(row.end), row.end_reason.replace("_", " "),
        STATUS[row.status] if row.start else "", row.inactivity.replace("_", " "),
        "" if row.is_assessed is None else ("No", "Yes")[row.is_assessed],
        ", ".join(b.replace("_", " ") for b in row.barriers),
        *_job_cells(row), *_placement_cells(row),
    ]  # fmt: skip


def _job_cells(row: Journey) -> list[Any]:
    job = row.job
    if job is None:
        return [None] * 10
    kind = {"EMP_START": "Employee", "SELF_EMP": "Self employed", "APPRENTICESHIP": "Apprenticeship"}[
        job.code
    ]
    checks: list[Any] = []
    for check in (job.check_13, job.check_26):
        checks += [excel_serial(check[0]), RESULT[check[1]]] if check else [None, None]
    return [
        kind, excel_serial(job.start), EVIDENCE[job.evidence], job.evidence_type.replace("_", " "),
        excel_serial(job.evidence_date), job.hours, *checks,
    ]  # fmt: skip


def _placement_cells(row: Journey) -> list[Any]:
    placement = row.placement
    if placement is None:
        return [None] * 4
    kept = None if placement.is_permanent is None else ("No", "Yes")[placement.is_permanent]
    return [placement.employer, excel_serial(placement.start), excel_serial(placement.end), kept]


def _truths(journeys: list[Journey]) -> list[Truth]:
    seen = [row for row in (as_seen(j, ACCEPTED) for j in journeys) if row]
    counted = [j for j in seen if j.triage != "duplicate"]
    figures = {
        "referrals": len(counted),
        "people_referred": len({j.person.number for j in counted}),
        "starts": len({j.person.number for j in seen if j.start}),
        "evidenced_jobs": sum(j.job is not None and j.job.is_evidenced for j in seen),
    }
    return [
        Truth(RETURN_ID, "P07b", metric, "to 2025-12-31", str(value)) for metric, value in figures.items()
    ]


def _who(journeys: list[Journey]) -> list[PersonTruth]:
    return [PersonTruth(RETURN_ID, r, p) for r, p in sorted({(j.ref, j.person.person_id) for j in journeys})]
