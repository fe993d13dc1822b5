"""Code that lets strangers in, by language."""

from __future__ import annotations

from gatekeeper.assessment.analyzers.insecure_code import (
    c,
    csharp,
    go,
    input_flows,
    java,
    javascript,
    open_routes,
    php,
    python,
    ruby,
    unguarded_javascript,
    unguarded_python,
)

MODULES = (
    input_flows,
    javascript,
    unguarded_javascript,
    python,
    unguarded_python,
    php,
    go,
    java,
    ruby,
    csharp,
    c,
    open_routes,
)
