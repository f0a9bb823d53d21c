"""A partner's return: the class of which every `defs/returns/<return_id>/defs.yaml` is an instance."""

from typing import TYPE_CHECKING

import dagster as dg
from pydantic import BaseModel

from orchestration.components.columns import landing_metadata, return_metadata
from orchestration.components.failures import plain_failures
from orchestration.components.resources import Home
from orchestration.control.ledger import expected_periods
from orchestration.control.rules import load_rules
from orchestration.intake.contract import Contract
from orchestration.settings import load_settings

if TYPE_CHECKING:
    from orchestration.control.records import Finding
    from orchestration.intake.door import Verdict

# Findings are shown by the kind of rule that raised them: the first letter of the rule id.
CHECKS = {
    "file": ("F", "The file opens, is in time, says its period and keeps to its contract"),
    "rows": ("R", "Each record is complete, readable and possible by itself"),
    "across_rows": ("X", "Records agree with each other and with the totals given"),
    "over_time": ("CS", "The return agrees with earlier returns and with what is plausible"),
}
IN_TIME = "in_time"


class PartnerReturn(dg.Component):
    """One return: what has landed, the asset that takes it in, and what its rules found."""

    def __init__(self, return_id: str, contract: Contract) -> None:
        self.return_id = return_id
        self.contract = contract

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        """The contract is the model, and knows nothing of Dagster."""
        return Contract

    @classmethod
    def load(cls, attributes: BaseModel | None, context: dg.ComponentLoadContext) -> "PartnerReturn":
        """The folder's name is the return id."""
        if not isinstance(attributes, Contract):
            raise TypeError(f"{context.path} has no attributes.")
        return cls(context.path.name, attributes)

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """An external asset for what was received, and an asset that takes in what is pending."""
        return dg.Definitions(assets=[self._landing(), self._taken_in()])

    @property
    def _key(self) -> dg.AssetKey:
        return dg.AssetKey(["returns", self.return_id])

    def _landing(self) -> dg.AssetSpec:
        return dg.AssetSpec(
            ["landing", self.return_id],
            description=f"Files received from {self.contract.partner_name}, by reporting period.",
            group_name="landing",
            kinds={_KIND[self.contract.kind]},
            owners=[f"team:{self.contract.owner}"],
            metadata=landing_metadata(self.contract),
            partitions_def=dg.StaticPartitionsDefinition(self._periods()),
        )

    def _periods(self) -> list[str]:
        """First days of the periods owed up to the home's clock."""
        clock = load_settings().as_at
        return [
            start.isoformat() for start, _ in expected_periods(self.contract.due_rule(self.return_id), clock)
        ]

    def _taken_in(self) -> dg.AssetsDefinition:
        @dg.asset(
            key=self._key,
            deps=[dg.AssetDep(["landing", self.return_id], partition_mapping=dg.AllPartitionMapping())],
            description=self.contract.description,
            group_name="returns",
            kinds={"python", "pandas"},
            owners=[f"team:{self.contract.owner}"],
            check_specs=[
                dg.AssetCheckSpec(name, asset=self._key, description=said)
                for name, (_, said) in CHECKS.items()
            ]
            + [dg.AssetCheckSpec(IN_TIME, asset=self._key, description="No period that is due is missing")],
            metadata={
                "scope": self.contract.scope,
                "agreement": self.contract.agreement.reference,
                **return_metadata(self.return_id, self.contract),
            },
        )
        @plain_failures()
        def taken_in(context: dg.AssetExecutionContext, home: Home) -> dg.MaterializeResult:
            judged = home.workers.take_in(
                self.return_id, self.contract, _returns_of(context), home.store, home.vault
            )
            verdicts = [verdict for verdict in judged if not verdict.is_repeat]
            for verdict in verdicts:
                self._log_received(context, verdict)
            standing = [s for s in home.store.submissions(self.return_id) if s.status != "superseded"]
            findings = [f for s in standing for f in home.store.findings_of(s.return_id, s.submission_id)]
            return dg.MaterializeResult(
                metadata={
                    "files taken in now": len(verdicts),
                    "files received again": len(judged) - len(verdicts),
                    "files standing": len(standing),
                    "source rows accepted": sum(s.rows_accepted for s in standing if s.status != "held"),
                    "source rows set aside": sum(s.rows_set_aside for s in standing),
                },
                check_results=[_check_result(name, findings) for name in CHECKS] + [self._in_time(home)],
            )

        return taken_in

    def _in_time(self, home: Home) -> dg.AssetCheckResult:
        """Whether anything is overdue by the ledger; a file for an older period is no cure."""
        from orchestration.intake.handoff import ledger

        rows = ledger({self.return_id: self.contract}, home.store, home.settings)
        overdue = [
            r for r in rows if r.receipt in ("missing", "held", "rejected") and r.due_on < home.settings.as_at
        ]
        return dg.AssetCheckResult(
            check_name=IN_TIME,
            passed=not overdue,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "periods owed": len(rows),
                **{f"{r.period_start} to {r.period_end}": f"{r.receipt}, due {r.due_on}" for r in overdue},
            },
        )

    def _log_received(self, context: dg.AssetExecutionContext, verdict: "Verdict") -> None:
        known, nil = set(self._periods()), " (nil return)" if verdict.submission.is_nil else ""
        for start, _ in verdict.periods:
            if start.isoformat() in known:
                context.log_event(
                    dg.AssetMaterialization(
                        asset_key=["landing", self.return_id],
                        partition=start.isoformat(),
                        metadata={
                            "status": verdict.submission.status + nil,
                            "received on": str(verdict.submission.received_on),
                        },
                    )
                )


def _returns_of(context: dg.AssetExecutionContext) -> set[str]:
    """The returns that this run takes in."""
    keys = context.job_def.asset_layer.selected_asset_keys
    return {key.path[-1] for key in keys if key.path[0] == "returns"}


def _check_result(name: str, findings: "list[Finding]") -> dg.AssetCheckResult:
    """What the rules of one kind found in the files that stand: how often and where, never what."""
    own = [f for f in findings if f.rule_id[0] in CHECKS[name][0]]
    by_rule: dict[str, list[Finding]] = {}
    for finding in own:
        by_rule.setdefault(f"{finding.rule_id} ({finding.severity})", []).append(finding)
    return dg.AssetCheckResult(
        check_name=name,
        passed=not any(f.severity in ("record", "return") for f in own),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "findings": sum(f.count for f in own),
            **{rule: _times_and_rows(found) for rule, found in by_rule.items()},
        },
    )


def _times_and_rows(found: "list[Finding]") -> str:
    times, rule = sum(f.count for f in found), load_rules().get(found[0].rule_id)
    what = f"{rule.rule}: " if rule else ""
    rows = sorted({f.row for f in found if f.row is not None})
    shown = ", ".join(map(str, rows[:_ROWS_SHOWN])) + (" and more" if len(rows) > _ROWS_SHOWN else "")
    return f"{what}{times} times" + (f", in rows {shown}" if rows else "")


_ROWS_SHOWN = 10
_KIND = {"delimited": "csv", "workbook": "excel", "json": "json"}
