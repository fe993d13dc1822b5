"""The reports that are measured: real ones when they are there, the repository's own examples otherwise."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from tests.support.workspace import EXAMPLES, SHARED

CORPUS = SHARED / "corpus" / "reports.jsonl"


@dataclass(frozen=True, slots=True)
class Samples:
    """Valid reports as JSON values, and where they are from."""

    reports: tuple[dict[str, Any], ...]
    source: str

    @classmethod
    def load(cls, number: int) -> Samples:
        """The first `number` reports, repeated when there are fewer."""
        if CORPUS.exists():
            with CORPUS.open(encoding="utf-8") as lines:
                reports = [json.loads(line)["report"] for line in lines]
            source = f"{len(reports)} real reports"
        else:
            paths = sorted((EXAMPLES / "valid").glob("*.json"))
            reports = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
            source = f"{len(reports)} examples, repeated"
        return cls(tuple(islice(cycle(reports), number)), source)

    def fresh(self) -> list[bytes]:
        """Every report as JSON under an id that no gate has seen."""
        return [
            json.dumps({**report, "id": f"fsar_{uuid.uuid4()}"}, ensure_ascii=False).encode("utf-8")
            for report in self.reports
        ]

    def write(self, path: Path) -> None:
        """Write them as a JSON Lines file."""
        lines = (json.dumps(report, ensure_ascii=False) + "\n" for report in self.reports)
        path.write_text("".join(lines), encoding="utf-8")
