"""`gatekeeper ledger`: is the record of everything that happened whole? And its export, so that anybody can ask.

What needs the database is imported where it is used: who verifies somebody else's files loads none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gatekeeper.cli.command_group import CommandGroup
from gatekeeper.cli.exits import ExitCode
from gatekeeper.cli.ledger_progress import shown_progress
from gatekeeper.cli.ledger_verdict import verdict, verified_file
from gatekeeper.cli.log_keys import new_key, rotate_key, vkey
from gatekeeper.cli.log_policy import read_policy
from gatekeeper.cli.running import report_database
from gatekeeper.errors import GatekeeperError, InvalidInputError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.http_reader import HttpReader
from gatekeeper.ledger.keys import KeyFormatError
from gatekeeper.ledger.log_reader import DirectoryReader
from gatekeeper.ledger.pin import read_pin, replace_pin
from gatekeeper.ledger.verifier import Verdict, Verification, verify_log
from gatekeeper.ledger.witness_policy import PolicyFileError, WitnessPolicy, log_keys_policy

_PATH = click.Path(path_type=Path)


@click.group(cls=CommandGroup)
def ledger() -> None:
    """Verify the record of everything that happened, and export it for others to verify."""


ledger.add_command(new_key)
ledger.add_command(rotate_key)
ledger.add_command(vkey)
ledger.add_command(verdict)


@ledger.command(
    epilog="""\b
Exit codes:
  0  whole
  1  tampered; the first entry that does not hold is named where one can be
  2  cannot tell: something is missing, unreadable or not proven; never "whole"

