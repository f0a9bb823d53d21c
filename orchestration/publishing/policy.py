"""The policies of a gate: enough returns, licensed values, what the door said, who waived what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from orchestration.control.records import CheckResult, Severity, Waiver
from orchestration.control.rules import load_rules
from orchestration.publishing.candidate import warehouse
from orchestration.publishing.columns import PLACES, TEN_FIVE
from orchestration.publishing.inspection import Build, Figures, result
from orchestration.publishing.knowledge import knowledge_of
from orchestration.publishing.observed import unstated_parts
from orchestration.publishing.relations import ADD_UP, COUNTED_ONCE, NOT_COUNTS, OF_PEOPLE
from orchestration.publishing.together import FOLDER

IN_USE = ("current", "carried_forward")
NOT_YET = ("not_due",)
WAIVABLE = ("dbt test", "reconciliation", "policy")
APPROVERS = 2


def coverage(build: Build, figures: Figures) -> list[CheckResult]:
    """P02: the share of returns due that stand behind the figures, current or carried forward."""
    ledger = figures.candidate.ledger
    due = ledger[~ledger["receipt"].isin(NOT_YET)]
    used = int(due["used"].isin(IN_USE).sum())
    least = build.settings.minimum_coverage
    is_met = len(due) > 0 and used >= least * len(due)
    said = (
        f"Only {used} of {len(due)} expected returns can be used; a release needs {least:.0%}. "
        "Ask for the missing returns, or lower minimum_coverage in home.toml."
    )
    return [result("P02", "policy", "ledger", is_met, said)]


def licensed_values(build: Build, figures: Figures) -> list[CheckResult]:
    """P05: no unit value that may not be passed on stands in what everybody reads, or behind it."""
    with warehouse(build.warehouse) as connection:
        held = connection.execute(
            "select unit_value_id from reference.unit_values where is_redistributable is not true order by 1"
        ).fetchall()
    cells = figures.protected.of("public")
    shown = cells.loc[cells["breakdown_type"] == "licensed_stream", "breakdown_value"]
    named = ", ".join([*(i for (i,) in held), *sorted(set(shown))])
    said = f"Value source {named} may not be redistributed: keep it in unit_values.csv of the home alone."
    return [result("P05", "policy", "unit_values", not named, said)]


def listed_figures(build: Build, figures: Figures) -> list[CheckResult]:
    """Figures that are already public and that the build no longer reproduces, for the steward."""
    said = " ".join(d.message for d in figures.protected.disagreements)
    return [
        result(
            "published_figures__are_reproduced", "finding", "metric_values", not said, said, severity="warn"
        )
    ]


def known_to_the_attacker(build: Build, figures: Figures) -> list[CheckResult]:
    """P03: every published figure of people is one that the attacker knows how to add up."""
    known = knowledge_of(figures.candidate)
    cells = figures.protected.cells
    cells = cells[(cells["audience"] == "public") & (cells["basis"] == TEN_FIVE)]
    strange = sorted(set(cells["breakdown_type"]) - set(known.breakdowns))
    said = [f"breakdown {b}: add it to seeds/reference/breakdowns.csv" for b in strange]
    derived = cells[cells["unit"].isin(PLACES)]
    for side in unstated_parts(derived, known):
        said.append(f"{side}: add it to seeds/reference/figure_relations.csv")
    for unit in sorted(set(cells["unit"]) - {*PLACES, *ADD_UP, *COUNTED_ONCE, *OF_PEOPLE, *NOT_COUNTS}):
        said.append(f"unit {unit}: say in publishing/relations.py how it adds up")
    told = f"The attacker does not know {'; '.join(said)}."
    return [result("P03_known", "protection", "protected candidate", not said, told)]


def attacked(build: Build, figures: Figures) -> list[CheckResult]:
    """P03: whoever puts all releases together learns of no hidden count that it is not one of 1 to 9."""
    leaks = figures.attack.leaks
    cells = "; ".join(" ".join(p for p in leak.name.split("|") if p not in ("all", "")) for leak in leaks)
    said = (
        f"{len(leaks)} of {figures.attack.attacked} protected figures can be narrowed down from what is "
        f"public, and nothing that can still be hidden would help: {cells}."
    )
    return [result("P03", "protection", "protected candidate", not leaks, said)]


def door(build: Build) -> list[CheckResult]:
    """What every rule of the door found in the files that stand: nothing of it stops a release."""
    results: list[CheckResult] = []
    is_any = False
    for submission in build.store.submissions():
        if submission.received_on > build.settings.as_at or submission.status == "superseded":
            continue
        is_any = True
        short = f"{submission.return_id}/{submission.submission_id[:12]}"
        if submission.status in ("held", "rejected"):
            said = f"{short} is {submission.status}: {submission.reason or 'see its findings'}."
            results.append(result("submission_accepted", "door", submission.return_id, False, said, "return"))
        results += _findings(build, submission.return_id, submission.submission_id, short)
    return [*results, *(_silent({r.check_id for r in results}) if is_any else [])]


def _silent(found: set[str]) -> Iterable[CheckResult]:
    """Rules of the door that found nothing in any file; those over the build speak for themselves."""
    of_build = {path.name.partition("_")[0] for path in FOLDER.glob("*.sql")}
    for rule_id, rule in load_rules().items():
        if rule.level != "gate" and rule_id not in found | of_build:
            yield result(rule_id, "door", "every return", True, severity=rule.severity)


def waived(build: Build) -> list[CheckResult]:
    """Waivers in force, of the release and of single returns."""
    given: dict[tuple[str, str], list[Waiver]] = {}
    for waiver in build.store.waivers_in_force(build.settings.as_at):
        given.setdefault((waiver.rule_id, waiver.return_id or "release"), []).append(waiver)
    return [
        result(rule_id, "waiver", scope, False, f"Waived by {len({w.who for w in waivers})}.", "info")
        for (rule_id, scope), waivers in sorted(given.items())
    ]


def _findings(build: Build, return_id: str, submission_id: str, short: str) -> Iterable[CheckResult]:
    counts: dict[tuple[str, Severity], int] = {}
    for finding in build.store.findings_of(return_id, submission_id):
        key = (finding.rule_id, finding.severity)
        counts[key] = counts.get(key, 0) + finding.count
    for (rule_id, severity), count in sorted(counts.items()):
        said = f"{short}: {count} {'finding' if count == 1 else 'findings'}."
        yield result(rule_id, "door", return_id, False, said, severity)


def waive(results: list[CheckResult], waivers: Iterable[Waiver]) -> list[CheckResult]:
    """Let failures pass that two different people waived; a crash or a protection cannot be waived.

    A waiver names the check's id and no return, which is how waivers of release rules differ from others.
    """
    approvers: dict[str, set[str]] = {}
    for waiver in waivers:
        if waiver.return_id is None:
            approvers.setdefault(waiver.rule_id, set()).add(waiver.who)
    return [_waived(r, approvers.get(r.check_id, set())) for r in results]


def blocking(results: list[CheckResult]) -> CheckResult:
    """P01: nothing that blocks is left unless two people waived it."""
    left = sum(r.stopped for r in results)
    return result(
        "P01",
        "policy",
        "release",
        not left,
        f"{left} blocking {'issue remains' if left == 1 else 'issues remain'}.",
    )


def _waived(one: CheckResult, who: set[str]) -> CheckResult:
    is_open = one.status == "fail" and one.stopped and one.kind in WAIVABLE
    if not is_open or not who:
        return one
    if len(who) < APPROVERS:
        return replace(one, message=f"{one.message} One person waived it; a second one is needed.")
    return replace(one, status="warn", stopped=False, message=f"{one.message} Waived by {len(who)} people.")
