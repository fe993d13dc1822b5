"""The style sheet, the script and the mark: read once, served under addresses that change with their content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort

_FOLDER = Path(__file__).parent / "static"
_CSS_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_SPARE_SPACE = re.compile(rb"\s*([{};])\s*|(?<=[:,])\s+|\s+(?=\s)")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its media type and a digest of its content."""

    content: bytes
    media_type: str
    digest: str


def read_assets(folder: Path = _FOLDER) -> dict[str, Asset]:
    """Every known file of the folder by name."""
    return {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES}


def serve_assets(app: Flask, pages: Blueprint) -> None:
    """Add the addresses, and `asset_url(name)` for templates."""
    assets = read_assets()

    def asset(digest: str, name: str) -> Response:
        found = assets.get(name)
        if found is None or found.digest != digest:
            abort(404)
        response = Response(found.content, mimetype=found.media_type)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    pages.add_url_rule("/static/<digest>/<name>", "asset", asset, methods=["GET"])
    app.jinja_env.globals["asset_url"] = lambda name: f"/static/{assets[name].digest}/{name}"


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _SPARE_SPACE.sub(rb"\1", _CSS_COMMENT.sub(b"", content)).strip()
    return Asset(content, _TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16])
