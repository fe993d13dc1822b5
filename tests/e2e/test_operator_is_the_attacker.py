"""Root rewrites a block into an allow with every key of the log: only who has a memory elsewhere catches it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.support.workspace import REPOSITORY

SCRIPT = REPOSITORY / "scripts" / "operator-is-the-attacker.py"
TOLD = """\
1. A gate with a signer and a witness of its own blocks a change that empties a table.
   automation: 1  ...
2. Strangers keep something: one a pin; others run a witness on a machine of their own.
   stranger with a pin: 0  Whole: N entries, root HONEST.
   stranger by the witness elsewhere: 0  Whole: N entries, root HONEST.
3. Root turns the block into an allow, with every key and every memory of that machine.
   N entries, another root, signed by the log and by its own witness
4. Who does not notice: whoever has only what comes from that machine.
   the gate itself: 0  Whole: N entries, root FORGED; published up to 6, signatures not checked, for want of a key.
   stranger with the log's key only: 0  Whole: N entries, root FORGED.
   stranger by the witness of the gate: 0  Whole: N entries, root FORGED.
5. Who catches it: whoever has a memory that is not on that machine.
   stranger with a pin: 1  TAMPERED: FORK: the first N entries are not those that were pinned.
   stranger with a pin, by the lying witness: 1  TAMPERED: FORK: the first N entries are not those that were pinned.
   stranger by the witness elsewhere: 2  Cannot tell: not witnessed: the quorum w1 is not met by 0 cosignatures.
   the witness elsewhere, asked to sign: 409  N
   it keeps: 2  notes that the log's key signed and that contradict each other
"""


@pytest.mark.timeout(400)
def test_the_operator_with_every_key_is_caught_by_who_remembers_elsewhere_and_by_nobody_else() -> None:
    played = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, cwd=REPOSITORY)
    assert played.returncode == 0, played.stdout + played.stderr
    lines = [line for line in played.stdout.splitlines() if re.match(r"\d\. |   \S", line)]
    told = "\n".join(line for line in lines if "Witnesses at" not in line) + "\n"
    told = re.sub(r"automation: 1  .*", "automation: 1  ...", told)
    (size,) = set(re.findall(r"(\d+) entries", told))
    told = told.replace(f"{size} entries", "N entries").replace(f"409  {size}\n", "409  N\n")
    roots = list(dict.fromkeys(re.findall(r"[0-9a-f]{64}", told)))
    assert len(roots) == 2
    for root, name in zip(roots, ("HONEST", "FORGED"), strict=True):
        told = told.replace(root, name)
    assert told == TOLD
