"""`gatekeeper ledger verify` on exported directories: exit codes, what is said, and the pin's life."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.cli.log_policy import MOST_CHARACTERS
from gatekeeper.cli.running import run
from tests.support.exported_logs import (
    LOG,
    WITNESS,
    Files,
    edited,
    files_of,
    some_entries,
    tree_of,
    write_files,
)

ENTRIES = some_entries(9)
EMPTY_ROOT = b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="  # of SHA-256 over nothing
VKEY = LOG.verifier.vkey
WHOLE = f"Whole: 9 entries, root {tree_of(ENTRIES)[0].hex()}.\n"


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Runs the command on some files; gives exit code, standard output and standard error."""

    def verified(files: Files, *options: str) -> tuple[int, str, str]:
        directory = write_files(files, tmp_path / f"log{len(list(tmp_path.iterdir()))}")
        code = run(["ledger", "verify", "--dir", str(directory), *options])
        return code, *capsys.readouterr()

    return verified


def test_whole_is_0_tampered_1_and_cannot_tell_2(verify):
    files = files_of(ENTRIES)
    assert verify(files, "--vkey", VKEY) == (0, WHOLE, "")
    forged = edited(files, "tile/entries/000.p/9", lambda bundle: bundle[:5] + b"?" + bundle[6:])
    assert verify(forged, "--vkey", VKEY) == (
        1,
        "TAMPERED at entry 0: entry 0 does not match its leaf hash.\n",
        "",
    )
    unsigned = edited(files, "checkpoint", lambda note: note.replace(b"\n9\n", b"\n8\n"))
    assert verify(unsigned, "--vkey", VKEY) == (
        1,
        "TAMPERED: the signature by example.org/log does not hold.\n",
        "",
    )
    assert verify({}, "--vkey", VKEY)[0::2] == (
        2,
        "Cannot tell: there is no checkpoint: is this an exported directory, or the address of a log, "
        "such as .../log?\n",
    )


def test_a_key_or_a_policy_is_needed_and_one_of_them(verify, tmp_path: Path):
    files = files_of(ENTRIES, LOG, WITNESS)
    policy = tmp_path / "policy"
    policy.write_text(f"log {VKEY}\nwitness w {WITNESS.verifier.vkey}\nquorum w\n")
    assert verify(files, "--policy", str(policy)) == (0, WHOLE, "")
    assert verify(files_of(ENTRIES), "--policy", str(policy)) == (
        2,
        "",
        "Cannot tell: not witnessed: the quorum w is not met by 0 cosignatures.\n",
    )
    for options, said in (
        ((), "no key is given; name it with --vkey or --policy"),
        (("--vkey", VKEY, "--policy", str(policy)), "a policy names the log's keys: give --policy or --vkey"),
        (("--vkey", "nonsense"), "--vkey: this is not a verifier key of a kind that is known here"),
        (("--vkey", WITNESS.verifier.vkey), "--vkey: the key of witness.example/one is of the wrong kind"),
        (("--vkey", VKEY, "--vkey", VKEY), "--vkey: the key of example.org/log is listed already"),
        (
            ("--policy", str(tmp_path / "none")),
            f"{tmp_path / 'none'} cannot be read: No such file or directory",
        ),
    ):
        assert verify(files, *options) == (2, "", f"Cannot tell: {said}.\n")


def test_a_policy_that_is_none_names_its_line(verify, tmp_path: Path):
    (tmp_path / "policy").write_bytes(b"quorum none\nlogs x\n")
    assert verify({}, "--policy", str(tmp_path / "policy"))[2] == (
        f"Cannot tell: {tmp_path / 'policy'}: line 2: 'logs' does not begin a line of this form.\n"
    )
    (tmp_path / "policy").write_bytes(b"\xff")
    assert verify({}, "--policy", str(tmp_path / "policy"))[0] == 2


def test_a_policy_that_is_too_long_or_names_no_log_tells_nothing(verify, tmp_path: Path):
    files, policy = files_of(ENTRIES), tmp_path / "policy"
    enough = f"log {VKEY}\nquorum none\n".encode()
    policy.write_bytes(enough.ljust(MOST_CHARACTERS, b"\n"))
    assert verify(files, "--policy", str(policy)) == (0, WHOLE, "")
    for content, said in (
        (enough.ljust(MOST_CHARACTERS + 1, b"\n"), "is no policy: it is longer than 524288 characters"),
        (
            b"quorum none\n",
            "names no log, so no checkpoint can be held against it; it needs a line `log KEY`",
        ),
    ):
        policy.write_bytes(content)
        assert verify(files, "--policy", str(policy)) == (2, "", f"Cannot tell: {policy} {said}.\n")


