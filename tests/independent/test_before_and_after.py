"""Through the whole door and again, and the figures agree with the calculation each time.

Evidence that came late or was withdrawn, returns to a programme, people whom two districts claim, a workbook
with area codes of two years.
"""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from tests.conftest import Home
from tests.independent.compare import computed
from tests.independent.test_figures import must_agree_but_for_silence
from tests.sample_files import LANDING, read_text

pytestmark = pytest.mark.soak

YEAR = date(2025, 4, 1)
FOUND = {"Job type": "Employed", "Evidence": "Y", "Evidence type": "Payslip", "Hours per week": "20"}
JOINED = {
    "Episode": "1",
    "Referral source": "Self",
    "Triage outcome": "Accepted",
    "Status at start": "Unemployed",
}
AGAIN = {
    "Episode": "2", "Referral date": "02/03/2026", "Referral source": "Self", "Triage outcome": "Accepted",
    "Start date": "09/03/2026", "Status at start": "Inactive", "Reason not working": "Other",
    "Barriers assessed": "N",
}  # fmt: skip
WHO = (
    "Participant ref", "Forename", "Surname", "DOB", "Sex", "NI number", "Postcode", "Ethnic group",
    "Disability", "Priority group",
)  # fmt: skip
Rows = list[dict[str, str]]


def _spoken(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _barnsley(home: Home) -> Rows:
    """Send February, half of it in the old area code; some of its people, whom Rotherham then claims too."""
    book = load_workbook(sorted((LANDING / "barnsley_eit").glob("*.xlsx"))[-2])
    sheet, shared = book["Participants"], []
    for row in book["Cover"].iter_rows():
        for cell in row:
            if cell.value == "31/12/2025":
                cell.value = "28/02/2026"
    sheet["A2"].value = "Data to: 28/02/2026"
    names = {cell.value: cell.column - 1 for cell in sheet[5]}
    for number, row in enumerate(sheet.iter_rows(min_row=6)):
        said = {name: row[column].value for name, column in names.items()}
        if str(said[next(iter(names))]).startswith("BMBC") and number % 2:
            row[names["LA code"]].value = "E08000016"
        if said["Evidence"] == "Seen and verified" and said["NI no."] and len(shared) < 3:
            shared.append(_claimed_too(f"RMBC-99{number:03}", said))
    book.save(home.path / "landing" / "barnsley_eit" / "Barnsley PtW return 2026 02.xlsx")
    return shared


def _claimed_too(reference: str, said: dict[str, object]) -> dict[str, str]:
    """A Barnsley participant as Rotherham's: the same person, the same job five days later."""
    first, last = str(said["Name"]).split(" ", 1)
    day = said["First day"]
    job = day.date() if isinstance(day, datetime) else date(1899, 12, 30) + timedelta(days=int(str(day)))
    born = said["Date of birth"]
    person = {
        "Participant ref": reference,
        "Forename": first,
        "Surname": last,
        "NI number": str(said["NI no."]),
    }
    person |= {
        "DOB": _spoken(born) if isinstance(born, date) else str(born),
        "Postcode": str(said["Postcode"]),
    }
    days = {"Referral date": -40, "Start date": -30, "Job start": 5, "Evidence date": 9}
    return person | JOINED | FOUND | {name: _spoken(job + timedelta(days=n)) for name, n in days.items()}


def _rotherham(home: Home, shared: Rows) -> tuple[int, int]:
    """Send March: how many jobs are evidenced now, and how many no more."""
    name = "PtW_EIT_Rotherham_2026-02-28.csv"
    rows = read_text("rotherham_eit", name)
    jobs = [r for r in rows if r["Job start"] and r["Evidence type"] == "Payslip"]
    late = [r for r in rows if r["Job start"] and r["Evidence"] == "Pending"]
    lost = [r for r in jobs if r["Evidence"] == "Y"][:3]
    for row in late:
        row |= FOUND | {"Evidence date": "20/03/2026"}
    for row in lost:
        row["Evidence"] = "Pending"
    ended = [r for r in rows if r["End date"].endswith("2025") and r["Start date"] and r["Episode"] == "1"][
        :4
    ]
    rows += [dict.fromkeys(rows[0], "") | {n: r[n] for n in WHO} | AGAIN for r in ended]
    rows += [dict.fromkeys(rows[0], "") | claimed for claimed in shared]
    path = home.path / "landing" / "rotherham_eit" / name.replace("02-28", "03-31")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(rows)
    return len(late), len(lost)


def _years(warehouse: Path, metric: str, programme: str) -> set[int]:
    """What the year to date has been."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        stated = computed(con)
    return {
        int(value)
        for (m, p, _, breakdown, *_, start, _), (value, *_) in stated.items()
        if (m, p, breakdown, start) == (metric, programme, "all", YEAR) and value is not None
    }


def test_figures_agree_after_everything_has_changed(own_home: Home) -> None:
    shared = _barnsley(own_home)
    late, lost = _rotherham(own_home, shared)
    assert len(shared) == 3
    assert "further than their tolerance" in own_home.run("refresh", "--as-at", "2026-04-20").out
    assert own_home.run("release", "sign-off", "--reason", "late evidence").code == 0
    ran = own_home.run("refresh", "--as-at", "2026-04-20")
    assert ran.code == 0, ran.out + ran.err
    warehouse = own_home.path / "builds" / "candidate" / "warehouse.duckdb"
    must_agree_but_for_silence(warehouse)
    assert 73 + late - lost + 3 in _years(warehouse, "M08", "P08")
    assert 307 + 3 in _years(warehouse, "M04", "P08")  # nobody of those who came back
    assert 237 in _years(warehouse, "M04", "P07b")  # whatever the code of the area
