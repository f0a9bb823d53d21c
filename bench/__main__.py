"""`python -m bench [NAMES…]`: time the system, keep the ratios, and print the README's table."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench import definitions, door, growth, linkage, protection, refresh, scale
from bench.curve import write_curve
from bench.report import RESULTS, Results, merge, table, write_readme
from bench.timing import BenchError

NAMES = ("refresh", "definitions", "door", "protection", "linkage", "scale", "growth")
ROWS = (100_000, 1_000_000)


def main() -> int:
    """Run the benches asked for, in order; exit code 1 where one cannot be carried out."""
    asked = _arguments()
    results: Results = {}
    try:
        for name in asked.names or NAMES:
            before = os.getloadavg()[0]
            for bench in _benches(name, asked.rows, asked.runs):
                with tempfile.TemporaryDirectory(prefix="pathways-bench-") as folder:
                    found = bench(Path(folder))
                machine = {"runs": asked.runs, "cores": os.cpu_count(), "load_before": before}
                results |= {key: machine | value for key, value in found.items()}
                merge(rounded(results))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    everything = merge({})
    write_readme(everything)
    write_curve(everything)
    print(table(everything))
    print(f"Written to {RESULTS}.")
    return 0


def rounded(results: Results) -> Results:
    """Results with no more decimals than a timing has."""
    return {name: {k: _rounded(v) for k, v in result.items()} for name, result in results.items()}


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return round(value, 3) if isinstance(value, float) else value


def _benches(name: str, sizes: list[int] | None, runs: int) -> list[Callable[[Path], Results]]:
    rows = sizes or ROWS
    if name == "refresh":
        return [partial(refresh.bench, times=runs)]
    if name == "definitions":
        return [partial(definitions.bench, times=runs)]
    if name == "door":
        return [partial(door.bench, times=runs, rows=max(rows))]
    if name == "protection":
        return [protection.bench]
    if name == "linkage":
        return [linkage.bench]
    if name == "growth":
        return [partial(growth.bench, participations=size) for size in sizes or growth.SIZES]
    return [partial(scale.bench, people=people, times=runs) for people in rows]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run: {', '.join(NAMES)}; default all"
    )
    parser.add_argument("--rows", type=int, nargs="+", help="participants of the register")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; the median counts")
    asked = parser.parse_args()
    unknown = set(asked.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
