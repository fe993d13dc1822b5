"""Every form of token that issuers give out today, by the kind of issuer."""

from __future__ import annotations

from gatekeeper.assessment.secrets.token_format import TokenRule
from gatekeeper.assessment.secrets.token_formats import clouds, code_hosts, messages, money, operations, work

FAMILIES: tuple[tuple[TokenRule, ...], ...] = (
    clouds.FORMATS,
    code_hosts.FORMATS,
    money.FORMATS,
    messages.FORMATS,
    operations.FORMATS,
    work.FORMATS,
)
