"""Networks opened to the whole world: security groups, firewalls and network policies that let anybody in.

Owns what counts as the whole world, as the way in, and as a port that is public by nature.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.declarations import blocks_around, line_around, remarks, running_lines
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import is_within
from gatekeeper.assessment.text.reading import Match, compile_pattern

_OPEN_NETWORK = Rule(
    id="cloud.open_network",
    hazard=Hazard.INSECURE_CODE,
    title="Lets the whole world in through a port that is not public by nature",
    confidence=0.8,
    examples=(
        fenced(
            "hcl",
            'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 22\n    to_port = 22\n'
            '    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}',
        ),
        fenced(
            "hcl",
            'resource "azurerm_network_security_rule" "r" {\n  direction = "Inbound"\n  access = "Allow"\n'
            '  destination_port_range = "3389"\n  source_address_prefix = "*"\n}',
        ),
        "```yaml\nSecurityGroupIngress:\n  - IpProtocol: tcp\n    FromPort: 5432\n    ToPort: 5432\n"
        "    CidrIp: 0.0.0.0/0\n```",
        "```sh\naws ec2 authorize-security-group-ingress --group-id sg-1 --port 22 --cidr 0.0.0.0/0\n```",
        "Open port 22 of the security group to 0.0.0.0/0.",
    ),
    lookalikes=(
        fenced(
            "hcl",
            'resource "aws_security_group" "a" {\n  ingress {\n    from_port = 443\n    to_port = 443\n'
            '    cidr_blocks = ["0.0.0.0/0"]\n  }\n  egress {\n    from_port = 0\n    to_port = 0\n'
            '    protocol = "-1"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n}',
        ),
        fenced(
            "hcl",
            'resource "azurerm_network_security_rule" "r" {\n  direction = "Inbound"\n  access = "Deny"\n'
            '  destination_port_range = "3389"\n  source_address_prefix = "*"\n}',
        ),
        fenced(
            "hcl",
            'resource "aws_route" "out" {\n  destination_cidr_block = "0.0.0.0/0"\n  nat_gateway_id = "n"\n}',
        ),
        "```yaml\negress:\n- to:\n  - ipBlock: {cidr: 0.0.0.0/0}\n  ports: [{port: 5432}]\n```",
        "```sh\naws ec2 revoke-security-group-ingress --group-id sg-1 --port 22 --cidr 0.0.0.0/0\n```",
        "Port 22 of the security group must not be open to 0.0.0.0/0.",
        "```js\napp.listen(3000, '0.0.0.0');\n```",
    ),
)

RULES: tuple[Rule, ...] = (_OPEN_NETWORK,)

_WORLD_FORMS = (
    r"(?i)\b\d{1,3}(?:\.\d{1,3}){3}/0\b|::/0\b|"
    r"source[_-]?address[_-]?prefix(?:es)?[\"']?\s*[:= ]\s*\[?\s*[\"'](?:\*|internet|"
    r"any)[\"']"
    r"|\bany_?ipv[46]\(\)"
)
_WORLD, _MENTIONS = compile_pattern(_WORLD_FORMS), SIGNS.add(_WORLD_FORMS)
_MOST_PLACES = 128
_WAY_OUT = compile_pattern(
    r"(?i)egress[\"']?\s*[:=]\s*[\"']?true|(?:type|direction)[\"']?\s*[:=]\s*[\"']?(?:egress|outbound)"
    r"|access[\"']?\s*[:=]\s*[\"']?deny|rule_?action[\"']?\s*[:=]\s*[\"']?deny|destination_(?:cidr|ranges)"
    r"|\b(?:revoke-|describe-|delete\b|deny\b)|(?:route_table|gateway|nat_gateway)_id|--access deny"
)
_OUTWARDS = compile_pattern(
    r"(?i)egress|outbound|\broutes?\b|^-? *to:|\bexcept|aws_route|destination_|deny|filter"
)
_WAY_IN = compile_pattern(
    r"(?i)ingress|inbound|source_?ranges|security[_-]?group|firewall|nsg|network_?acl|authorized[_-]?networks|"
    r"public_access_cidrs"
    r"|whitelist-source|from_?port|^-? *from:|ec2_group|\bport\b"
)
_PORTS = compile_pattern(
    r"(?i)(?:\b|_|from|to|target|node)ports?(?:_?ranges?|-ranges?)?[\"']?(?:\s*[:=]\s*|\s+)(\[[^\]]*\]|"
    r"[\"']?-?[\w-]+)|\bport\.tcp\((\d+)\)"
)
_NUMBER = compile_pattern(r"\d+")
_NOT_NUMBERED = compile_pattern(r"(?i)\b(?:var|local|each|module|data|self)\.|\$\{|\{\{|!ref|\bicmp")
_EVERYTHING = compile_pattern(
    r"(?i)protocol[\"']?\s*[:=]\s*[\"']?(?:-1|all|\*)|cidr|source|whitelist|network"
)
_PUBLIC_BY_NATURE = frozenset({b"80", b"443", b"8080", b"8443"})
_UNDONE = compile_pattern(
    r"(?i)\b(?:remov|restrict|clos|revok|delet|limit|replac|was |were |no longer|check)\w*"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the places where the whole world is let in."""
    if not document.shows(_MENTIONS):
        return
    text, remarked = running_lines(document), remarks(document)

    def judge(place: Match) -> Finding | None:
        if is_within(remarked, place.start()) or not _lets_in(document, text, *place.span()):
            return None
        return _OPEN_NETWORK.finding(document, *place.span())

    yield from examine(document, _WORLD.finditer(document.running), judge, most=_MOST_PLACES)


def _lets_in(document: Document, text: bytes, start: int, end: int) -> bool:
    blocks = blocks_around(text, start)
    line = line_around(text if blocks else document.running, start, end)
    if not document.runs_at(start) and (is_denied(text, start, end) or _UNDONE.search(line)):
        return False
    record = next(
        (text[each.start : each.end] for each in blocks if _PORTS.search(text, each.start, each.end)), line
    )
    headers = [line, *(each.header for each in blocks[:4])]
    if _WAY_OUT.search(record) or any(_OUTWARDS.search(header.strip()) for header in headers):
        return False
    resource = blocks[-1].header if blocks else b""
    if not any(_WAY_IN.search(part) for part in (record, resource, *headers)):
        return False
    return _is_private(record)


def _is_private(record: bytes) -> bool:
    """Tell whether the ports of a record of a firewall are known and not all public by nature."""
    if _NOT_NUMBERED.search(record):
        return False
    ports = [
        number.group()
        for each in _PORTS.finditer(record)
        for group in (1, 2)
        if each.start(group) >= 0
        for number in _NUMBER.finditer(each.group(group))
    ]
    if not ports:
        return _EVERYTHING.search(record) is not None
    return not _PUBLIC_BY_NATURE.issuperset(ports)
