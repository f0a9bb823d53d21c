"""dbt as a refresh runs it: without asking anybody, and without a second dbt beside the one that builds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from dagster_dbt import DbtCliResource
from dagster_dbt.compat import DBT_PYTHON_VERSION


class DbtCommand(DbtCliResource):
    """dagster-dbt's resource, less what it does for every command that no command here needs."""

    @cached_property
    def _cli_version(self) -> Any:
        """The version installed. `dbt --version`, run otherwise, asks a package index for the newest."""
        return DBT_PYTHON_VERSION

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        """None: row counts and columns, which it is for, are read once dbt has ended."""
        return None
