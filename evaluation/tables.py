"""The evaluation as Markdown tables for people. Computes no figure of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from evaluation.evaluation import Evaluation, System
from evaluation.gate_run import LOWEST_CLAIM, MIN_CONFIDENCE
from evaluation.measures import Detection, Proportion, percentile
from gatekeeper.policy.decision import Outcome

_NONE = "-"
_BANDS = (Outcome.ALLOW, Outcome.REVIEW, Outcome.BLOCK)


def markdown(evaluation: Evaluation) -> str:
    """The whole printed output."""
    return "\n\n".join(_sections(evaluation)) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns line up; all but the first are numbers, to the right."""
    cells = [tuple(head), *(tuple(row) for row in rows)]
    widths = [max(3, *(len(row[at]) for row in cells)) for at in range(len(head))]
    rule = tuple("-" * width if at == 0 else "-" * (width - 1) + ":" for at, width in enumerate(widths))
    lines = [cells[0], rule, *cells[1:]]
    return "\n".join(f"| {' | '.join(_padded(row, widths))} |" for row in lines)


def proportion(share: Proportion) -> str:
    """Percent, counts and the interval: `87 % (13 of 15; 62 to 96)`."""
    if share.value is None or share.interval is None:
        return _NONE
    low, high = share.interval
    return f"{share.value:.0%} ({share.hits} of {share.total}; {100 * low:.0f} to {100 * high:.0f})".replace(
        "%", " %"
    )


def number(value: float | None) -> str:
    """Two decimals."""
    return _NONE if value is None else f"{value:.2f}"


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _sections(evaluation: Evaluation) -> Iterator[str]:
    firm = sum(each.firm for each in evaluation.labelled)
    yield "# Accuracy"
    yield (
        f"{len(evaluation.labelled)} labelled reports, {firm} of them firm (both annotators come to the same band). "
        f"Assessment model {evaluation.model}, policy {evaluation.policy_revision}."
    )
    yield (
        f"The gate is measured on evidence only: each report is judged with a claimed severity of {LOWEST_CLAIM} and "
        "block_execution false, whatever it declares. Intervals are Wilson's, 95 %."
    )
    yield "## Bands: truth in rows, outcome in columns"
    yield "The annotators' band on the firm labels; for annotator 2, annotator 1's band on all labels."
    for system in evaluation.systems:
        yield f"### {system.name}"
        yield _confusion(system)
    yield "## Recall, false escalation and rank correlation"
    yield _summary(evaluation.systems)
    yield (
        "Rank correlation: Spearman's, of the severity with the mean severity of both annotators on all labels "
        "(annotator 2's with annotator 1's)."
    )
    yield f"## Hazards (findings with a confidence of {MIN_CONFIDENCE} or more)"
    yield (
        "Positive: both annotators name the hazard. Negative: neither does. Named by one only: left out, but "
        "positive in the column F1 either. Annotator 1 alone is the truth for annotator 2."
    )
    for system in evaluation.systems:
        if system.figures.hazards and system.key != "severity":
            yield f"### {system.name}"
            yield _hazards(system)
    yield "## Speed"
    first, again = evaluation.run.first_milliseconds, evaluation.run.milliseconds
    yield (
        f"Assessing one report takes {median(again):.1f} ms at the median and {percentile(again, 99):.1f} ms at the "
        f"99th percentile; in a process that has just started {median(first):.1f} and {percentile(first, 99):.1f} ms "
        f"(processor time, {len(again)} reports, one after the other)."
    )


def _confusion(system: System) -> str:
    bands = system.figures.bands
    return table(
        ["truth", *(band.value for band in _BANDS)],
        [[truth.value, *(str(bands.count(truth, outcome)) for outcome in _BANDS)] for truth in _BANDS],
    )


def _summary(systems: Sequence[System]) -> str:
    return table(
        [
            "",
            "recall of block",
            "recall of review or block",
            "false escalation",
            "same band",
            "rank correlation",
        ],
        [
            [
                system.name,
                proportion(system.figures.recall_of_block),
                proportion(system.figures.recall_of_alarms),
                proportion(system.figures.false_escalation),
                proportion(system.figures.exact),
                number(system.figures.spearman),
            ]
            for system in systems
        ],
    )


def _hazards(system: System) -> str:
    figures = system.figures
    rows = [(each.hazard.value, each.agreed, each.either) for each in figures.hazards]
    return table(
        ["hazard", "F1", "F1 either", "precision", "recall", "right", "false", "missed"],
        [_hazard_row(*row) for row in [*rows, ("all together", *figures.all_hazards)]],
    )


def _hazard_row(name: str, agreed: Detection, either: Detection) -> list[str]:
    return [
        name,
        number(agreed.f1),
        number(either.f1),
        proportion(agreed.precision),
        proportion(agreed.recall),
        str(agreed.true_positives),
        str(agreed.false_positives),
        str(agreed.false_negatives),
    ]
