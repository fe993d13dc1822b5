"""Write gatekeeper/assessment/text/confusables.py from the data of the `confusable-homoglyphs` package (Unicode TR 39).

Usage: pip install confusable-homoglyphs; python scripts/make-confusables.py > gatekeeper/assessment/text/confusables.py
"""

from __future__ import annotations

import json
import unicodedata
from importlib import resources


def lookalikes() -> dict[str, list[str]]:
    """Return for each ASCII letter or digit the characters that look like it and have no plain form of their own."""
    data = json.loads((resources.files("confusable_homoglyphs") / "confusables.json").read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for character, others in data.items():
        if (
            len(character) != 1
            or unicodedata.normalize("NFKC", character) != character
            or character.isascii()
        ):
            continue
        for other in others:
            plain = other["c"]
            if len(plain) == 1 and plain.isascii() and plain.isalnum():
                found.setdefault(plain, set()).add(character)
    for plain, characters in tuple(found.items()):
        if not plain.isupper():
            continue
        taken = {character for each in found.values() for character in each}
        small = {character.lower() for character in characters if len(character.lower()) == 1} - taken
        found.setdefault(plain.lower(), set()).update(each for each in small if not each.isascii())
    return {plain: sorted(characters) for plain, characters in sorted(found.items())}


def main() -> None:
    """Print the module."""
    print(
        '"""Characters that look like an ASCII letter or digit. Written by scripts/make-confusables.py; do not edit.'
    )
    print()
    print("Source: Unicode Technical Standard 39, confusables.txt (Unicode License v3).")
    print('"""')
    print()
    print("LOOKALIKES: dict[str, str] = {")
    for plain, characters in lookalikes().items():
        print(f'    "{plain}": (')
        escaped = [each.encode("unicode_escape").decode() for each in characters]
        line = ""
        for each in escaped:
            if len(line) + len(each) > 96:
                print(f'        "{line}"')
                line = ""
            line += each
        print(f'        "{line}"\n    ),')
    print("}")


main()
