"""Somebody with a browser that runs no script: keeps cookies, follows links, sends the forms of the page in view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ORIGIN = "http://localhost"


class _Page(HTMLParser):
    """The hidden fields of each form by its action, and the text without markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, dict[str, str]] = {}
        self.words: list[str] = []
        self._action: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given.get("action", "")
            self.hidden.setdefault(self._action, {})
        if tag == "input" and given.get("type") == "hidden" and self._action is not None:
            self.hidden[self._action][given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._action = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@dataclass
class Visitor:
    """One browser session. `page` is the last answer that was shown."""

    client: FlaskClient
    page: TestResponse = field(init=False)

    @classmethod
    def of(cls, flask: Flask) -> Visitor:
        """A visitor who has not signed in."""
        return cls(flask.test_client())

    @property
    def text(self) -> str:
        """What the page says, with white space collapsed."""
        return " ".join(" ".join(_Page(self.page.text).words).split())

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form with this action."""
        return _Page(self.page.text).hidden[action]

    def open(self, path: str) -> Visitor:
        """Go to a page, following redirects."""
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def send(self, action: str, headers: Mapping[str, str] | None = None, **fields: str) -> Visitor:
        """Send the form with this action from the page in view, following redirects."""
        filled = self.hidden(action) | fields
        sent = {"Origin": ORIGIN} if headers is None else dict(headers)
        self.page = self.client.post(action, data=filled, headers=sent, follow_redirects=True)
        return self

    def sign_in(self, token: str) -> Visitor:
        """Sign in with a token."""
        return self.open("/sign-in").send("/sign-in", token=token)
