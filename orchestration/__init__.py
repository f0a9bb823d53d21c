"""Pathways: partners' returns in, checked regional metrics out."""

from orchestration.settings import silence

silence()  # before dagster, dbt or great_expectations can be imported
