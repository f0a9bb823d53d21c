"""Publication: the protected figures of a build that passed every gate."""

import dagster as dg

from orchestration.components.columns import column_metadata
from orchestration.components.failures import plain_failures
from orchestration.components.resources import Home
from orchestration.defs.warehouse.models import LINEAGE
from orchestration.publishing.columns import RELEASED

FIGURES = "metrics/metric_values"  # what is protected before it is released
MADE_OF = {name: [(FIGURES, name)] for name in RELEASED if name in LINEAGE[FIGURES]}


@dg.asset(
    key=["publishing", "release"],
    deps=[["gates", "verdict"]],
    group_name="publishing",
    kinds={"python", "csv", "parquet"},
    owners=["team:pathways"],
    metadata=column_metadata([dg.TableColumn(name) for name in RELEASED], MADE_OF),
)
@plain_failures()
def release(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
    """The release of the latest build, if its verdict was pass and nothing changed since.

    The verdict is read again here: a run that selects only the release must not sail past the gate.
    """
    from orchestration.publishing.release import NotPublishableError, publish

    builds = home.store.builds()
    if not builds:
        raise dg.Failure("There is no build to release. Run 'pathways refresh' first.", allow_retries=False)
    try:
        published = publish(home.settings, home.store, builds[-1].build_id)
    except NotPublishableError as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    return dg.MaterializeResult(
        metadata={
            "release": published.release_id,
            "figures": published.rows,
            "folder": dg.MetadataValue.path(str(home.settings.releases / published.release_id)),
        }
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The release."""
    return dg.Definitions(assets=dg.with_source_code_references([release]))
