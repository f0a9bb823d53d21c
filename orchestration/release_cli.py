"""The officer's commands on what has been published: list, diff, explain, rollback."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.settings import DATABASES, SCRIPTS, load_home
from orchestration.terminal import AsJson, say

releases = typer.Typer(help="What has been published.", no_args_is_help=True)


@releases.command("list")
def list_releases(as_json: AsJson = False) -> None:
    """Every release of this home.

    Oldest first; the current one is marked.
    """
    from orchestration.control.store import Store
    from orchestration.publishing.journal import current_release
    from orchestration.publishing.redacted import redacted_inputs

    settings = load_home()
    store = Store(settings.control_db)
    current = current_release(settings)
    found = [
        vars(r)
        | {
            "is_current": r.release_id == current,
            "redacted_inputs": redacted_inputs(store, r.release_id),
        }
        for r in store.releases()
    ]
    if as_json:
        typer.echo(json.dumps(found, default=str))
        return
    if found:
        say(f"In {settings.releases}:")
    for release in found:
        say(f"{release['release_id']}  as at {release['as_at']}{'  (current)' * release['is_current']}")
        _say_redacted(release["redacted_inputs"])
    if not found:
        say("Nothing has been released yet.")


def _say_redacted(inputs: list[str]) -> None:
    if inputs:
        say(f"  redacted since, because somebody was erased or retention ran out: {', '.join(inputs)}")


@releases.command()
def diff(
    before: Annotated[str, typer.Argument(help="The earlier release.")],
    now: Annotated[str, typer.Argument(help="The later release.")],
    as_json: AsJson = False,
) -> None:
    """Which figures moved between two releases.

    By how much, and what came in between.
    """
    from orchestration.control.store import Store
    from orchestration.publishing.attribution import attributed
    from orchestration.publishing.compare import compare

    settings = load_home()
    found = attributed(settings, Store(settings.control_db), compare(settings, before, now))
    if as_json:
        typer.echo(json.dumps(found))
        return
    say(f"{len(found['figures'])} figures differ between {before} and {now}.")
    for row in found["figures"]:
        where = " ".join(row[c] for c in ("metric_id", "programme_id", "area_code") if row[c] != "all")
        moved = f" ({row['moved_by']})" if row["moved_by"] else ""
        then, later = (row[f"value_{w}"] or row[f"status_{w}"] or "nothing" for w in ("before", "now"))
        say(f"  {where}{_group(row)} to {row['period_end']}: {then} then, {later} now{moved}")
        for cause in row["causes"]:
            say(f"    {_cause(cause)}")
    _print_causes(found)


def _group(row: dict[str, Any]) -> str:
    return "" if row["breakdown_type"] == "all" else f" {row['breakdown_type']} {row['breakdown_value']}"


def _cause(cause: dict[str, Any]) -> str:
    records = f": {cause['records']:+d}" if "records" in cause else ""
    return f"{cause['cause']}{records}" + (f" ({cause['return_id']})" if "return_id" in cause else "")


def _print_causes(found: dict[str, Any]) -> None:
    for received in found["submissions_new"]:
        say(f"In use now and not then: {received['return_id']} {received['sha256'][:12]}")
    for received in found["submissions_gone"]:
        say(f"In use then and not now: {received['return_id']} {received['sha256'][:12]}")
    for metric_id in found["metrics_redefined"]:
        say(f"Defined anew: {metric_id}")
    for name, version in found["versions"].items():
        say(f"{name}: {version['before']} then, {version['now']} now")


@releases.command()
def explain(
    metric: Annotated[str, typer.Option(help="Id of the metric, as M04.")],
    area: Annotated[str, typer.Option(help="Area code, as E08000018; or all.")],
    period: Annotated[str, typer.Option(help="Last day of the period; or both days, START/END.")],
    programme: Annotated[str, typer.Option(help="Id of the programme, where several have the area.")] = "",
    breakdown: Annotated[str, typer.Option(help="Group, as sex=female; left out, the whole.")] = "",
    as_json: AsJson = False,
) -> None:
    """From a figure to its parts, files and rows.

    Of the current release.
    """
    from orchestration.control.store import Store
    from orchestration.publishing.explain import Asked, explain

    settings = load_home()
    store = Store(settings.control_db)
    found = explain(settings, store, Asked(metric, area, period, programme, breakdown))
    if as_json:
        typer.echo(json.dumps(found, default=str))
        return
    for one in found:
        _print_explanation(one)


def _print_explanation(one: dict[str, Any]) -> None:
    row = one["figure"]
    period = f"{row['period_start']} to {row['period_end']}"
    say(
        f"{row['metric_name']}{_group(row)}, {row['programme_id']}, {period}: {row['value'] or row['status']}"
    )
    for side, metric_id in one["parts"].items():
        if metric_id:
            say(f"  {side}: {metric_id}, {row[side] or 'not shown'}")
    for used in one["returns"]:
        redacted = ", redacted since" if used["is_redacted"] else ""
        say(f"  {used['return_id']} ({used['used']}{redacted}): {used['file'] or 'nothing in use'}")
    say(f"  made as: {one['definition']['formula']}")
    for table, rows in one["rows"].items():
        where = ", ".join(f"{r['return_id']} {r['file']} {r['sheet']} row {r['row']}" for r in rows[:5])
        more = f" and {len(rows) - 5} more, all with --json" if len(rows) > 5 else ""
        say(f"  {table}: {where}{more}")
    for table in one["not_told_apart"]:
        say(
            f"  {table}: rows are not told apart by {row['breakdown_type']}; leave --breakdown out to see all"
        )
    if not one["rows"] and not one["not_told_apart"]:
        say(f"  no records: it is carried from {one['definition']['source']}")


@releases.command()
def reproduce(
    release_id: Annotated[str, typer.Argument(help="The release; left out, the current one.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a release again, and compare every byte.

    From what is archived; it needs the code that made it.
    """
    from orchestration.control.store import Store
    from orchestration.intake.handoff import project_hash
    from orchestration.publishing.journal import current_release
    from orchestration.publishing.redacted import redacted_inputs
    from orchestration.publishing.reproduce import reproduce

    settings = load_home()
    store = Store(settings.control_db)
    wanted = release_id or current_release(settings) or ""
    found = reproduce(settings, store, wanted, project_hash(), _refresh_in)
    redacted = redacted_inputs(store, wanted)
    if as_json:
        typer.echo(json.dumps(vars(found) | {"redacted_inputs": redacted}))
    elif found.differing:
        say(f"{wanted} came out differently in {', '.join(found.differing)}.")
    else:
        say(f"{wanted} came out the same, byte for byte, in all {found.files} files.")
    if not as_json:
        _say_redacted(redacted)
    raise typer.Exit(1 if found.differing else 0)


