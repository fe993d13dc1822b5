"""The shape of bearer tokens: `gk_<id>_<secret>`. Only the digest of the secret is ever stored.

The secret has 256 random bits, so a plain SHA-256 resists guessing and keeps the check at microseconds.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"gk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})\Z")


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token. `id` finds its row, `secret` proves it."""

    id: str
    secret: str

    @classmethod
    def mint(cls, entropy: bytes) -> Token:
        """A token from 40 random bytes."""
        if len(entropy) != 40:
            raise ValueError("a token is minted from 40 random bytes")
        return cls(entropy[:8].hex(), base64.urlsafe_b64encode(entropy[8:]).rstrip(b"=").decode())

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """The token in `text`, or None when it has another shape."""
        match = _TOKEN.match(text)
        return cls(*match.groups()) if match else None

    @property
    def text(self) -> str:
        """What its holder keeps."""
        return f"gk_{self.id}_{self.secret}"

    @property
    def secret_digest(self) -> str:
        """What the database keeps."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def matches(self, secret_digest: str) -> bool:
        """Constant-time comparison with what the database keeps."""
        return hmac.compare_digest(self.secret_digest, secret_digest)
