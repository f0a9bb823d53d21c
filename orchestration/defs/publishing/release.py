"""Publication: the protected figures of a build that passed every gate."""

import dagster as dg

from orchestration.components.columns import column_metadata
from orchestration.components.failures import plain_failures
from orchestration.components.resources import Home
from orchestration.defs.warehouse.models import LINEAGE
from orchestration.publishing.columns import OWN_COLUMNS, RELEASED, data_type

FIGURES = "metrics/metric_values"  # what is protected before it is released
COLUMNS = [dg.TableColumn(name, data_type(name), OWN_COLUMNS.get(name)) for name in RELEASED]
MADE_OF = {name: [(FIGURES, name)] for name in RELEASED if name in LINEAGE[FIGURES]}


@dg.asset(
    key=["publishing", "release"],
    deps=[["gates", "verdict"]],
    group_name="publishing",
    kinds={"python", "csv", "parquet"},
    owners=["team:pathways"],
    metadata=column_metadata(COLUMNS, MADE_OF),
)
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """The release of the latest build, if its verdict was pass and nothing changed since.

    The verdict is read again here: a run that selects only the release must not sail past the gate.
    """
    with plain_failures():
        from orchestration.publishing.release import publish

        builds = home.store.builds()
        if not builds:
            raise dg.Failure(
                "There is no build to release. Run 'pathways refresh' first.", allow_retries=False
            )
        published = publish(home.settings, home.store, builds[-1].build_id)
        return dg.MaterializeResult(
            metadata={
                "release": published.release_id,
                "dagster/row_count": published.rows,
                "folder": dg.MetadataValue.path(str(published.folder)),
                "page": dg.MetadataValue.path(str(published.folder / "report.html")),
            }
        )


@dg.definitions
def defs() -> dg.Definitions:
    """The release."""
    return dg.Definitions(assets=dg.with_source_code_references([release]))
