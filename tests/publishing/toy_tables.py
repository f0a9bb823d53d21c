"""Tables of a toy build, and the few rows of reference data in them."""

from __future__ import annotations

from orchestration.publishing.overlap import MEASURES

YEAR = ("2025-04-01", "2026-02-28")
COLUMNS = {
    "metric_id": "varchar", "unit": "varchar", "programme_id": "varchar", "area_code": "varchar",
    "area_vintage": "varchar", "breakdown_type": "varchar", "breakdown_value": "varchar",
    "cohort_quarter": "varchar", "period_start": "date", "period_end": "date", "numerator": "decimal(18,2)",
    "denominator": "decimal(18,2)", "factor": "decimal(18,6)", "value": "decimal(18,6)",
    "bound_lower": "decimal(18,2)", "bound_upper": "decimal(18,2)", "contributors": "bigint",
    "is_numerator_personal": "boolean", "is_denominator_personal": "boolean",
    "is_published_figure": "boolean", "maturity": "varchar", "returns_expected": "integer",
    "returns_current": "integer", "returns_carried": "integer", "source_grain": "varchar",
    "figure_origin": "varchar",
    "audience": "varchar", "caveat": "varchar",
}  # fmt: skip
DEFINITIONS = [
    ("M01", "Referrals received", 1, "count", None, None, None, "public"),
    ("M02", "People referred", 1, "count", None, None, None, "public"),
    ("M04", "Starts", 1, "count", None, None, None, "public"),
    ("M06", "Referral to start, snapshot", 1, "rate", "M04", "M01", 30, "public"),
    ("M08", "Evidenced jobs", 1, "count", None, None, None, "public"),
    ("M09", "Claimed jobs", 1, "count", None, None, None, "steward"),
    ("M12", "Start to job, snapshot", 1, "rate", "M08", "M04", 30, "public"),
    ("M31", "Social value, gross", 1, "money", None, None, None, "public"),
    ("M33", "Budget and spend", 1, "money", None, None, None, "public"),
    ("M34", "Share of target", 1, "needed", None, None, None, "public"),
]
FIGURE_COLUMNS = [
    "figure_id", "metric_id", "programme_id", "area_code", "period_start", "period_end", "breakdown_type",
    "breakdown_value", "value", "unit", "printed_decimals",
]  # fmt: skip
FIGURES = [
    ("FX01", "M01", "P08", "E08000018", *YEAR, "all", "all", 575, "referrals", 0),
    ("FX01", "M04", "P08", "E08000018", *YEAR, "all", "all", 307, "participations", 0),
    ("FX01", "M06", "P08", "E08000018", *YEAR, "all", "all", 0.53, "rate", 2),
    ("FX04", "M34", "P08", "E08000018", "2025-04-01", "2026-03-31", "target", "engaged", 0.307, "share", 3),
]


AREAS = [
    ("E08000018", 2024, "Rotherham", "district", "E47000002"),
    ("E08000038", 2025, "Barnsley", "district", "E47000002"),
    ("E47000002", 2024, "South Yorkshire", "combined_authority", "E92000001"),
]
PROGRAMMES = [
    ("P07", None, "South Yorkshire Trailblazer", "The region", "E47000002"),
    ("P07b", "P07", "Barnsley Trailblazer", "Barnsley", "E08000038"),
    ("P08", "P07", "Rotherham Trailblazer", "Rotherham", "E08000018"),
]
REFERENCE = {
    "reference.metric_definitions": "metric_id varchar, metric_name varchar, metric_version int, "
    "value_kind varchar, numerator_metric_id varchar, denominator_metric_id varchar, "
    "minimum_denominator int, audience varchar",
    "reference.published_figures": "figure_id varchar, metric_id varchar, programme_id varchar, "
    "area_code varchar, period_start date, period_end date, breakdown_type varchar, breakdown_value varchar, "
    "value decimal(18,6), unit varchar, printed_decimals int",
    "reference.areas": "area_code varchar, area_vintage int, area_name varchar, area_level varchar, "
    "parent_code varchar",
    "reference.programmes": "programme_id varchar, parent_programme_id varchar, programme_name varchar, "
    "lead_partner varchar, area_code varchar",
    "reference.unit_values": "unit_value_id varchar, is_redistributable boolean, programme_id varchar, "
    "count_code varchar, stream varchar",
    "control.returns": "return_id varchar, partner_name varchar, programme_id varchar, "
    "is_evidence_of_activity boolean",
    "control.ledger": "return_id varchar, period_start date, period_end date, due_on date, receipt varchar, "
    "used varchar, submission_id varchar",
}
# What the rules over all returns read; empty, so that none of them finds anything.
TOGETHER = {
    "harmonised.coverage": "programme_id varchar, area_code varchar, count_code varchar, month_start date, "
    "return_id varchar, source_grain varchar, is_reported boolean, is_authoritative boolean",
    "harmonised.counts": "return_id varchar, programme_id varchar, area_code varchar, count_code varchar, "
    "metric_id varchar, breakdown_type varchar, value_lower decimal(18,2), value_upper decimal(18,2), "
    "period_start date, period_end date",
    "harmonised.jobs": "programme_id varchar, person_no bigint, job_start_date date",
    "harmonised.targets": "return_id varchar, definition_code varchar, metric_definition_code varchar",
    "metrics.caseload_coverage": "programme_id varchar, caseload_share decimal(3,2), period_start date, "
    "period_end date",
    "metrics.flows": "metric_id varchar, programme_id varchar, breakdown_type varchar, source_grain varchar, "
    "value_lower decimal(18,2), flow_start date, flow_end date, shared_claims int",
    "metrics.people_overlap": "programme_id varchar, "
    + ", ".join(f"{measure} bigint" for measure in MEASURES),
    "reference.count_codes": "count_code varchar, description varchar",
}
OVERLAP = [
    ("P07b", 431, 428, 13, 0, 4, 12, 54, 0, 54),
    ("P08", 568, 563, 21, 0, 14, 12, 73, 4, 71),
    ("all", 999, 980, 21, 0, 18, 24, 127, 4, 125),
]
SEEDED = ("breakdowns", "figure_relations", "revision_tolerances", "codes", "place_based_schemes")
