"""The tree of commands: every one has help that says enough, and wrong usage says what to do."""

import click
import pytest

from gatekeeper.cli.commands import gatekeeper
from gatekeeper.cli.running import run

EXPECTED = [
    "check",
    "submit",
    "show",
    "list",
    "withdraw",
    "permit",
    "report",
    "ingest",
    "approve",
    "reject",
    "freeze",
    "thaw",
    "break-glass",
    "serve",
    "scheduler",
    "signer",
    "witness",
    "principal",
    "policy",
    "ledger",
    "db",
    "doctor",
]


def all_commands(group=gatekeeper, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from all_commands(command, (*path, name))


def test_the_commands_are_those_of_the_contract():
    assert gatekeeper.list_commands(click.Context(gatekeeper)) == EXPECTED


@pytest.mark.parametrize(
    ("path", "command"),
    list(all_commands()),
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_every_command_has_help(path, command, capsys):
    assert run([*path, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Usage: gatekeeper {' '.join(path)}")
    assert command.help
    commands = text.partition("\nCommands:\n")[2].partition("\n\n")[0]
    assert "..." not in commands  # a summary that was cut off


def test_the_help_of_all_explains_the_exit_codes(capsys):
    assert run(["--help"]) == 0
    text = capsys.readouterr().out
    assert "of several, the first of 4, 2, 1, 3, 0" in text
    assert all(name in text for name in EXPECTED)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: gatekeeper"),
        (["chekc", "x.md"], "Did you mean 'check'?"),
        (["check"], "Missing argument 'PATH...'"),
        (["check", "-"], "Say with --form"),
        (["check", "x.md", "--format", "xml"], "'xml' is not one of"),
        (["submit", "x.md", "--token", "gk_secret"], "No such option"),
        (["approve", "fsar_1"], "Missing option '--reason'"),
        (["list", "--waiting", "--state", "failed"], "give it or --state"),
        (["principal", "add", "rita"], "Missing option '--role'"),
        (["db", "restore", "/nowhere/at/all"], "does not exist"),
    ],
)
def test_wrong_usage_is_2_and_says_what_to_do(arguments, said, capsys, monkeypatch):
    monkeypatch.setenv("GATEKEEPER_TOKEN", "gk_x")
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


def test_faulty_settings_are_2_and_all_named_at_once(capsys, monkeypatch):
    monkeypatch.setenv("GATEKEEPER_WORKERS", "many")
    monkeypatch.setenv("GATEKEEPER_OPA_URL", "ftp://x")
    assert run(["doctor"]) == 2
    text = capsys.readouterr().err
    assert "GATEKEEPER_WORKERS" in text
    assert "GATEKEEPER_OPA_URL" in text
    assert "Traceback" not in text


def test_no_token_is_2_and_says_how_to_give_one(capsys, monkeypatch):
    monkeypatch.delenv("GATEKEEPER_TOKEN", raising=False)
    monkeypatch.delenv("GATEKEEPER_TOKEN_FILE", raising=False)
    assert run(["list"]) == 2
    assert "GATEKEEPER_TOKEN_FILE" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["a b", "a\nb: c", "schlüssel"])
def test_a_token_that_could_not_be_one_is_not_sent(token, capsys, monkeypatch):
    monkeypatch.setenv("GATEKEEPER_TOKEN", token)
    assert run(["list", "--url", "http://127.0.0.1:1"]) == 2
    assert token not in capsys.readouterr().err
