"""`python -m evaluation`: how accurate the gate is on labelled reports. Reads files, prints, stores nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from evaluation.evaluation import evaluate
from evaluation.evaluation_json import evaluation_to_json
from evaluation.labels import read_labelled
from evaluation.misses import misses
from evaluation.tables import markdown
from gatekeeper.cli.exits import of_error
from gatekeeper.clock import utc_now
from gatekeeper.environment import read_settings
from gatekeeper.errors import GatekeeperError
from gatekeeper.judge import Judge
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.embedded import EmbeddedEngine

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--reports",
    type=click.Path(path_type=Path),
    default=CORPUS / "reports.jsonl",
    help="Where the reports of rows are that bring none.",
)
@click.option("--json", "json_path", metavar="FILE", help="Write every figure there; - prints them alone.")
@click.option("--misses", "with_misses", is_flag=True, help="List each report that comes out wrong, and why.")
def main(files: tuple[Path, ...], reports: Path, json_path: str | None, with_misses: bool) -> None:
    """Measure the gate on FILE..., labelled reports one a line; without one, on the corpus beside the project."""
    try:
        labelled = read_labelled(files or (CORPUS / "labels.jsonl",), reports)
        bundle = PolicyBundle.load(read_settings().policies_dir)
        evaluation = evaluate(Judge(EmbeddedEngine(bundle), bundle.revision), labelled, utc_now())
    except GatekeeperError as error:
        click.echo(f"{error.title}: {error.detail}", err=True)
        sys.exit(of_error(error))
    figures = orjson.dumps(evaluation_to_json(evaluation), option=orjson.OPT_INDENT_2) + b"\n"
    if json_path == "-":
        click.echo(figures, nl=False)
        return
    if json_path is not None:
        _write(Path(json_path), figures)
    click.echo(markdown(evaluation), nl=False)
    if with_misses:
        click.echo("\n" + misses(evaluation), nl=False)


def _write(path: Path, figures: bytes) -> None:
    try:
        path.write_bytes(figures)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error


if __name__ == "__main__":
    main(prog_name="python -m evaluation")
