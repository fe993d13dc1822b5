"""Notes, checkpoints, proofs and policies: what is written is read back, and no other bytes are read as the same.

Whatever is accepted is written again byte for byte, so that nothing can be changed without changing what it says.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.keys import KeyFormatError, Kind, VerifierKey, cosigned_seconds, parse_vkey
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.note import Note, NoteError, Signature, is_key_name, parse_note
from gatekeeper.ledger.proof import Proof, ProofError, parse_proof
from gatekeeper.ledger.witness_policy import (
    Group,
    PolicyFileError,
    Witness,
    WitnessPolicy,
    parse_policy,
)
from tests.support.exported_logs import LOG, OTHER_WITNESS, WITNESS, a_key, signed, some_entries, tree_of

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=9).filter(
    is_key_name
)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=9)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map(lambda lines: "\n".join(lines) + "\n")
SIGNATURES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=72)
)
NOTES = st.builds(Note, TEXTS, st.lists(SIGNATURES, min_size=1, max_size=4).map(tuple))
HASHES = st.binary(min_size=32, max_size=32)
CHECKPOINTS = st.builds(Checkpoint, NAMES, st.integers(0, 2**62), HASHES)
PROOFS = st.builds(
    Proof,
    st.integers(0, 10**18),
    st.lists(HASHES, max_size=5).map(tuple),
    CHECKPOINTS.map(lambda c: signed(c, LOG)),
)
PIECES = st.sampled_from(
    [
        b"",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b"\x00",
        b"+",
        b"=",
        b"A",
        b"0",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"\x0b",
        b"\xff",
    ]
) | st.binary(max_size=2)


@st.composite
def mutations(draw: st.DrawFn, encoded: bytes) -> bytes:
    """The bytes with some of them replaced."""
    start = draw(st.integers(0, len(encoded)))
    end = min(len(encoded), start + draw(st.integers(0, 3)))
    return encoded[:start] + draw(PIECES) + encoded[end:]


@given(NOTES)
def test_a_note_is_read_back(note: Note) -> None:
    assert parse_note(note.encoded) == note


@given(NOTES, st.data())
@example(Note("x\n", (Signature("a", b"1234", b"5"), Signature("b", b"1234", b"5"))), None)
def test_a_changed_note_is_refused_or_another(note: Note, data: st.DataObject | None) -> None:
    changed = (
        note.encoded.replace("\n— b".encode(), "\u2028— b".encode())
        if data is None
        else data.draw(mutations(note.encoded))
    )
    try:
        read = parse_note(changed)
    except NoteError:
        return
    assert (read.encoded, read == note) == (changed, changed == note.encoded)


@given(CHECKPOINTS, st.data())
def test_a_checkpoint_is_read_back_and_a_changed_one_is_refused_or_another(
    checkpoint: Checkpoint, data: st.DataObject
) -> None:
    assert parse_checkpoint(checkpoint.text) == checkpoint
    changed = data.draw(mutations(checkpoint.text.encode())).decode(errors="replace")
    try:
        read = parse_checkpoint(changed)
    except NoteError:
        return
    assert (read.text, read == checkpoint) == (changed, changed == checkpoint.text)


@given(PROOFS, st.data())
def test_a_proof_is_read_back_and_a_changed_one_is_refused_or_another(
    proof: Proof, data: st.DataObject
) -> None:
    assert parse_proof(proof.encoded) == proof
    changed = data.draw(mutations(proof.encoded))
    try:
        read = parse_proof(changed)
    except ProofError:
        return
    assert (read.encoded, read == proof) == (changed, changed == proof.encoded)


@given(st.data())
def test_a_changed_proof_proves_nothing_else(data: st.DataObject) -> None:
    entries = some_entries(data.draw(st.integers(1, 40)))
    index = data.draw(st.integers(0, len(entries) - 1))
    root, nodes = tree_of(entries)
    note = signed(Checkpoint(LOG.name, len(entries), root), LOG)
    hashes = inclusion_proof(index, len(entries), lambda wanted: [nodes[node] for node in wanted])
    proof = Proof(index, tuple(hashes), note)
    assert proof.require(entries[index]) == Checkpoint(LOG.name, len(entries), root)
    with pytest.raises(ProofError):
        proof.require(entries[index] + b" ")
    changed = data.draw(mutations(proof.encoded))
    try:
        read = parse_proof(changed)
        checkpoint = read.require(entries[index])
    except ProofError:
        return
    assert (read.index, read.hashes, checkpoint.size, checkpoint.root) == (
        index,
        proof.hashes,
        len(entries),
        root,
    )


@given(NAMES, st.sampled_from(Kind), st.data())
def test_a_verifier_key_is_read_back_and_a_changed_one_is_refused_or_another(
    name: str, kind: Kind, data: st.DataObject
) -> None:
    key = a_key(name, kind).verifier
    assert parse_vkey(key.vkey) == key
    changed = data.draw(mutations(key.vkey.encode())).decode(errors="replace")
    try:
        read = parse_vkey(changed)
    except KeyFormatError:
        return
    assert (read.vkey, read == key) == (changed, changed == key.vkey)


KEYS = [a_key(f"key.example/{number}", Kind.COSIGNATURE_ED25519).verifier for number in range(6)]
LOGS = [a_key(f"log.example/{number}").verifier for number in range(3)]


@st.composite
def policies(draw: st.DrawFn) -> WitnessPolicy:
    """Some logs and witnesses, and groups over what stands above them, each member in one group only."""
    logs = tuple(draw(st.lists(st.sampled_from(LOGS), unique=True)))
    keys: list[VerifierKey] = draw(st.lists(st.sampled_from(KEYS), unique=True))
    urls = draw(st.lists(st.none() | st.just("https://w.example"), min_size=len(keys), max_size=len(keys)))
    witnesses = tuple(Witness(f"w{key.name[-1]}", key, url) for key, url in zip(keys, urls, strict=True))
    free, groups = [witness.name for witness in witnesses], dict[str, Group]()
    while free and draw(st.booleans()):
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        groups[f"g{len(groups)}"] = Group(draw(st.integers(1, len(members))), tuple(members))
        free = [name for name in free if name not in members] + [f"g{len(groups) - 1}"]
    names = [*(witness.name for witness in witnesses), *groups, "none"]
    return WitnessPolicy(logs, witnesses, groups, draw(st.sampled_from(names)))


@given(policies(), st.data())
def test_a_policy_is_read_back_and_a_changed_one_is_refused_or_says_what_it_says(
    policy: WitnessPolicy, data: st.DataObject
) -> None:
    assert parse_policy(policy.text(with_addresses=True)) == policy
    changed = data.draw(mutations(policy.text(with_addresses=True).encode())).decode(errors="replace")
    try:
        read = parse_policy(changed)
    except PolicyFileError:
        return
    assert parse_policy(read.text(with_addresses=True)) == read


@given(policies(), st.data())
def test_more_cosignatures_never_undo_a_quorum(policy: WitnessPolicy, data: st.DataObject) -> None:
    names = {witness.name for witness in policy.witnesses}
    some = data.draw(st.sets(st.sampled_from(sorted(names)))) if names else set()
    assert policy.is_met(names)
    assert policy.is_met(some) <= policy.is_met(some | set(sorted(names)[:1]))
    assert policy.is_met(set()) == (policy.quorum == "none")


POLICY = """\
log {log}

