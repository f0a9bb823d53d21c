"""From what is accepted to what dbt reads: the key of a build, and a fresh warehouse file.

A build is never updated in place: a killed `dbt run` leaves a database half old and half new.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.control.ledger import LedgerRow, build_ledger
from orchestration.intake.contract import Contract
from orchestration.intake.entities import CONTROL, ENTITIES
from orchestration.intake.spark import build_area, hand_to_spark
from orchestration.intake.spark_area import sweep
from orchestration.intake.unit_values import own_unit_values
from orchestration.settings import (
    DBT_PROJECT,
    EXPECTATIONS,
    PROJECT,
    REFERENCE,
    RETURNS_FOLDER,
    Settings,
)

if TYPE_CHECKING:
    import duckdb

    from orchestration.control.store import AcceptedFile, Store

# Whatever can change a figure besides the data: code, contracts, rules, models, reference data, engines.
ROOMS = {
    PROJECT / "orchestration": "*.py",
    PROJECT / "orchestration" / "defs": "*.yaml",
    PROJECT / "orchestration" / "identity": "*.toml",
    EXPECTATIONS: "*",
    DBT_PROJECT: "*.*",
    REFERENCE: "*.csv",
}
ENGINES = ("dbt-core", "dbt-duckdb", "duckdb", "pandas", "great-expectations", "splink")
SPARK = ("dbt-spark", "pyspark")
COUNTING_ENTITIES = set(ENTITIES) - {"spend", "targets"}


def ledger(contracts: Mapping[str, Contract], store: Store, settings: Settings) -> list[LedgerRow]:
    """The expected-returns ledger at the home's clock."""
    rules = [contract.due_rule(return_id) for return_id, contract in contracts.items()]
    return build_ledger(rules, store.coverings(), settings.as_at)


