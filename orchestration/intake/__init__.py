"""From the bytes of a return to accepted records: readers, contracts, normalisation, findings.

Belongs here: what a partner's file says and whether it can be used. Does not: Dagster, dbt, and
identifiers on disk (they pass through in memory; only the vault stores them).
"""
