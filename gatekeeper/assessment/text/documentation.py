"""Documentation: whether code and commands stand in a text only to be read.

Owns this question for documents that are written as files and for texts that are manuals, tutorials or references
themselves. Refuses doubt: a text that also plans something is no manual, what it holds may be run.
"""

from __future__ import annotations

from gatekeeper.assessment.text.artifacts import Artifact
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

_DOCUMENT_FILE = compile_pattern(r"(?i)\.(?:md|mdx|markdown|rst|adoc)$|(?:^|/)docs?/[^\n]*\.txt$")
# documents that coding agents and repositories act on
_FOLLOWED = compile_pattern(
    r"(?i)(?:^|/)(?:agents|claude|gemini|copilot-instructions|skill)\.md$|^\.(?:github|cursor|claude)/"
)
# how manuals speak, and almost nothing else
_MANUAL = tuple(
    compile_phrase(sign)
    for sign in (
        r"(?im)^(?:#{1,6} |\*\*)?(?:synopsis|syntax|usage|options|parameters|arguments|return values?"
        r"|exercises?)\b[^\n]{0,30}$",
        r"(?i)\b(?:tutorial|beginners?|exercise|you (?:will|can) learn|this (?:chapter|section|page|guide"
        r"|manual|document|"
        r"reference) (?:describes?|explains?|shows?|covers?|lists?))\b",
        r"(?i)\b(?:do not copy|hardly ever|returns an error|raises an? (?:error|exception))\b",
    )
)
# how manuals speak, and other texts too
_PERHAPS = tuple(
    compile_phrase(sign)
    for sign in (
        r"(?im)^(?:#{1,6} |\*\*)?(?:examples?|see also|compatibility|installation|quick ?start|getting started"
        r"|api reference|"
        r"contributing|licen[cs]e)\b[^\n]{0,30}$",
        r"(?i)\bfor (?:example|instance)\b|\bthe following (?:example|query|command|statement)s? (?:shows?"
        r"|creates?|returns?|"
        r"removes?|lists?|is)\b",
        r"(?im)\b(?:npm install|pip install|go get|cargo add|gem install)\b|^\.\. (?:code-block|note|warning"
        r"|versionadded|"
        r"versionchanged)::",
    )
)
_PLANS = compile_phrase(
    r"(?i)\b(?:rollout|maintenance window|(?:migration|deployment) plan|cut-?over|change request|proposal|"
    r"we (?:will|shall|propose|plan)\b|we.ll\b|let us\b|let.s\b|i (?:will|propose)\b|this (?:change"
    r"|migration)\b|tonight\b|"
    r"please (?:run|execute|apply)|(?:run|execute|apply) (?:this|it|these|the following) (?:on|in"
    r"|against) (?:prod|the live)|"
    r"on production\b|the (?:agent|automation) (?:will|should|must)|self_improvement|implement_idea)"
)


def is_document_file(artifact: Artifact) -> bool:
    """Tell whether an artifact is a file of words that no program and no agent follows."""
    path = artifact.path.encode("ascii")
    return _DOCUMENT_FILE.search(path) is not None and _FOLLOWED.search(path) is None


def reads_as_manual(document: Document) -> bool:
    """Tell whether a text that gives no file is a manual: it shows two signs of one, a sure one first, and no plan."""
    reading = document.reading
    if not document.whole or document.writes_files or _PLANS.search(reading) is not None:
        return False
    sure = sum(sign.search(reading) is not None for sign in _MANUAL)
    return sure > 1 or (sure == 1 and any(sign.search(reading) is not None for sign in _PERHAPS))
