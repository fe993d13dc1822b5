#!/bin/sh
# Format and strict check of the policies, where OPA is installed.
set -eu
if ! command -v opa >/dev/null; then
    if [ "${REQUIRE_SERVICES:-}" = 1 ]; then
        echo "OPA is required here and is not installed." >&2
        exit 1
    fi
    echo "Policies are not checked: OPA is not installed."
    exit 0
fi
unformatted=$(opa fmt --list policies)
if [ -n "$unformatted" ]; then
    echo "Not formatted (opa fmt --write policies):" "$unformatted" >&2
    exit 1
fi
opa check --strict policies
