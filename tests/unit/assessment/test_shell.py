"""Shell is read as shell: what stands in command position, what other programs are given to run, and where."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.analyzers.shell.commands import MOST_SCRIPT_BYTES
from gatekeeper.assessment.shell.deeds import deeds_of
from gatekeeper.assessment.shell.script import DEEPEST_SUBSTITUTION, Command, read_script
from tests.unit.assessment.proposals import a_file, assessed, rules_found


def _commands(script: str) -> list[list[str]]:
    read = read_script(script.encode(), 0, len(script))
    return [[word.text.decode() for word in command.words] for command in read.commands]


def _lines(script: str) -> list[str]:
    commands = read_script(script.encode(), 0, len(script)).commands
    return [deed.line.replace(b"\x1f", b"_").decode() for deed in deeds_of(commands)]


def _only(script: str) -> Command:
    (command,) = read_script(script.encode(), 0, len(script)).commands
    return command


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("a b; c && d || e & f", [["a", "b"], ["c"], ["d"], ["e"], ["f"]]),
        ("echo 'a; b' \"c | d\" e\\;f", [["echo", "a; b", "c | d", "e;f"]]),
        ("a # b; c\nd", [["a"], ["d"]]),
        ("a b#c", [["a", "b#c"]]),
        ("a \\\n  b", [["a", "b"]]),
        ("if a; then b; else c; fi", [["a"], ["b"], ["c"], ["fi"]]),
        ("! { a; }", [["a"]]),
        ("f() { a; }", [["f"], ["a"]]),
        ("a $(b c) `d`", [["b", "c"], ["d"], ["a", "$(b c)", "`d`"]]),
        ('a "x $(b "y") z"', [["b", "y"], ["a", 'x $(b "y") z']]),
        ("a <(b) $'x\\x41\\n'", [["b"], ["a", "<(b)", "xA\n"]]),
        ("a $((1 + 2)) ${b:-c d}", [["a", "$((1 + 2))", "${b:-c d}"]]),
        ("case $1 in x) a;; y | z) b;; *) (c);; esac", [["a"], ["b"], ["c"], ["esac"]]),
        ("(a; b) | c", [["a"], ["b"], ["c"]]),
        ("don't stop\nrm x", [["don't", "stop"], ["rm", "x"]]),
        ('say "hi\nrm x', [["say", "hi\nrm x"], ["rm", "x"]]),
    ],
)
def test_commands_are_told_from_what_is_quoted(script: str, commands: list[list[str]]) -> None:
    assert _commands(script) == commands


def test_a_command_knows_what_is_set_for_it_where_its_output_goes_and_what_it_is_fed() -> None:
    command = _only("A=1 B='2 3' a b > c 2>&1 <<EOF\nd\nEOF\n")
    assert (command.assignments, [word.text for word in command.words], command.body) == (
        [b"A=1", b"B=2 3"],
        [b"a", b"b"],
        b"d\n",
    )
    assert [(each.operator, each.target) for each in command.redirects] == [
        (b">", b"c"),
        (b">&", b"1"),
        (b"<<", b""),
    ]


def test_a_pipe_is_known_from_both_of_its_ends() -> None:
    first, second, third = read_script(b"a | b || c", 0, 10).commands
    assert (second.source, first.sink, third.source, second.sink) == (first, second, None, None)


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("sudo -u app -E A=1 rm -rf x", "rm -rf x"),
        ("nohup timeout -s KILL 5m nice -n 10 /bin/rm x", "rm x"),
        ("find a -name b -exec rm -f {} \\;", "rm -f {}"),
        ("ls | xargs -0 -n 1 rm", "rm"),
        ("ssh -i key -p 22 me@host 'cd a && rm b'", "rm b"),
        ("bash -euxc 'rm x'", "rm x"),
        ('eval "rm x"', "rm x"),
        ("trap 'rm x' EXIT", "rm x"),
        ("su - app -c 'rm x'", "rm x"),
        ("docker exec -it db rm x", "rm x"),
        ("kubectl exec db-0 -c a -- rm x", "rm x"),
        ("docker run --rm image sh -c 'rm x'", "rm x"),
        ("echo 'rm x' | sudo bash", "rm x"),
        ("cat <<EOF | sh\nrm x\nEOF", "rm x"),
        ("bash <<'EOF'\nrm x\nEOF", "rm x"),
        ("ssh host <<EOF\nrm x\nEOF", "rm x"),
        ("(crontab -l; echo '0 1 * * * rm x') | crontab -", "rm x"),
        ("python3 -c \"import os; os.system('rm x')\"", "rm x"),
        ("sh -c \"sh -c 'rm x'\"", "rm x"),
    ],
)
def test_what_is_given_to_another_program_to_run_runs(script: str, line: str) -> None:
    assert line in _lines(script)


@pytest.mark.parametrize(
    "script",
    [
        "echo 'rm x'",
        "git commit -m 'rm x'",
        "cat <<EOF > a.txt\nrm x\nEOF",
        "grep 'rm x' a",
        "command -v rm",
        "printf 'rm x' > a",
    ],
)
def test_what_is_only_told_written_or_looked_for_does_not_run(script: str) -> None:
    assert [line for line in _lines(script) if line.startswith("rm")] == []


@pytest.mark.parametrize(
    "proposal",
    [
        "```console\n$ dropdb shop\nDatabase dropped.\n```",
        "```\ndropdb shop\n```",
        "#!/bin/sh\nset -e\nif true; then\n  dropdb shop\nfi\n",
        a_file("bin/reset", "#!/usr/bin/env bash\ndropdb shop"),
        a_file("Dockerfile", 'FROM postgres:16\nCMD ["sh", "-c", "dropdb shop"]'),
        a_file("Dockerfile", "FROM postgres:16\nRUN a && \\\n  # then\n  dropdb shop"),
        a_file("Dockerfile", "FROM postgres:16\nRUN <<EOF\ndropdb shop\nEOF"),
        a_file(".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n    - run: |\n        a\n        dropdb b"),
        a_file(".gitlab-ci.yml", "a:\n  script:\n    - b\n    - dropdb shop"),
        a_file("k8s/job.yml", "spec:\n  containers:\n  - command:\n    - sh\n    - -c\n    - dropdb shop"),
        a_file("Makefile", "reset:\n\tdropdb shop"),
        a_file("package.json", '{"scripts": {"postinstall": "dropdb shop"}}'),
        a_file("Procfile", "web: node a.js\nrelease: dropdb shop"),
        a_file("Jenkinsfile", "node {\n  sh 'dropdb shop'\n}"),
        a_file("ops/crontab", "0 3 * * * root dropdb shop"),
        a_file("ops/a.service", "[Service]\nExecStart=/usr/bin/dropdb shop"),
        "```js\nspawn('dropdb', ['shop']);\n```",
        '```python\nsubprocess.run(["dropdb", "shop"], check=True)\n```',
        '```go\nexec.Command("dropdb", "shop").Run()\n```',
        "Tonight the agent will execute dropdb shop on the old host.",
        "As the last step, run `dropdb shop`.",
    ],
)  # fmt: skip
def test_a_command_is_found_wherever_shell_stands(proposal: str) -> None:
    assert "shell.destroys_data" in rules_found(proposal)


@pytest.mark.parametrize(
    "proposal",
    [
        "The audit found that somebody could run `dropdb shop` through the form.",
        "The hook blocks `dropdb shop`.",
        "A command such as `dropdb shop` would be wrong.",
        "```js\nconst warning = 'never run dropdb shop';\n```",
        "```yaml\nname: dropdb shop\non: push\n```",
        a_file("docs/guide.md", "To reset, run `dropdb shop`."),
        a_file("Dockerfile", "FROM a:1\n# RUN dropdb shop\nRUN npm ci"),
    ],
)
def test_a_command_that_is_only_spoken_of_is_no_deed(proposal: str) -> None:
    assert "shell.destroys_data" not in rules_found(proposal)


def test_a_finding_stands_where_its_command_does() -> None:
    proposal = "```sh\nset -e\nif true; then sudo dropdb shop; fi\n```"
    (finding,) = assessed(proposal).findings
    assert (finding.rule, finding.excerpt) == ("shell.destroys_data", "sudo dropdb shop")


def test_what_a_script_made_sure_of_before_counts() -> None:
    careless = 'rm -rf "$RELEASE"/*'
    assert rules_found(f"```sh\n{careless}\n```") == {"shell.deletes_below_a_variable"}
    assert rules_found(f"```sh\nset -u\n{careless}\n```") == set()
    assert rules_found(f"```sh\nRELEASE=/srv/shop/new\n{careless}\n```") == set()


def test_a_program_that_was_downloaded_may_run_once_it_was_checked() -> None:
    fetched = "curl -o tool https://x.example.net/tool\n"
    assert rules_found(f"```sh\n{fetched}chmod +x tool\n./tool\n```") == {"shell.runs_unseen_code"}
    assert rules_found(f"```sh\n{fetched}sha256sum -c tool.sum\n./tool\n```") == set()


def test_substitutions_nested_too_deep_are_unassessable() -> None:
    depth = DEEPEST_SUBSTITUTION + 1
    assert rules_found("```sh\n" + "$(" * depth + "dropdb shop" + ")" * depth + "\n```") == {
        "unassessable.shell_unread"
    }


def test_scripts_too_long_to_be_read_are_unassessable() -> None:
    flood = "echo a\n" * (MOST_SCRIPT_BYTES // 7 + 1)
    assert rules_found(f"```sh\n{flood}dropdb shop\n```") == {"unassessable.shell_unread"}


@pytest.mark.parametrize(
    "unit", ["$(", "`", "<<E\n", "'", '"', "(", "|", ";;", "a=b ", ">", "${", "\\\n", "sh -c '"]
)
def test_a_script_of_one_thing_is_read(unit: str) -> None:
    assert "unassessable.analyzer_failed" not in rules_found("```sh\ndropdb shop\n" + unit * 20_000 + "\n```")