def project_hash(rooms: Mapping[Path, str] = ROOMS) -> str:
    """SHA-256 over names and bytes of everything in the project that can change a figure."""
    digest = hashlib.sha256()
    for room, pattern in rooms.items():
        for path in sorted(room.rglob(pattern)):
            if path.is_file() and not {"target", "logs", "__pycache__"} & set(path.parts):
                digest.update(str(path.relative_to(PROJECT)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    for engine in ENGINES:
        digest.update(f"{engine} {version(engine)}".encode())
    return digest.hexdigest()


def engine(settings: Settings) -> dict[str, str]:
    """Which engine makes the build; of one besides DuckDB, which is in every build, the versions too."""
    more = {name: version(name) for name in SPARK} if settings.target == "spark" else {}
    return {"target": settings.target, **more}


def project_versions() -> dict[str, str]:
    """Hashes of the code that made a build, and of the parts that a revision can be put down to."""
    rooms = {
        "rules": EXPECTATIONS,
        "contracts": RETURNS_FOLDER,
        "models": DBT_PROJECT,
        "reference": REFERENCE,
    }
    hashes = {name: project_hash({room: ROOMS.get(room, "*.yaml")}) for name, room in rooms.items()}
    return {"code": project_hash(), **hashes}


def build_key(
    files: list[AcceptedFile], links: Path, rows: Iterable[LedgerRow], store: Store, settings: Settings
) -> str:
    """Hash of everything that can change a figure; an equal key means there is nothing to do.

    Received files stand for what was accepted of them, and links for who is one person: nothing here
    depends on a key of the vault, so that two homes with the same inputs make the same release.
    """
    digest = hashlib.sha256(project_hash().encode())
    parts: list[object] = [settings.as_at, settings.is_synthetic, settings.minimum_coverage]
    parts += engine(settings).items()
    parts += sorted((f.return_id, f.entity, f.submission_id, str(f.period_start), f.rows) for f in files)
    parts += [astuple(row) for row in rows]
    parts += [astuple(waiver) for waiver in store.waivers_in_force(settings.as_at)]
    parts.append(link_fingerprint(files, links, settings))
    parts += own_unit_values(settings.home)
    for part in parts:
        digest.update(repr(part).encode())
    return digest.hexdigest()


def link_fingerprint(files: Iterable[AcceptedFile], links: Path, settings: Settings) -> str:
    """Hash of which source rows are one person, whatever the pseudonyms are."""
    import duckdb

    paths = [str(settings.home / f.path) for f in files if f.entity == "participants"]
    if not paths:
        return ""
    found = duckdb.execute(_LINKED_ROWS, [paths, str(links)]).fetchone()
    return str(found[0]) if found else ""


_LINKED_ROWS = """
with linked as (
    select
        r.return_id || '|' || r.submission_id || '|' || r.source_sheet || '|' || r.source_row as place,
        coalesce(l.person_key, r.record_key) as person_key,
        coalesce(l.link_rule, '') as link_rule
    from read_parquet(?) as r
    left join read_parquet(?) as l on r.record_key = l.record_key
),
named as (select *, min(place) over (partition by person_key) as first_place from linked)
select cast(sum(cast(md5_number_lower(concat_ws('>', place, first_place, link_rule)) as hugeint)) as varchar)
from named
"""


def sweep_builds(store: Store, settings: Settings) -> None:
    """Delete builds but the newest and those of the current and the previous release."""
    kept = {build.build_id for build in store.builds()[-1:]}
    kept |= {store.build_behind(release) for release in store.releases()[-2:]}
    for folder in settings.builds.glob("*"):
        if folder.is_symlink():
            folder.unlink()
        elif folder.name not in kept:
            shutil.rmtree(folder)
    if settings.spark_area:
        sweep(settings.spark_area, {build.build_id for build in store.builds()})


def create_warehouse(
    path: Path,
    files: list[AcceptedFile],
    links: Path,
    rows: list[LedgerRow],
    contracts: Mapping[str, Contract],
    settings: Settings,
) -> dict[str, int]:
    """Write a new DuckDB file with schemas `accepted` and `control`; records in use by entity."""
    import duckdb

    accepted = {
        name: sorted(str(settings.home / f.path) for f in files if f.entity == name) for name in ENTITIES
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(path))
    try:
        con.execute("create schema accepted; create schema control;")
        for entity, paths in accepted.items():
            _create_view(con, entity, paths)
        _create_control(con, links, rows, contracts, settings)
        if settings.target == "spark":
            hand_to_spark(con, path, accepted, build_area(settings, path))
        return {name: _count(con, name) for name in ENTITIES}
    finally:
        con.close()


def _create_view(con: duckdb.DuckDBPyConnection, entity: str, paths: list[str]) -> None:
    columns = ENTITIES[entity].columns
    if paths:
        listed = ", ".join("'" + p.replace("'", "''") + "'" for p in paths)
        wanted = ", ".join(c.name for c in columns)
        con.execute(f"create view accepted.{entity} as select {wanted} from read_parquet([{listed}])")  # noqa: S608
    else:
        typed = ", ".join(f"cast(null as {c.data_type}) as {c.name}" for c in columns)
        con.execute(f"create view accepted.{entity} as select {typed} where false")


def _count(con: duckdb.DuckDBPyConnection, entity: str) -> int:
    row = con.execute(f"select count(*) from accepted.{entity}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _create_control(
    con: duckdb.DuckDBPyConnection,
    links: Path,
    rows: list[LedgerRow],
    contracts: Mapping[str, Contract],
    settings: Settings,
) -> None:
    returns = [
        (
            return_id,
            c.partner,
            c.partner_name,
            programme,
            c.area,
            c.grain,
            c.scope,
            c.due.every,
            bool(COUNTING_ENTITIES & set(c.entities)),
        )
        for return_id, c in contracts.items()
        for programme in c.programmes
    ]
    content: dict[str, list[tuple[Any, ...]]] = {
        "build": [(settings.as_at, settings.is_synthetic)],
        "returns": returns,
        "ledger": [astuple(row) for row in rows],
        "unit_values": own_unit_values(settings.home),
    }
    for name, table in CONTROL.items():
        columns = ", ".join(f"{c.name} {c.data_type}" for c in table.columns)
        con.execute(f"create table control.{name} ({columns})")
        if name == "person_links":
            con.execute("insert into control.person_links select * from read_parquet(?)", [str(links)])
        elif content[name]:
            marks = ", ".join("?" for _ in table.columns)
            con.executemany(f"insert into control.{name} values ({marks})", content[name])  # noqa: S608
