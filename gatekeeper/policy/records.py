"""What policy decided by, kept so that anybody can decide again: its files, and what it was asked.

Owns the rows. Both are written inside the transaction that records the decision and never change: the name of each is
a digest of it. The log holds the digests, so what is kept here can be shown to be what decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.tables import policy_bundles, policy_inputs


def keep_bundle(connection: Connection, bundle: PolicyBundle) -> None:
    """Keep the files of the policy that decides in this transaction, unless they are kept already."""
    kept = select(policy_bundles.c.revision).where(policy_bundles.c.revision == bundle.revision)
    if connection.execute(kept).one_or_none() is None:
        content = canonical_json(bundle.files).decode()
        connection.execute(insert(policy_bundles), [{"revision": bundle.revision, "content": content}])


def keep_inputs(connection: Connection, inputs: Sequence[bytes]) -> None:
    """Keep what policy was asked, each the RFC 8785 bytes of a JSON value; equal ones are kept once."""
    contents = {sha256_name(content): content.decode() for content in inputs}
    kept = select(policy_inputs.c.digest).where(policy_inputs.c.digest.in_(list(contents)))
    known = set(connection.execute(kept).scalars()) if contents else set()
    rows = [{"digest": name, "content": text} for name, text in contents.items() if name not in known]
    if rows:
        connection.execute(insert(policy_inputs), rows)


def kept_bundle(connection: Connection, revision: str) -> dict[str, str] | None:
    """The files of a policy by name; None when it decided before policies were kept."""
    query = select(policy_bundles.c.content).where(policy_bundles.c.revision == revision)
    content = connection.execute(query).scalar()
    return None if content is None else orjson.loads(content)


def kept_input(connection: Connection, digest: str) -> Any:
    """What policy was asked, by the digest that the log holds; None when it is not kept."""
    query = select(policy_inputs.c.content).where(policy_inputs.c.digest == digest)
    content = connection.execute(query).scalar()
    return None if content is None else orjson.loads(content)
