"""C and C++ that write past their buffers or run what they are told.

Owns a few calls that are wrong whatever they are given. Refuses to follow lengths.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
        "c_unbounded_copy",
        "Writes without asking whether there is room, or lets the caller write the format or the command",
        0.7,
        language="c",
        pattern=r"(?m)(?:^|[^\w.>])(?:std::)?(?:gets\(\s*\w+\s*\)\s*;|(?:strcpy|strcat|stpcpy|"
        r"wcscpy)\(\s*\w+\s*,\s*[A-Za-z_]\w*\s*(?:\[\s*\w+\s*\])?\s*\)|"
        r"v?sprintf\(\s*\w+\s*,\s*\"[^\"\n]*%s|"
        r"(?:f|s)?scanf\(\s*(?:\w+\s*,\s*)?\"[^\"\n]*%s|(?:system|"
        r"popen)\(\s*[a-z_]\w*(?:\[\s*\w+\s*\])?\s*[,)]|"
        r"printf\(\s*[a-z_]\w*(?:\[\s*\w+\s*\])?\s*\)\s*;)",
        examples=(
            "char name[8];\ngets(name);",
            "strcpy(name, argv[1]);",
            "system(argv[1]);",
            "printf(text);",
            'scanf("%s", name);',
        ),
        lookalikes=(
            "fgets(name, sizeof name, stdin);",
            'strcpy(name, "anna");',
            'system("clear");',
            'printf("%s", text);',
            'snprintf(name, sizeof name, "%s", text);',
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("c",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's C lets strangers in."""
    yield from _SCANNER.scan(document)
