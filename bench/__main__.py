"""Run the suites, show progress on stderr and the tables on stdout."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import assessment, check, http, ledger, machine, opa
from bench.table import Table

SUITES: dict[str, Callable[..., list[Table]]] = {
    "opa": opa.measure,
    "check": check.measure,
    "assessment": assessment.measure,
    "http": http.measure,
    "ledger": ledger.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; everything by default."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all by default")
    parser.add_argument(
        "--quick", action="store_true", help="a few reports only: shows that it works, measures nothing"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there too")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"there is no suite {unknown[0]!r}; there are {', '.join(SUITES)}")
    started = time.perf_counter()
    tables: list[Table] = []
    print(f"{machine.describe()}.\n")
    for name in options.suites or SUITES:
        print(f"{name} ...", file=sys.stderr)
        measured = SUITES[name](quick=options.quick)
        tables += measured
        for table in measured:
            print(table.markdown(), flush=True)
    print(f"Measured in {time.perf_counter() - started:.0f} seconds.")
    if options.json:
        options.json.write_text(
            json.dumps([table.to_json() for table in tables], indent=2) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