def _refresh_in(home: Path, as_at: str, target: str) -> None:
    """One refresh in another home, as a process of its own; whatever it says is not of interest."""
    files = dict.fromkeys(DATABASES.values(), "")  # nothing of it goes into the home's own databases
    environment = {**os.environ, **files, "PATHWAYS_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    pathways = str(SCRIPTS / "pathways")
    command = [pathways, "refresh", "--as-at", as_at, "--target", target]
    subprocess.run(command, env=environment, capture_output=True)  # noqa: S603


@releases.command("sign-off")
def sign_off(
    reason: Annotated[str, typer.Option(help="Why the revisions are right; stands in the manifest.")],
    as_json: AsJson = False,
) -> None:
    """Let revisions that held a refresh go out.

    On the record; then refresh again.
    """
    from orchestration.control.lock import held
    from orchestration.control.store import Store
    from orchestration.publishing.tolerance import sign_off

    settings = load_home()
    with held(settings, "pathways release sign-off"):
        build_id = sign_off(Store(settings.control_db), reason)
    if as_json:
        typer.echo(json.dumps({"build_id": build_id, "reason": reason}))
        return
    say(f"Signed off for build {build_id}. Run 'pathways refresh' to release it.")


@releases.command()
def rollback(
    release_id: Annotated[str, typer.Argument(help="The release to go back to.")],
    as_json: AsJson = False,
) -> None:
    """Make an earlier release the current one.

    On the record; nothing is deleted.
    """
    from orchestration.control.lock import held
    from orchestration.control.store import Store
    from orchestration.publishing.rollback import rollback

    settings = load_home()
    with held(settings, "pathways release rollback"):
        replaced = rollback(settings, Store(settings.control_db), release_id)
    if as_json:
        typer.echo(json.dumps({"release_id": release_id, "replaced": replaced}))
        return
    say(f"The current release is {release_id}; before it was {replaced or 'none'}.")
