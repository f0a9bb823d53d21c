"""The catalogue, the clean file that trips none of it, and faults that follow from others."""

from __future__ import annotations

import json
import re
from pathlib import Path

from orchestration.control.rules import load_rules
from orchestration.intake.findings import MOST_GROUPS, Fault, to_findings
from orchestration.settings import EXPECTATIONS, PROJECT
from tests.intake import test_rules_files, test_rules_over_time, test_rules_rows, test_rules_together
from tests.intake.makers import AS_AT, OTHER, check, file, rules_of
from tests.publishing import test_together

# Rules whose cases need a home or a build of their own: file, and the test or the change that trips the rule.
ELSEWHERE = {
    "F15": ("tests/intake/test_door.py", "test_a_check_that_crashes_holds_the_file"),
    "P01": ("tests/publishing/test_gate.py", "test_a_release_rule_is_waived_by_two_different_people_only"),
    "P02": ("tests/publishing/test_gate.py", "_too_few_returns"),
    "P03": ("tests/publishing/test_gate.py", "test_a_small_number_that_protection_lets_through_is_caught"),
    "P04": ("tests/publishing/test_gate.py", "_no_snapshot_label"),
    "P05": ("tests/publishing/test_gate.py", "_licensed_value"),
}
MODULES = (test_rules_rows, test_rules_files, test_rules_together, test_rules_over_time, test_together)


def test_every_rule_has_a_case_that_trips_it_and_one_that_does_not() -> None:
    cases = [rule_id for module in MODULES for rule_id in module.CASES]
    assert sorted({*cases, *ELSEWHERE}) == sorted(load_rules())
    for path, name in ELSEWHERE.values():
        assert f"def {name}(" in (PROJECT / path).read_text("utf-8")


def test_every_rule_is_raised_somewhere() -> None:
    sources = [
        *(PROJECT / "orchestration").rglob("*.py"),
        *(EXPECTATIONS / "entities").glob("*.json"),
    ]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    raised = set(re.findall(r'"([FRXCSP]\d\d)"', code))
    for folder in ("across", "warehouse"):
        raised |= {path.name[:3] for path in (EXPECTATIONS / folder).glob("*.sql")}
    raised |= {"P04"}  # a rule of the suite that the protected figures must pass (expectations/published)
    assert set(load_rules()) <= raised


def test_every_rule_says_what_it_stops_and_how_to_do_better() -> None:
    for rule in load_rules().values():
        assert rule.severity in ("record", "return", "release", "warn", "info")
        assert rule.responsibility in ("partner", "officer", "steward", "engineer")
        assert rule.good
        assert rule.bad
        assert rule.severity_at(rule.effective_from) == rule.severity
        is_firm = rule.severity == "info" or not rule.can_be_waived
        early = rule.severity_at(rule.effective_from.replace(year=2024))
        assert early == (rule.severity if is_firm else "warn")


def test_a_clean_file_trips_nothing(tmp_path: Path) -> None:
    verdict = check(tmp_path, file({}, OTHER))
    assert verdict.findings == ()
    assert verdict.submission.status == "accepted"
    assert {name: len(frame) for name, frame in verdict.frames.items()} == {
        "participants": 2,
        "referrals": 2,
        "starts": 2,
        "outcomes": 1,
        "sustainments": 1,
    }


def test_what_is_only_told_leaves_a_file_accepted(tmp_path: Path) -> None:
    verdict = check(tmp_path, file({"ethnic": ""}))
    assert [f.severity for f in verdict.findings] == ["info"]
    assert verdict.submission.status == "accepted"


def test_a_follow_on_fault_is_not_told_again(tmp_path: Path) -> None:
    assert rules_of(check(tmp_path, file(OTHER, {"job_start": "yesterday", "weeks": ""}))) == {"R02"}
    assert rules_of(check(tmp_path, file(OTHER, {"started": "12/05/2085"}))) == {"R04"}
    assert rules_of(check(tmp_path, file(OTHER, {"started": "12/05/2085", "ended": "20/06/2025"}))) == {"R04"}
    assert rules_of(check(tmp_path, file(OTHER, {"started": "12/05/1950"}))) == {"R05"}
    assert rules_of(check(tmp_path, file(OTHER, {"job": "GOT JOB?"}))) == {"R17"}
    assert rules_of(check(tmp_path, file(OTHER, {"evidence_date": "soon"}))) == {"R02"}
    assert rules_of(check(tmp_path, file(OTHER, {"evidence_date": "31/07/2085"}))) == {"R04"}


def test_all_faults_of_a_file_are_told_in_one_pass(tmp_path: Path) -> None:
    rows = [{"ref": f"A{n}", "nino": "", "uln": "", "source": "Gee Pee"} for n in range(12)]
    rows[3] |= {"started": "soon"}
    rows[4] |= {"postcode": "Rotherham", "hours": "375"}
    verdict = check(tmp_path, file(*rows, headers={"rag": "RAG"}))
    told = {f.rule_id: (f.count, f.row) for f in verdict.findings}
    assert told == {"F07": (1, None), "R02": (1, 5), "R13": (1, 6), "R16": (12, 2), "R22": (1, 6)}
    [unknown] = [f for f in verdict.findings if f.rule_id == "R16"]
    assert unknown.message.startswith("Rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more: 'Gee Pee'")


def test_a_fault_with_ever_new_details_is_told_in_full_only_so_often() -> None:
    faults = [Fault("R07", {"days": str(200 + n)}, "(file)", (n,), "Started") for n in range(MOST_GROUPS + 5)]
    findings = to_findings(faults, load_rules(), AS_AT)
    assert len(findings) == MOST_GROUPS + 1
    assert sum(f.count for f in findings) == MOST_GROUPS + 5


def test_what_hangs_on_a_participant_goes_too_and_the_start_of_a_bad_job_stays(
    tmp_path: Path,
) -> None:
    young = check(tmp_path, file(OTHER, {"born": "01/02/2015"}))
    kept = {name: len(frame) for name, frame in young.frames.items()}
    assert kept == {"participants": 1, "referrals": 1, "starts": 1}
    early = check(tmp_path, file(OTHER, {"job_start": "11/05/2025"}))
    assert len(early.frames["starts"]) == 2
    assert "outcomes" not in early.frames


def test_no_message_of_the_catalogue_wants_what_its_finding_could_not_say() -> None:
    told = json.dumps([rule.message for rule in load_rules().values()])
    assert not re.search(r"\{(?:name|forename|surname|nino|postcode|date_of_birth)\}", told)
