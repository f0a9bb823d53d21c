"""What the system remembers of submissions, builds and releases: no figures, no people.

Belongs here: states, the ledger of expected returns, waivers, verdicts, audit. Does not: Dagster,
pandas, identifiers.
"""
