"""What may go out: disclosure control, the gate, releases and their comparison.

Belongs here: everything between the metric table of a build and a published folder. Reads only the
`metrics` and `reference` schemas and the control store. Does not: Dagster, dbt (its artefacts are read
as JSON), identifiers, files of partners.
"""
