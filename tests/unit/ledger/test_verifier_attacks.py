"""Every attack on an exported log that a verifier has to see, and those that need a pin or a witness to be seen."""

from __future__ import annotations

import pytest

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.keys import SigningKey
from gatekeeper.ledger.merkle import EMPTY_ROOT, leaf_hash
from gatekeeper.ledger.note import Note, Signature, parse_note
from gatekeeper.ledger.tiles import encode_bundle
from gatekeeper.ledger.verifier import Verdict, Verification, verify_log
from gatekeeper.ledger.witness_policy import WitnessPolicy, log_keys_policy, parse_policy
from tests.support.exported_logs import (
    LOG,
    OTHER_WITNESS,
    SECONDS,
    WITNESS,
    Files,
    a_key,
    edited,
    files_of,
    signed,
    some_entries,
    tree_of,
)

SIZE = 9
ENTRIES = some_entries(SIZE)
HONEST = files_of(ENTRIES)
POLICY = log_keys_policy([LOG.verifier.vkey])
NOT_A_LOG = "there is no checkpoint: is this an exported directory, or the address of a log, such as .../log?"
BUNDLE, LEAVES = "tile/entries/000.p/9", "tile/0/000.p/9"


def checked(files: Files, policy: WitnessPolicy = POLICY, pin: Checkpoint | None = None) -> Verification:
    return verify_log(files.get, policy, pin)


def pinned(entries: list[bytes], origin: str = LOG.name) -> Checkpoint:
    return Checkpoint(origin, len(entries), tree_of(entries)[0])


def tampered(detail: str, index: int | None = None) -> Verification:
    return Verification(Verdict.TAMPERED, detail, index)


def untold(detail: str) -> Verification:
    return Verification(Verdict.CANNOT_TELL, detail)