# two of one house and one of another
witness X1 {0}
\twitness X2 {1} \thttps://x2.example
witness X3 {2}
group X-witnesses 2 X1 X2 X3

witness Y1 {3}
witness Y2 {4}
witness Y3 {5}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_policy_of_the_specification_counts_as_it_says() -> None:
    policy = parse_policy(POLICY.format(*(key.vkey for key in KEYS), log=LOG.verifier.vkey))
    assert policy.groups == {
        "X-witnesses": Group(2, ("X1", "X2", "X3")),
        "Y-witnesses": Group(1, ("Y1", "Y2", "Y3")),
        "X-and-Y": Group(2, ("X-witnesses", "Y-witnesses")),
    }
    met = [policy.is_met(set(names.split())) for names in ("X1 X3 Y2", "X1 Y1 Y2 Y3", "X1 X2 X3", "")]
    assert met == [True, False, False, False]


W0, W1 = (f"witness {name} {key.vkey}\n" for name, key in zip("ab", KEYS, strict=False))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum line"),
        ("quorum none\nquorum none\n", "line 2: there is a quorum line already"),
        ("quorum a\n" + W0, "line 1: a is not defined above"),
        (W0 + "group g 2 a\nquorum g\n", "line 2: 2 of 1 is no threshold"),
        (W0 + "group g 0 a\nquorum g\n", "line 2: 0 of 1 is no threshold"),
        (W0 + "group g -1 a\nquorum g\n", "line 2: -1 of 1 is no threshold"),
        (W0 + "group g any none\nquorum g\n", "line 2: none is not defined above"),
        (W0 + W0.replace(" a ", " b "), "line 2: the key of key.example/0 is listed already"),
        (W0 + W1.replace(" b ", " a "), "line 2: the name a is taken"),
        (W0 + "group none any a\n", "line 2: the name none is taken"),
        (W0 + "group g any a a\n", "line 2: a is a member already"),
        (W0 + "group g any a\ngroup h any a\n", "line 3: a is a member already"),
        (W0 + "group g any\n", "line 2: 'group' does not begin a line of this form"),
        ("x" * 41 + "\n", f"line 1: '{'x' * 40}...' does not begin a line of this form"),
        (f"witness a {LOG.verifier.vkey}\n", "line 1: the key of example.org/log is of the wrong kind"),
        (f"log {KEYS[0].vkey}\n", "line 1: the key of key.example/0 is of the wrong kind"),
        ("log nonsense\n", "line 1: this is not a verifier key"),
        ("quorum none\r\n", "line 1: a policy has no control characters"),
        ("# \x0b\nquorum none\n", "line 1: a policy has no control characters"),
        ("# \x7f\nquorum none\n", "line 1: a policy has no control characters"),
    ],
)
def test_what_the_specification_does_not_allow_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(PolicyFileError) as refused:
        parse_policy(text)
    assert said in str(refused.value)


