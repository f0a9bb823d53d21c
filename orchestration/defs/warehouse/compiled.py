"""What dbt reads of the models: the manifest, and of it the lineage of every column."""

from __future__ import annotations

import hashlib
import json
import subprocess
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path

from filelock import FileLock

from orchestration.control.refusals import refusal_in
from orchestration.defs.warehouse.lineage import Lineage, model_lineage
from orchestration.settings import DBT_PROJECT, REFERENCE, SCRIPTS, SettingsError, load_settings, point_dbt_at

DBT = str(SCRIPTS / "dbt")
MANIFEST = DBT_PROJECT / "target" / "manifest.json"
DOES_NOT_START = (
    "dbt cannot read the models, so nothing was run and the last release stands. Mend what it names, or set "
    "Pathways up anew with 'make refresh'. It says:\n{said}"
)
MOST_TOLD = 2000
"""Characters of what dbt printed; it reads the models and no data here."""


@cache
def compiling() -> Future[tuple[Path, Lineage]]:
    """Manifest and column lineage to be: dbt begins with the first call, while Dagster is imported."""
    return ThreadPoolExecutor(1).submit(_compiled)


def _compiled() -> tuple[Path, Lineage]:
    """Both made anew only where the dbt project differs from the one read last."""
    digest = hashlib.sha256()
    rooms = [p for p in DBT_PROJECT.rglob("*") if {"target", "logs"}.isdisjoint(p.parts)]
    for path in sorted([p for p in rooms if p.is_file()] + list(REFERENCE.glob("*.csv"))):
        digest.update(str(path).encode() + path.read_bytes())
    MANIFEST.parent.mkdir(exist_ok=True)
    read = MANIFEST.with_name("lineage.json")
    with FileLock(MANIFEST.with_name("compile.lock")):
        found = json.loads(read.read_text("utf-8")) if read.exists() and MANIFEST.exists() else {}
        if found.get("project") != digest.hexdigest():
            _compile()
            lineage = model_lineage(json.loads(MANIFEST.read_text("utf-8")), DBT_PROJECT)
            found = {"project": digest.hexdigest(), "lineage": lineage}
            read.write_text(json.dumps(found), "utf-8")
    return MANIFEST, found["lineage"]


def _compile() -> None:
    point_dbt_at(load_settings().candidate)
    where = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target", "duckdb"]
    offline = ["--no-introspect", "--no-populate-cache"]  # there may be no warehouse yet
    command = [DBT, "compile", "--quiet", *where, *offline, "--select", "resource_type:model"]
    ran = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    said = ran.stdout + ran.stderr
    if ran.returncode:  # a full disk is told an officer without dbt's traceback
        raise SettingsError(refusal_in(said) or DOES_NOT_START.format(said=said.strip()[-MOST_TOLD:]))
