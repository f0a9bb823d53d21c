"""Pathways: partners' returns in, checked regional metrics out."""

import gc

from orchestration.settings import silence

silence()  # before dagster, dbt or great_expectations can be imported
gc.set_threshold(100_000)  # what is imported stays: looking it through again and again takes a fifth