\b
For strangers, who need no more than a key:
  gatekeeper ledger verify --url https://gate.example.com/log --policy FILE --pin FILE --update-pin
  gatekeeper ledger verify --verdict FILE --policy FILE"""
)
@click.option("--dir", "directory", type=_PATH, help="Verify an exported directory instead of the database.")
@click.option("--url", help="Verify what is served below this address, such as https://gate.example.com/log.")
@click.option(
    "--verdict", "verdict_file", type=_PATH, help="Verify one verdict and decide it again, offline."
)
@click.option("--reassess", is_flag=True, help="With --verdict: look for the findings again too.")
@click.option(
    "--vkey", "vkeys", multiple=True, metavar="KEY", help="The log's public key; asks for no witness."
)
@click.option("--policy", "policy_file", type=_PATH, help="Keys and quorum of witnesses (C2SP tlog-policy).")
@click.option(
    "--pin", "pin_file", type=_PATH, help="A checkpoint kept from before, which the log must extend."
)
@click.option(
    "--update-pin", is_flag=True, help="Keep the checkpoint in the place of the pin, if all is whole."
)
def verify(
    directory: Path | None,
    url: str | None,
    verdict_file: Path | None,
    reassess: bool,
    vkeys: tuple[str, ...],
    policy_file: Path | None,
    pin_file: Path | None,
    update_pin: bool,
) -> int:
    """Hash every entry again and compare all with the tree, its root, the signatures and the pin.

    Without --dir, --url and --verdict it is the database of the settings that is verified.
    """
    if sum(each is not None for each in (directory, url, verdict_file)) > 1:
        raise click.UsageError("Give one of --dir, --url and --verdict.")
    if reassess and verdict_file is None:
        raise click.UsageError("--reassess needs --verdict FILE.")
    if update_pin and verdict_file is not None:
        raise click.UsageError("A pin is moved by a whole log, not by one verdict.")
    if update_pin and pin_file is None:
        raise click.UsageError("--update-pin needs --pin FILE.")
    try:
        policy = _policy(vkeys, policy_file)
        if update_pin and policy is None:
            raise InvalidInputError("a pin is kept of what was signed; name the key with --vkey or --policy")
        pin = _pin(pin_file, policy, may_be_new=update_pin)
        if verdict_file is None:
            verification = _verification(directory, url, policy, pin)
        else:
            verification = verified_file(verdict_file, _required(policy), pin, reassess=reassess)
        _say(verification)
        if update_pin and pin_file is not None and verification.verdict is Verdict.WHOLE:
            _update_pin(pin_file, pin, verification)
    except GatekeeperError as error:
        click.echo(f"Cannot tell: {error.detail.rstrip('.')}.", err=True)
        report_database(error)
        return Verdict.CANNOT_TELL
    return verification.verdict


@ledger.command(
    epilog="Exit codes: 0 exported; 1 refused: the directory holds another log; 4 nothing published, or not readable."
)
@click.argument("directory", metavar="DIR", type=_PATH)
def export(directory: Path) -> ExitCode:
    """Bring DIR up to the newest published checkpoint: plain files for any static file server.

    Only what is new is written, and the checkpoint last. Verify it with: gatekeeper ledger verify --dir DIR --vkey KEY
    """
    from gatekeeper.cli.local import opened
    from gatekeeper.ledger.export import export_log

    with opened() as gatekeeper:
        exported = export_log(gatekeeper.database, directory)
    click.echo(
        f"{directory} has {exported.size} entries, {exported.size - exported.before} of them new, "
        f"in {exported.files} new files."
    )
    return ExitCode.ALLOWED


def _policy(vkeys: Sequence[str], file: Path | None) -> WitnessPolicy | None:
    if vkeys and file is not None:
        raise InvalidInputError("a policy names the log's keys: give --policy or --vkey", code="two_policies")
    if file is not None:
        return read_policy(file)
    try:
        return log_keys_policy(vkeys) if vkeys else None
    except (PolicyFileError, KeyFormatError) as error:
        raise InvalidInputError(f"--vkey: {error}", code="no_policy") from error


def _pin(file: Path | None, policy: WitnessPolicy | None, *, may_be_new: bool) -> Checkpoint | None:
    if file is None:
        return None
    pin = read_pin(file, policy.logs if policy is not None else ())
    if pin is None and not may_be_new:
        raise UnavailableError(f"there is no pin {file}; --update-pin makes the first", code="no_pin")
    return pin


def _verification(
    directory: Path | None, url: str | None, policy: WitnessPolicy | None, pin: Checkpoint | None
) -> Verification:
    if directory is None and url is None:
        return _database_verification(policy, pin)
    policy = _required(policy)
    read = DirectoryReader(directory).read if directory is not None else HttpReader(url or "").read
    with shown_progress() as progress:
        return verify_log(read, policy, pin, progress)


def _database_verification(policy: WitnessPolicy | None, pin: Checkpoint | None) -> Verification:
    from gatekeeper.cli.local import require_database_file
    from gatekeeper.environment import settings_with
    from gatekeeper.ledger.database_verifier import verify_database
    from gatekeeper.storage.database import Database

    settings = settings_with()
    require_database_file(settings)
    database = Database(settings.database_url)
    with database.read():
        pass  # one that does not answer is told with what it says
    with shown_progress() as progress:
        return verify_database(database, policy, pin, progress)


def _required(policy: WitnessPolicy | None) -> WitnessPolicy:
    if policy is None:
        raise InvalidInputError("no key is given; name it with --vkey or --policy", code="no_policy")
    return policy


def _say(verification: Verification) -> None:
    if verification.verdict is Verdict.WHOLE:
        click.echo(f"Whole: {verification.detail}.")
    elif verification.verdict is Verdict.CANNOT_TELL:
        detail = (
            verification.detail
            if verification.detail.endswith("?")
            else verification.detail.rstrip(".") + "."
        )
        click.echo(f"Cannot tell: {detail}", err=True)
    elif verification.first_bad_index is None:
        click.echo(f"TAMPERED: {verification.detail}.")
    else:
        click.echo(f"TAMPERED at entry {verification.first_bad_index}: {verification.detail}.")


def _update_pin(file: Path, before: Checkpoint | None, verification: Verification) -> None:
    if verification.note is None:
        raise UnavailableError("nothing was published: there is no checkpoint to pin", code="no_pin")
    replace_pin(file, verification.note)
    if before is None:
        click.echo(f"Pinned for the first time: {file}. That nothing was rewritten before is not proven.")
