"""From accepted returns to metrics: the hand-off to a fresh warehouse, then every dbt model an asset."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtProject,
    dbt_assets,
)

from orchestration.components.columns import accepted_metadata, column_metadata
from orchestration.components.dbt_command import DbtCommand
from orchestration.components.failures import plain_failures
from orchestration.components.resources import Home
from orchestration.defs.warehouse.compiled import DBT, compiling
from orchestration.intake.contract import load_contracts
from orchestration.intake.entities import CONTROL, ENTITIES
from orchestration.settings import DBT_PROJECT, point_dbt_at

PROJECT = DbtProject(project_dir=DBT_PROJECT, profiles_dir=DBT_PROJECT)
CONTROL_TABLES = [name for name in CONTROL if name != "person_links"]  # that is the vault's
CONTRACTS = load_contracts()
MANIFEST, LINEAGE = compiling().result()


def _returns(*entities: str) -> list[dg.AssetKey]:
    """Returns that feed any of the entities; every return where none is named."""
    fed = [
        rid for rid, contract in CONTRACTS.items() if not entities or set(entities) & set(contract.entities)
    ]
    return [dg.AssetKey(["returns", rid]) for rid in fed]


@dg.multi_asset(
    name="handoff",
    group_name="accepted",
    specs=[
        dg.AssetSpec(
            ["accepted", name],
            deps=_returns(name),
            description=entity.description,
            kinds={"parquet"},
            owners=["team:pathways"],
            skippable=True,
            metadata=accepted_metadata(name, CONTRACTS),
        )
        for name, entity in ENTITIES.items()
    ]
    + [
        dg.AssetSpec(
            ["control", name],
            deps=_returns(),
            kinds={"duckdb"},
            owners=["team:pathways"],
            skippable=True,
            description="Contracts, expected returns and the clock, for the models.",
        )
        for name in CONTROL_TABLES
    ]
    + [
        dg.AssetSpec(
            ["control", "person_links"],
            deps=_returns("participants"),
            kinds={"duckdb"},
            skippable=True,
            description="Which participant records are one person, by pseudonym; made in the vault.",
            owners=["team:pathways"],
        )
    ],
)
def handoff(context: dg.AssetExecutionContext, home: Home) -> Iterator[dg.MaterializeResult]:
    """Fix what this build is made of; nothing follows where the current release was made of the same."""
    with plain_failures():
        from orchestration.identity.links import export_links
        from orchestration.intake import handoff as room
        from orchestration.intake.spark import require_spark
        from orchestration.publishing.journal import recover

        settings, store = home.settings, home.store
        if settings.target == "spark":
            require_spark(settings)
        recover(settings, store)
        links = export_links(home.vault, settings.accepted / "person_links")
        rows = room.ledger(CONTRACTS, store, settings)
        files = store.accepted_in_use(settings.as_at)
        key = room.build_key(files, links.path, rows, store, settings)
        for release in store.releases()[-1:]:
            kept = settings.builds / store.build_behind(release) / "warehouse.duckdb"
            if release.build_key == key and kept.exists():
                context.log.info(f"Nothing new since release {release.release_id}.")
                return
        store.open_build(context.run.run_id, key, settings.as_at)
        room.sweep_builds(store, settings)
        warehouse = settings.builds / context.run.run_id / "warehouse.duckdb"
        counts = room.create_warehouse(warehouse, files, links.path, rows, CONTRACTS, settings)
        versions = room.project_versions() | room.engine(settings)
        warehouse.with_name("versions.json").write_text(json.dumps(versions), "utf-8")
        settings.candidate.parent.symlink_to(context.run.run_id)
        for name, count in counts.items():
            yield dg.MaterializeResult(asset_key=["accepted", name], metadata={"dagster/row_count": count})
        for name in CONTROL_TABLES:
            yield dg.MaterializeResult(asset_key=["control", name])
        yield dg.MaterializeResult(asset_key=["control", "person_links"], metadata=links.told)


class Translator(DagsterDbtTranslator):
    """Groups are the layers; every model has an owner, and says what its columns are made of."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema is the layer."""
        return str(dbt_resource_props["schema"])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Engineers own the models."""
        return ["team:pathways"]

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Columns with type and description, and the columns that each is made of."""
        key = f"{dbt_resource_props['schema']}/{dbt_resource_props['name']}"
        stated = dbt_resource_props["columns"]
        columns = [
            dg.TableColumn(
                name,
                stated.get(name, {}).get("data_type") or "text",
                stated.get(name, {}).get("description", ""),
            )
            for name in LINEAGE[key]
        ]
        return {**super().get_metadata(dbt_resource_props), **column_metadata(columns, LINEAGE[key])}


@dbt_assets(
    manifest=MANIFEST,
    project=PROJECT,
    dagster_dbt_translator=Translator(DagsterDbtTranslatorSettings(enable_code_references=True)),
    name="models",
)
def models(context: dg.AssetExecutionContext, dbt: DbtCommand, home: Home) -> Iterator[Any]:
    """Build and test every model in the warehouse that this run handed off."""
    with plain_failures():
        from orchestration.intake.spark import build_area, take_from_spark
        from orchestration.publishing.gate import judge

        build = home.settings.builds / context.run.run_id
        if not (build / "warehouse.duckdb").exists():
            raise dg.Failure(
                "A build is made whole, from accepted returns, and never changed in place. Launch the job "
                "'refresh' (or 'Materialize all') instead of a part of it.",
                allow_retries=False,
            )
        area = build_area(home.settings, build / "warehouse.duckdb")
        point_dbt_at(home.settings.candidate, area)
        engine = ["--target", home.settings.target, "--profiles-dir", str(home.settings.profiles)]
        command = ["build", *engine]
        # While dbt gets going, this process would only wait; the gate needs it next.
        threading.Thread(target=import_module, args=("great_expectations",)).start()
        invocation = dbt.cli(command, context=context, target_path=build / "target", raise_on_error=False)
        yield from invocation.stream()
        if home.settings.target == "spark":
            take_from_spark(build / "warehouse.duckdb", area)
        if not invocation.is_successful():
            report = judge(home.settings, home.store, context.run.run_id)
            raise dg.Failure("; ".join(report.reasons), allow_retries=False)
        yield from _row_counts(build / "warehouse.duckdb", models.keys)


def _row_counts(warehouse: Path, keys: Iterable[dg.AssetKey]) -> Iterator[dg.AssetObservation]:
    """Rows of what the warehouse holds, counted once dbt has ended: nothing else may open it before."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        held = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
        for key in sorted(k for k in keys if tuple(k.path) in held):
            (rows,) = connection.execute(f"select count(*) from {'.'.join(key.path)}").fetchall()[0]  # noqa: S608
            yield dg.AssetObservation(asset_key=key, metadata={"dagster/row_count": rows})


@dg.definitions
def defs() -> dg.Definitions:
    """The hand-off, the models and the resources that they use."""
    dbt = DbtCommand(project_dir=str(DBT_PROJECT), dbt_executable=DBT)
    return dg.Definitions(
        assets=dg.with_source_code_references([handoff, models]), resources={"dbt": dbt, "home": Home()}
    )
