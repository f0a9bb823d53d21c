"""The door: checking a return of 10,000 rows, and taking in a register of a million rows of 20 columns."""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from bench.report import Results
from bench.timing import PYTHON, Ran, median, median_cpu, peak, rounds, run
from orchestration.settings import PROJECT

RETURN = "bench"
COLUMNS = {
    "ref": "identifier",
    "forename": "identifier",
    "surname": "identifier",
    "birth": "identifier",
    "nino": "identifier",
    "postcode": "identifier",
    "sex": "quasi",
    "ethnic": "sensitive",
    "disability": "sensitive",
    "referred": "quasi",
    "source": "none",
    "triage": "none",
    "started": "quasi",
    "ended": "quasi",
    "status": "sensitive",
    "job": "none",
    "job_start": "quasi",
    "evidence": "none",
    "evidence_type": "none",
    "evidence_date": "quasi",
}
FEEDS: list[dict[str, Any]] = [
    {
        "entity": "participants",
        "columns": {
            "partner_ref": "ref",
            "forename": "forename",
            "surname": "surname",
            "date_of_birth": "birth",
            "nino": "nino",
            "postcode": "postcode",
            "sex_code": "sex",
            "ethnic_group_code": "ethnic",
            "disability_code": "disability",
        },
    },
    {
        "entity": "referrals",
        "columns": {
            "partner_ref": "ref",
            "referral_date": "referred",
            "source_code": "source",
            "triage_outcome_code": "triage",
        },
    },
    {
        "entity": "starts",
        "when": "started",
        "columns": {
            "partner_ref": "ref",
            "start_date": "started",
            "end_date": "ended",
            "employment_status_code": "status",
        },
    },
    {
        "entity": "outcomes",
        "when": "job_start",
        "columns": {
            "partner_ref": "ref",
            "outcome_code": "job",
            "outcome_date": "job_start",
            "evidence_status_code": "evidence",
            "evidence_type_code": "evidence_type",
            "evidence_date": "evidence_date",
        },
    },
]
CONTRACT: dict[str, Any] = {
    "partner": "bench",
    "partner_name": "Bench",
    "partner_type": "council",
    "description": "A register for timing",
    "owner": "team",
    "programmes": ["P08"],
    "area": "E08000018",
    "grain": "record",
    "scope": "register",
    "agreement": {"reference": "B1", "purpose": "timing", "expires": "2027-03-31"},
    "due": {"every": "month", "days_after": 40, "first_period": "2025-04-01"},
    "period": {"pattern": r"(?P<year>\d{4})-(?P<month>\d{2})\."},
    "kind": "delimited",
    "tables": [
        {
            "columns": {n: {"headers": [n], "classification": c} for n, c in COLUMNS.items()},
            "feeds": FEEDS,
        }
    ],
}
TAKE_IN = "from bench.door import take_in; take_in()"
READ = "import sys, pandas; pandas.read_csv(sys.argv[1], dtype=str)"
IMPORT_AND_READ = "import great_expectations; " + READ
SAMPLE = PROJECT / "seeds" / "returns" / "landing" / "rotherham_eit" / "PtW_EIT_Rotherham_2026-02-28.csv"


def bench(folder: Path, times: int, rows: int) -> Results:
    """`pathways check` against importing and reading; taking a register in against `pandas.read_csv`."""
    return {"door_check": _check(folder, times), "door_register": _register(folder, times, rows)}


def _check(folder: Path, times: int) -> dict[str, Any]:
    path = folder / SAMPLE.name
    write_check_file(path, 10_000)
    command = [str(Path(PYTHON).with_name("pathways")), "check", str(path), "--return", "rotherham_eit"]
    home = {"PATHWAYS_HOME": str(folder / "none"), "PATHWAYS_AS_AT": "2026-03-02"}
    ours, floor = rounds(
        times,
        partial(run, command, folder, **home),
        partial(run, [PYTHON, "-c", IMPORT_AND_READ, str(path)], folder),
    )
    return {"rows": 10_000} | _ratio(ours, floor, 1.5)