@pytest.mark.parametrize("size", [0, 1, 2, 9, 255, 256, 257, 600, 65_536 + 300])
def test_an_honest_log_is_whole_whatever_was_pinned_of_it(size: int) -> None:
    entries = some_entries(size)
    files = files_of(entries)
    root = tree_of(entries)[0]
    whole = Verification(
        Verdict.WHOLE, f"{size} entries, root {root.hex()}", note=parse_note(files["checkpoint"])
    )
    assert checked(files) == whole
    for some in {0, size // 3, min(size, 256), size}:
        assert checked(files, pin=pinned(entries[:some])) == whole


def test_progress_is_told_bundle_by_bundle() -> None:
    told: list[tuple[int, int]] = []
    files = files_of(some_entries(600))
    verify_log(files.get, POLICY, progress=lambda done, size: told.append((done, size)))
    assert told == [(256, 600), (512, 600), (600, 600)]


def test_one_flipped_byte_anywhere_is_never_whole_and_in_an_entry_it_is_named() -> None:
    owners = [index for index, entry in enumerate(ENTRIES) for _ in range(2 + len(entry))]
    for path, content in HONEST.items():
        for at in range(len(content)):
            for flip in (0x01, 0x80, 0xFF):
                changed = bytearray(content)
                changed[at] ^= flip
                found = checked({**HONEST, path: bytes(changed)})
                assert found.verdict in (Verdict.TAMPERED, Verdict.CANNOT_TELL), (path, at, flip)
                if path == BUNDLE:
                    assert found == tampered(found.detail, owners[at]), (path, at, flip)
                if path == LEAVES:
                    assert found == tampered(f"entry {at // 32} does not match its leaf hash", at // 32)


def test_every_file_cut_anywhere_or_longer_is_never_whole() -> None:
    for path, content in HONEST.items():
        for cut in range(len(content)):
            assert checked({**HONEST, path: content[:cut]}).verdict is not Verdict.WHOLE, (path, cut)
        for more in (b"\x00", b"\n", content[-1:], content):
            assert checked({**HONEST, path: content + more}).verdict is not Verdict.WHOLE, (path, more)


@pytest.mark.parametrize("index", range(SIZE))
def test_a_deleted_entry_is_named(index: int) -> None:
    files = {**HONEST, BUNDLE: encode_bundle(ENTRIES[:index] + ENTRIES[index + 1 :])}
    last = index == SIZE - 1
    detail = (
        f"{BUNDLE} does not hold 9 whole entries" if last else f"entry {index} does not match its leaf hash"
    )
    assert checked(files) == tampered(detail, index)


def test_swapped_and_added_entries_are_named() -> None:
    swapped = [*ENTRIES[:4], ENTRIES[5], ENTRIES[4], *ENTRIES[6:]]
    assert checked({**HONEST, BUNDLE: encode_bundle(swapped)}) == tampered(
        "entry 4 does not match its leaf hash", 4
    )
    assert checked({**HONEST, BUNDLE: encode_bundle([*ENTRIES, b"{}"])}) == tampered(
        f"{BUNDLE} does not hold 9 whole entries", 9
    )


def test_a_forged_entry_with_a_forged_leaf_hash_does_not_lead_to_the_root() -> None:
    """What a verifier that trusts hashes of the log takes for whole (CVE-2026-56865 of golang.org/x/mod)."""
    forged = [*ENTRIES[:3], ENTRIES[3].replace(b"index", b"indeX"), *ENTRIES[4:]]
    hashes = b"".join(map(leaf_hash, forged))
    assert checked({**HONEST, BUNDLE: encode_bundle(forged), LEAVES: hashes}) == tampered(
        "the entries do not lead to the root that was signed"
    )


def test_a_forged_entry_with_all_of_its_tiles_is_found_at_the_first_tile_that_was_forgotten() -> None:
    entries = some_entries(600)
    honest = files_of(entries)
    forged = files_of([*entries[:300], b"forged", *entries[301:]])
    assert checked({**forged, "checkpoint": honest["checkpoint"]}) == tampered(
        "the entries do not lead to the root that was signed"
    )
    upper = "tile/1/000.p/2"
    assert checked({**forged, upper: honest[upper], "checkpoint": honest["checkpoint"]}) == tampered(
        f"{upper} does not match its entries", 256
    )


def test_a_change_in_any_upper_tile_of_a_large_log_is_found_where_it_is() -> None:
    files = files_of(some_entries(65_536 + 300))
    for path, at, index in (
        ("tile/1/000", 32 * 7, 7 * 256),
        ("tile/1/001.p/1", 0, 65_536),
        ("tile/2/000.p/1", 31, 0),
    ):
        flipped = edited(files, path, lambda tile, at=at: tile[:at] + bytes([tile[at] ^ 1]) + tile[at + 1 :])
        assert checked(flipped) == tampered(f"{path} does not match its entries", index)


def test_a_truncated_log_signed_with_the_real_key_is_whole_without_a_pin_and_a_rollback_with_one() -> None:
    """Nothing in the files tells of what is missing: only who remembers, a pin or a witness, can tell."""
    truncated = files_of(ENTRIES[:6])
    assert checked(truncated).verdict is Verdict.WHOLE
    assert checked(truncated, pin=pinned(ENTRIES)) == tampered(
        "ROLLBACK 9>6: the log is shorter than it was", 6
    )


def test_history_that_was_rewritten_and_signed_with_the_real_key_is_whole_without_a_pin_and_a_fork_with_one() -> (
    None
):
    rewritten = files_of([*ENTRIES[:2], b'{"decision":"allow"}', *ENTRIES[3:], b"another"])
    assert checked(rewritten).verdict is Verdict.WHOLE
    fork = "FORK: the first {} entries are not those that were pinned"
    assert checked(rewritten, pin=pinned(ENTRIES)) == tampered(fork.format(9))
    assert checked(rewritten, pin=pinned(ENTRIES[:3])) == tampered(fork.format(3))
    assert checked(rewritten, pin=pinned(ENTRIES[:2])).verdict is Verdict.WHOLE
    assert checked(HONEST, pin=Checkpoint(LOG.name, 0, b"x" * 32)) == tampered(fork.format(0))


def test_an_old_checkpoint_that_is_served_again_is_a_rollback_for_who_has_a_pin() -> None:
    """Honest, signed and witnessed once: without memory it cannot be told from the newest."""
    old = files_of(ENTRIES[:6], LOG, WITNESS, OTHER_WITNESS)
    assert checked(old, witnessed_policy()).verdict is Verdict.WHOLE
    rollback = tampered("ROLLBACK 9>6: the log is shorter than it was", 6)
    assert checked(old, witnessed_policy(), pinned(ENTRIES)) == rollback
    assert checked({**HONEST, **old}, pin=pinned(ENTRIES)) == rollback
    assert checked({**HONEST, "checkpoint": old["checkpoint"]}) == untold("tile/entries/000.p/6 is missing")


def test_a_pin_of_another_log_tells_nothing() -> None:
    assert checked(HONEST, pin=pinned(ENTRIES, "example.org/other")) == untold(
        "the pin is of another log, example.org/other, and says nothing of example.org/log"
    )


@pytest.mark.parametrize("path", sorted(HONEST))
def test_a_missing_file_is_cannot_tell(path: str) -> None:
    files = {name: content for name, content in HONEST.items() if name != path}
    missing = NOT_A_LOG if path == "checkpoint" else f"{path} is missing"
    assert checked(files) == untold(missing)
    assert checked({}) == untold(NOT_A_LOG)


def test_a_missing_upper_tile_is_cannot_tell() -> None:
    files = files_of(some_entries(256))
    del files["tile/1/000.p/1"]
    assert checked(files) == untold("tile/1/000.p/1 is missing")


@pytest.mark.parametrize(
    "edit",
    [
        lambda encoded: encoded.replace(b"\n9\n", b"\n8\n"),
        lambda encoded: encoded.replace(b"\n9\n", b"\n10\n"),
        lambda encoded: encoded.replace(LOG.name.encode() + b"\n", b"example.org/other\n"),
    ],
)
def test_an_edited_checkpoint_is_not_signed(edit) -> None:
    assert checked(edited(HONEST, "checkpoint", edit)) == tampered(
        "the signature by example.org/log does not hold"
    )


@pytest.mark.parametrize("size", ["09", "+9", "9 ", "-1", "", "9.0", "٩", str(2**63)])
def test_a_checkpoint_with_a_size_of_another_form_is_refused_though_it_is_signed(size: str) -> None:
    text = pinned(ENTRIES).text.replace("\n9\n", f"\n{size}\n")
    assert sealed(text).detail.startswith("the checkpoint's size is not a whole number")


def test_a_checkpoint_with_extension_lines_is_refused_though_it_is_signed() -> None:
    text = pinned(ENTRIES).text + "an extension\n"
    assert sealed(text) == tampered("a checkpoint has three lines: origin, size and root")


def test_a_root_of_another_length_is_refused_though_it_is_signed() -> None:
    text = f"{LOG.name}\n9\n{'A' * 40}\n"
    assert sealed(text) == tampered("the checkpoint's root is not a SHA-256 hash")


def test_the_root_of_no_entries_is_the_only_one_of_an_empty_log() -> None:
    wrong = signed(Checkpoint(LOG.name, 0, leaf_hash(b"")), LOG).encoded
    assert checked({"checkpoint": wrong}) == tampered("the entries do not lead to the root that was signed")
    assert (
        checked({"checkpoint": signed(Checkpoint(LOG.name, 0, EMPTY_ROOT), LOG).encoded}).verdict
        is Verdict.WHOLE
    )


def test_a_checkpoint_signed_by_another_key_of_the_same_name_is_refused() -> None:
    impostor = a_key("example.org/other")
    files = files_of(ENTRIES, type(LOG)(LOG.name, LOG.kind, impostor._seed))
    assert checked(files) == tampered("no known log signed this checkpoint")


def test_a_policy_of_another_log_accepts_nothing() -> None:
    other = log_keys_policy([a_key("example.org/other").verifier.vkey])
    assert checked(HONEST, other) == tampered("no known log signed this checkpoint")


def test_a_known_log_cannot_sign_for_another_one() -> None:
    checkpoint = pinned(ENTRIES, "example.org/other")
    files = {**HONEST, "checkpoint": signed(checkpoint, LOG).encoded}
    assert checked(files) == tampered("the checkpoint is of another log, example.org/other")
    both = log_keys_policy([LOG.verifier.vkey, a_key("example.org/other").verifier.vkey])
    assert checked(files, both) == tampered("the checkpoint is of another log, example.org/other")


def witnessed_policy(threshold: str = "all") -> WitnessPolicy:
    return parse_policy(
        f"log {LOG.verifier.vkey}\n"
        f"witness one {WITNESS.verifier.vkey}\n"
        f"witness two {OTHER_WITNESS.verifier.vkey}\n"
        f"group both {threshold} one two\n"
        "quorum both\n"
    )


def test_a_quorum_of_witnesses_has_to_be_met() -> None:
    both, one, none = (
        files_of(ENTRIES, LOG, *witnesses) for witnesses in ((WITNESS, OTHER_WITNESS), (WITNESS,), ())
    )
    assert checked(both, witnessed_policy()).verdict is Verdict.WHOLE
    assert checked(one, witnessed_policy("any")).verdict is Verdict.WHOLE
    missing = "not witnessed: the quorum both is not met by {} cosignatures"
    assert checked(one, witnessed_policy()) == untold(missing.format(1))
    assert checked(none, witnessed_policy("any")) == untold(missing.format(0))


def test_a_witness_with_another_key_of_the_same_name_does_not_count() -> None:
    swapped = type(WITNESS)(WITNESS.name, WITNESS.kind, a_key("somebody")._seed)
    files = files_of(ENTRIES, LOG, swapped, OTHER_WITNESS)
    assert checked(files, witnessed_policy()) == untold(
        "not witnessed: the quorum both is not met by 1 cosignatures"
    )


def test_a_cosignature_of_another_checkpoint_spoils_the_note() -> None:
    for witness in (WITNESS, OTHER_WITNESS):
        checkpoint = pinned(ENTRIES)
        stolen = signed(pinned(ENTRIES[:5]), witness).signatures
        note = Note(checkpoint.text, (*signed(checkpoint, LOG).signatures, *stolen))
        assert checked({**HONEST, "checkpoint": note.encoded}, witnessed_policy("any")) == tampered(
            f"the signature by {witness.name} does not hold"
        )


@pytest.mark.parametrize("witness", [WITNESS, OTHER_WITNESS])
def test_the_time_of_a_cosignature_cannot_be_set_back(witness: SigningKey) -> None:
    checkpoint = pinned(ENTRIES)
    by_log, by_witness = signed(checkpoint, LOG, witness).signatures
    for seconds in (0, SECONDS - 3600, SECONDS + 1, 2**63, 2**64 - 1):
        value = seconds.to_bytes(8, "big") + by_witness.value[8:]
        note = Note(checkpoint.text, (by_log, Signature(witness.name, by_witness.key_id, value)))
        assert checked({**HONEST, "checkpoint": note.encoded}, witnessed_policy("any")) == tampered(
            f"the signature by {witness.name} does not hold"
        )


def test_a_huge_size_ends_at_the_first_bundle_that_is_missing() -> None:
    note = signed(Checkpoint(LOG.name, 2**62, leaf_hash(b"")), LOG)
    assert checked({"checkpoint": note.encoded}) == untold("tile/entries/000 is missing")


def sealed(text: str) -> Verification:
    """The verdict on a checkpoint of any text, signed with the log's real key."""

    class Text:
        """What SigningKey.sign asks of a checkpoint."""

    Text.text = text
    note = Note(text, (LOG.sign(Text, 0),))
    assert LOG.verifier.holds(text, note.signatures[0].value)
    return checked({**HONEST, "checkpoint": note.encoded})


def test_the_pin_is_what_was_signed() -> None:
    found = checked(HONEST)
    assert found.note is not None
    assert (found.note.encoded, parse_checkpoint(found.note.text)) == (HONEST["checkpoint"], pinned(ENTRIES))
