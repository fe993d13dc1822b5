"""A table of results: numbers for machines, Markdown for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | float | None


@dataclass(slots=True)
class Table:
    """Rows of cells under a title; a missing number is said in the row's first cell."""

    title: str
    columns: Sequence[str]
    rows: list[list[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """Add a row; missing cells at its end stay empty."""
        self.rows.append([*cells, *([None] * (len(self.columns) - len(cells)))])

    def markdown(self) -> str:
        """The table as Markdown, numbers to the right."""
        texts = [[_text(cell) for cell in row] for row in self.rows]
        widths = [
            max(len(column), *(len(row[index]) for row in texts)) for index, column in enumerate(self.columns)
        ]
        lines = [f"### {self.title}", ""]
        lines.append(_line(self.columns, widths))
        rules = ["-" * width if index == 0 else "-" * (width - 1) + ":" for index, width in enumerate(widths)]
        lines.append("| " + " | ".join(rules) + " |")
        lines += [_line(row, widths) for row in texts]
        lines += ["", *self.notes] if self.notes else []
        return "\n".join(lines) + "\n"

    def to_json(self) -> dict[str, object]:
        """The table as JSON-ready values."""
        return {"title": self.title, "columns": list(self.columns), "rows": self.rows, "notes": self.notes}


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    aligned = [
        cell.ljust(width) if index == 0 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "| " + " | ".join(aligned) + " |"


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
