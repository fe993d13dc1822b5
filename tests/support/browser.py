"""A real Chromium, driven by Playwright, on a desktop and on a phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.workspace import require_service

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of the session."""
    binary = shutil.which("chromium")
    require_service("Chromium", binary is not None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[BrowserContext]:
    """A desktop-sized window of its own."""
    context = chromium.new_context(viewport=DESKTOP)
    yield context
    context.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone-sized window of its own."""
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    yield context
    context.close()


@pytest.fixture
def page(desktop: BrowserContext) -> Page:
    """A page on the desktop."""
    return desktop.new_page()