def test_the_pin_is_made_kept_and_moved_only_by_a_whole_log_that_extends_it(verify, tmp_path: Path):
    pin = tmp_path / "pin"
    with_pin = ("--vkey", VKEY, "--pin", str(pin))
    assert verify(files_of(ENTRIES), *with_pin) == (
        2,
        "",
        f"Cannot tell: there is no pin {pin}; --update-pin makes the first.\n",
    )
    first = f"Pinned for the first time: {pin}. That nothing was rewritten before is not proven.\n"
    assert verify(files_of(ENTRIES[:5]), *with_pin, "--update-pin") == (
        0,
        f"Whole: 5 entries, root {tree_of(ENTRIES[:5])[0].hex()}.\n{first}",
        "",
    )
    assert pin.read_bytes() == files_of(ENTRIES[:5])["checkpoint"]
    assert verify(files_of(ENTRIES), *with_pin) == (0, WHOLE, "")
    assert pin.read_bytes() == files_of(ENTRIES[:5])["checkpoint"]
    assert verify(files_of(ENTRIES), *with_pin, "--update-pin") == (0, WHOLE, "")
    kept = files_of(ENTRIES)["checkpoint"]
    assert pin.read_bytes() == kept
    rewritten = files_of([*ENTRIES[:3], b"allow", *ENTRIES[4:], b"more"])
    for files, said in (
        (files_of(ENTRIES[:6]), "TAMPERED at entry 6: ROLLBACK 9>6: the log is shorter than it was.\n"),
        (rewritten, "TAMPERED: FORK: the first 9 entries are not those that were pinned.\n"),
    ):
        assert verify(files, *with_pin, "--update-pin") == (1, said, "")
        assert pin.read_bytes() == kept
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["pin"]


def test_a_pin_that_is_not_what_was_signed_accuses_nobody_and_vouches_for_nothing(verify, tmp_path: Path):
    pin, kept = tmp_path / "pin", files_of(ENTRIES[:5])["checkpoint"]
    text = kept[: kept.index(b"\n\n")]
    lines = text.split(b"\n")
    edited = [
        b"\n".join([lines[0], *other]) for other in ([b"0", EMPTY_ROOT], [b"4", lines[2]], [b"99", lines[2]])
    ]
    flipped = [text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :] for at in range(len(text))]
    for other in (*edited, *flipped):
        pin.write_bytes(other + kept[len(text) :])
        assert verify(files_of(ENTRIES), "--vkey", VKEY, "--pin", str(pin))[0] == 2
    pin.write_bytes(edited[0] + kept[len(text) :])
    assert verify(files_of(ENTRIES), "--vkey", VKEY, "--pin", str(pin), "--update-pin") == (
        2,
        "",
        f"Cannot tell: the pin {pin} is not what was signed: the signature by example.org/log does not hold.\n",
    )
    assert pin.read_bytes() == edited[0] + kept[len(text) :]


def test_a_pin_that_cannot_be_read_or_written_is_cannot_tell(verify, tmp_path: Path):
    pin = tmp_path / "pin"
    pin.write_text("nothing")
    code, _, said = verify(files_of(ENTRIES), "--vkey", VKEY, "--pin", str(pin))
    assert (code, said) == (
        2,
        f"Cannot tell: the pin {pin} holds no checkpoint: the note has no signatures.\n",
    )
    nowhere = tmp_path / "nowhere" / "pin"
    code, out, said = verify(files_of(ENTRIES), "--vkey", VKEY, "--pin", str(nowhere), "--update-pin")
    assert (code, out, said) == (
        2,
        WHOLE,
        f"Cannot tell: the pin {nowhere} cannot be written: No such file or directory.\n",
    )


def test_what_is_in_the_way_of_a_file_is_cannot_tell(verify, tmp_path: Path):
    (tmp_path / "log0" / "checkpoint").mkdir(parents=True)
    assert run(["ledger", "verify", "--dir", str(tmp_path / "log0"), "--vkey", VKEY]) == 2


@pytest.mark.parametrize(
    "options",
    [
        ("--dir", "x", "--url", "http://x/log", "--vkey", VKEY),
        ("--dir", "x", "--vkey", VKEY, "--update-pin"),
        ("--url", "x", "--vkey", VKEY),
        ("--dir", "x", "--pin", "y", "--update-pin"),
        ("--pin", "y", "--update-pin"),
    ],
)
def test_wrong_usage_is_2(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]):
    assert run(["ledger", "verify", *options]) == 2
    assert capsys.readouterr().out == ""
