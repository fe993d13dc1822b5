"""What protects the pages: cookie settings, CSRF token and origin of every form, and the security headers.

Only the pages use cookies. The HTTP interface never looks at them, and nothing here applies to it.

`Referrer-Policy` is `same-origin`, not `no-referrer`: under the latter browsers send `Origin: null` with our own forms,
and the origin could not be checked.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Flask, Request, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from gatekeeper.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
MAX_FORM_BYTES = 65_536


def protect(app: Flask, pages: Blueprint, settings: Settings) -> None:
    """Put every protection in force."""
    https = urlsplit(settings.public_url).scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME="__Host-gatekeeper" if https else "gatekeeper",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,  # the check of Origin below is stricter, and works behind a TLS proxy
        WTF_CSRF_TIME_LIMIT=None,  # a token is as good as its session: a proposal may be read for an hour
    )
    csrf = CSRFProtect(app)

    @pages.before_request
    def refuse_forged_forms() -> None:
        request.max_content_length = MAX_FORM_BYTES
        if request.method != "POST":
            return
        if not is_from_our_pages(request, settings.public_url):
            raise CSRFError("The form did not come from a page of this site.")
        csrf.protect()


def harden(response: Response) -> Response:
    """Add the security headers to a page; pages are never cached."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_from_our_pages(sent: Request, public_url: str) -> bool:
    """Whether the browser says that the form was on this site. A POST that says nothing did not come from a page."""
    if sent.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = sent.headers.get("Origin")
    if origin is None:
        return False
    return origin in (_origin(public_url), f"{sent.scheme}://{sent.host}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
