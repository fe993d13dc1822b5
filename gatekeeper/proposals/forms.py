"""Which form a report comes in, by media type or file name, and the one call that reads either."""

from __future__ import annotations

from pathlib import PurePath

from gatekeeper.errors import UnsupportedFormError
from gatekeeper.proposals.json_form import DEFAULT_LIMIT_BYTES, parse_json
from gatekeeper.proposals.markdown_form import parse_markdown
from gatekeeper.proposals.report import Report

JSON, MARKDOWN = "application/json", "text/markdown"
_BY_SUFFIX = {".json": JSON, ".md": MARKDOWN, ".markdown": MARKDOWN}


def parse_report(raw: bytes, media_type: str, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> Report:
    """The report in `raw`. Raises UnsupportedFormError for another media type, InvalidInputError for no report."""
    form, *parameters = (part.strip().lower() for part in media_type.split(";"))
    charsets = [parameter for parameter in parameters if parameter.startswith("charset=")]
    if any(
        charset.removeprefix("charset=").strip('"') not in ("utf-8", "utf8", "us-ascii")
        for charset in charsets
    ):
        raise UnsupportedFormError("Reports are read as UTF-8 only.")
    if form == JSON:
        return parse_json(raw, limit_bytes=limit_bytes)
    if form == MARKDOWN:
        return parse_markdown(raw, limit_bytes=limit_bytes).report
    raise UnsupportedFormError(f"Reports are read as {JSON} or {MARKDOWN}, not {form[:64] or 'nothing'}.")


def form_of_path(path: PurePath | str) -> str:
    """The media type that a file's ending names; raises UnsupportedFormError."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in _BY_SUFFIX:
        raise UnsupportedFormError(f"Reports are .json or .md files, not {suffix or 'without an ending'}.")
    return _BY_SUFFIX[suffix]