def _register(folder: Path, times: int, rows: int) -> dict[str, Any]:
    home = folder / "home"
    path = home / "landing" / RETURN / "register_2026-01.csv"
    path.parent.mkdir(parents=True)
    write_register(path, rows)

    def ours() -> Ran:
        return run([PYTHON, "-c", TAKE_IN, str(path), str(folder)], PROJECT)

    taken, read = rounds(times, ours, partial(run, [PYTHON, "-c", READ, str(path)], folder))
    return {"rows": rows, "peak_mib": peak(taken), "peak_target_mib": 4096} | _ratio(taken, read, 15)


def _ratio(ours: list[Ran], floor: list[Ran], target: float) -> dict[str, Any]:
    return {
        "seconds": median(ours),
        "floor_seconds": median(floor),
        "ratio": median(ours) / median(floor),
        "cpu_ratio": median_cpu(ours) / median_cpu(floor),
        "target": target,
    }


def take_in() -> None:
    """Take a register into a new home: `take_in(FILE, FOLDER)` as the arguments of the process."""
    from tempfile import mkdtemp

    from orchestration.control.store import Store
    from orchestration.identity.vault import Vault
    from orchestration.intake.contract import parse_contract
    from orchestration.intake.door import take
    from orchestration.intake.inbox import Pending, Place
    from orchestration.intake.reading import READER
    from orchestration.settings import Settings

    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    settings = Settings(home=Path(mkdtemp(dir=folder)), as_at=date(2026, 3, 2), is_synthetic=True)
    with Store(settings.control_db) as store, Vault.open(settings) as vault:
        found = [Pending.of(Place.of(str(path)), settings.as_at)]
        for verdict in take(found, RETURN, parse_contract(CONTRACT), settings, store, vault, vault.keys):
            print(verdict.submission.status, verdict.submission.rows_accepted)
    READER.close()


def write_check_file(path: Path, rows: int) -> None:
    """The sample's newest register of Rotherham, repeated under other references up to so many rows."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        header, *records = csv.reader(file)
    ref, nino, surname = map(header.index, ("Participant ref", "NI number", "Surname"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for n in range(rows):
            copy, at = divmod(n, len(records))
            record = list(records[at])
            record[ref] += f"-{copy}"
            record[surname] += ascii_lowercase[copy % 26] + ascii_lowercase[copy // 26]
            record[nino] = ""
            writer.writerow(record)


def write_register(path: Path, rows: int) -> None:
    """A register of invented people; each run writes the same."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_people(rows))


def _people(rows: int) -> Iterator[list[str]]:
    chance = random.Random(7)  # invented people
    syllables = ["an", "bel", "cor", "dan", "el", "fa", "ger", "hol", "is", "jo", "ka", "lin", "mar", "nor"]
    days = [(date(2025, 4, 1) + timedelta(days=n)).strftime("%d/%m/%Y") for n in range(300)]
    for n in range(rows):
        first = chance.randrange(100)
        has_started, has_job = chance.random() < 0.7, chance.random() < 0.2
        name = "".join(chance.choices(syllables, k=6)).title()
        yield [
            f"B{n:07}",
            name[:6],
            name[6:],
            f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(1965, 2005)}",
            f"QQ{n % 1_000_000:06}{'ABCD'[n // 1_000_000 % 4]}",
            f"S{chance.randint(60, 66)} {chance.randint(1, 9)}{chance.choice('ABDE')}{chance.choice('ABDE')}",
            chance.choice(["female", "male"]),
            chance.choice(["white_british", "white_other", "asian_pakistani", "black_african"]),
            chance.choice(["disabled", "not_disabled"]),
            days[first],
            chance.choice(["self", "gp", "jobcentre", "council"]),
            "accepted" if has_started else "redirected",
            *((days[first + 14], "", "inactive") if has_started else ("", "", "")),
            *(
                ("EMP_START", days[first + 100], "evidenced", "payslip", days[first + 130])
                if has_started and has_job
                else ("", "", "", "", "")
            ),
        ]