# C2SP tlog-cosignature, its example
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)


def test_the_cosigned_checkpoint_of_the_specification_is_read() -> None:
    note = parse_note(SOFA.encode())
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.size, note.encoded) == (
        "example.com/behind-the-sofa",
        20852163,
        SOFA.encode(),
    )
    assert [(each.name, each.key_id.hex(), len(each.value)) for each in note.signatures] == [
        ("example.com/behind-the-sofa", "033de0ae", 64),
        ("witness.example.com/w1", "8d66cf3f", 72),
    ]
    assert cosigned_seconds(note.signatures[1].value) == 1679315147


def test_sizes_of_keys_and_signatures_are_those_of_the_specification() -> None:
    note = signed(Checkpoint(LOG.name, 0, b"x" * 32), LOG, WITNESS, OTHER_WITNESS)
    assert [len(each.value) for each in note.signatures] == [64, 8 + 64, 8 + 2420]
    assert [len(key.verifier.public) for key in (LOG, WITNESS, OTHER_WITNESS)] == [32, 32, 1312]


def test_a_proof_may_carry_extra_bytes_that_are_not_trusted() -> None:
    proof = Proof(5, (b"h" * 32,), signed(Checkpoint(LOG.name, 9, b"x" * 32), LOG))
    head, rest = proof.encoded.split(b"\n", 1)
    assert parse_proof(head + b"\nextra aGVsbG8=\n" + rest) == proof
    for line in (b"extra %%%", b"extra", b"extra aGVsbG8=\nextra aGVsbG8="):
        with pytest.raises(ProofError):
            parse_proof(head + b"\n" + line + b"\n" + rest)
