"""Identifiers of people in the text: card, bank, tax and health numbers that pass their own check, and phone numbers.

Owns which number is told by its form alone and which only beside the word for it. Numbers that issuers publish for
tests are nobody's. One pass of a cheap pattern goes first; only what it finds is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import phonenumbers
import stdnum.at.vnr
import stdnum.au.tfn
import stdnum.be.nn
import stdnum.br.cpf
import stdnum.ca.sin
import stdnum.ch.ssn
import stdnum.cn.ric
import stdnum.de.idnr
import stdnum.dk.cpr
import stdnum.es.dni
import stdnum.es.nie
import stdnum.fi.hetu
import stdnum.fr.nir
import stdnum.gb.nhs
import stdnum.iban
import stdnum.ie.pps
import stdnum.il.idnr
import stdnum.in_.aadhaar
import stdnum.in_.pan
import stdnum.it.codicefiscale
import stdnum.kr.rrn
import stdnum.luhn
import stdnum.mx.curp
import stdnum.nl.bsn
import stdnum.no.fodselsnummer
import stdnum.pl.pesel
import stdnum.se.personnummer
import stdnum.tr.tckimlik
import stdnum.us.ssn
import stdnum.za.idnr

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern


def _rule(name: str, title: str, examples: tuple[str, ...], lookalikes: tuple[str, ...]) -> Rule:
    return Rule(f"personal_data.{name}", Hazard.PERSONAL_DATA, title, 0.75, examples, lookalikes)


_CARD = _rule(
    "card_number",
    "A payment card's number",
    (
        "The customer paid with 4539 5787 63" + "62 1486 on Monday.",
        "```js\nconst card = '5425233430" + "109903';\n```",
    ),
    (
        "The test card 4242 4242 4242 4242 always works.",
        "Order 4539578763621487 is late.",
        "orderId: 4539578763621486",
        "trace 00-4539578763621486-01",
    ),
)
_BANK = _rule(
    "bank_account",
    "A person's bank account number",
    (
        "Refund to DE75 5121 0800 12" + "45 1261 99 today.",
        "```py\niban = 'FR7630006000011234" + "567890189'\n```",
    ),
    ("Refund to DE75 5121 0800 1245 1261 98 today.", "The module ID GB29AB12CD34EF56GH78 is new."),
)
_NATIONAL = _rule(
    "national_identifier",
    "A person's tax, health or social security number",
    (
        "Her social security number is 536-90-" + "4399.",
        "```sql\nINSERT INTO people VALUES ('RSSMRA85T10A56" + "2S');\n```",
        "Der Kunde hat die Steuer-ID 36 574 26" + "1 809.",
        "CPF do cliente: 390.533." + "447-05",
    ),
    (
        "The documented number is 078-05-1120.",
        "Call extension 536-90-43991 for help.",
        "Version 390.533.447-06 is out.",
        "The build took 36574261809 cycles.",
        "ssn: '123-45-6789'",
    ),
)
_PHONE = _rule(
    "phone_number",
    "A person's phone number",
    (
        "Call the customer at +49 1512 34" + "56789 tomorrow.",
        '```json\n{"name": "Mara", "phone": "+4479834' + '12907"}\n```',
    ),
    (
        "Call the customer at +1 202 555 0143 tomorrow.",
        "Our hotline is +49 30 901820.",
        "The offset is +4915123456789 rows.",
        "phone: '+44 7700 900123'",
    ),
)

RULES: tuple[Rule, ...] = (_CARD, _BANK, _NATIONAL, _PHONE)


@dataclass(frozen=True, slots=True)
class _Identifier:
    """One kind of number: its form, the issuer's check, and the words beside it that it needs, if it needs any."""

    rule: Rule
    form: Pattern
    holds: Callable[[str], bool]
    beside: Pattern | None


def _identifier(rule: Rule, form: str, holds: Callable[[str], bool], beside: str = "") -> _Identifier:
    """A blank in `form` is any few blanks and line ends."""
    words = compile_pattern(rf"(?i)(?:{beside})") if beside else None
    spaced = (
        form.replace("[ -]?", r"(?:-|\s{0,3})")
        .replace("[ .-]?", r"(?:[.-]|\s{0,3})")
        .replace(" ?", r"\s{0,3}")
    )
    return _Identifier(rule, compile_pattern(rf"(?:^|[^\w.-])({spaced})(?:[^\w-]|$)"), holds, words)


_ISSUERS = compile_pattern(
    r"^(?:4[0-9]{12}(?:[0-9]{3}){0,2}|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|"
    r"720)[0-9]{12}|3[47][0-9]{13}|"
    r"6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}|35(?:2[89]|[3-8][0-9])[0-9]{12}|3(?:0[0-5]|[689][0-9])[0-9]{11}|"
    r"62[0-9]{14})$"
)
# Numbers and ranges that card schemes and payment services publish for tests.
_TEST_CARDS = compile_pattern(
    r"^(?:4242|400000|411111|401288|400005|555555|545454|520082|510510|222300|222242|222100|378282|371449|"
    r"378734|601111|601100|"
    r"305693|385200|353011|356600|362272|655555|62000000|422222|450875|491182|400360|444433|675964|501971|"
    r"491730|448407)"
)


def _is_card(text: str) -> bool:
    digits = _digits(text)
    number = digits.encode("ascii")
    return (
        _ISSUERS.match(number) is not None
        and stdnum.luhn.is_valid(digits)
        and _TEST_CARDS.match(number) is None
        and len(set(digits)) > _LEAST_DIGITS
    )


def _is_ssn(text: str) -> bool:
    return bool(stdnum.us.ssn.is_valid(text)) and text not in _PUBLISHED_SSN


def _is_nino(text: str) -> bool:
    return text.replace(" ", "")[:2] not in ("BG", "GB", "NK", "KN", "TN", "NT", "ZZ", "QQ")


def _is_phone(text: str) -> bool:
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and _TEST_PHONES.search(_digits(text).encode("ascii")) is None


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


_LEAST_DIGITS = 3
_PUBLISHED_SSN = ("078-05-1120", "219-09-9999", "123-45-6789", "111-22-3333", "987-65-4321", "457-55-5462")
_TEST_PHONES = compile_pattern(
    r"^1[0-9]{3}55501[0-9]{2}$|^1[0-9]{3}5551212$|^150055500|^447700900|^44[0-9]{2,6}4960|^49(?:171|"
    r"1[57][0-9])?0*12345|0000000$|^1234|5555555"
)
_TAX = r"tax|steuer|tin\b|fiscal|insee|s.cu|\bnir\b|idnr|taxpayer"

_IDENTIFIERS = (
    _identifier(
        _CARD,
        r"[2-6][0-9]{3}([ -]?)[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}|3[0-9]{3}[ -]?[0-9]{6}[ -]?[0-9]{4,5}",
        _is_card,
    ),
    _identifier(_BANK, r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?", stdnum.iban.is_valid),
    _identifier(_NATIONAL, r"[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}", _is_ssn),
    _identifier(_NATIONAL, r"[0-8][0-9]{8}", _is_ssn, r"\bssn\b|social.security"),
    _identifier(
        _NATIONAL,
        r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        _is_nino,
        r"national.insurance|\bnino\b|\bni\b",
    ),
    _identifier(_NATIONAL, r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}", stdnum.gb.nhs.is_valid, r"\bnhs\b"),
    _identifier(_NATIONAL, r"[1-9][0-9]( ?)[0-9]{3} ?[0-9]{3} ?[0-9]{3}", stdnum.de.idnr.is_valid, _TAX),
    _identifier(
        _NATIONAL,
        r"[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]|[2-9][0-9]) ?[0-9AB]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
        stdnum.fr.nir.is_valid,
    ),
    _identifier(
        _NATIONAL,
        r"[0-9]{8}-?[A-HJ-NP-TV-Z]",
        stdnum.es.dni.is_valid,
        r"\bdni\b|\bnif\b|spain|\bnie\b|cliente|identi",
    ),
    _identifier(_NATIONAL, r"[XYZ]-?[0-9]{7}-?[A-HJ-NP-TV-Z]", stdnum.es.nie.is_valid),
    _identifier(
        _NATIONAL,
        r"[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",
        stdnum.it.codicefiscale.is_valid,
    ),
    _identifier(_NATIONAL, r"[0-9]{8,9}", stdnum.nl.bsn.is_valid, r"\bbsn\b|burgerservice|sofi"),
    _identifier(_NATIONAL, r"[0-9]{11}", stdnum.pl.pesel.is_valid, r"pesel"),
    _identifier(_NATIONAL, r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}", stdnum.br.cpf.is_valid),
    _identifier(_NATIONAL, r"[0-9]{11}", stdnum.br.cpf.is_valid, r"\bcpf\b"),
    _identifier(
        _NATIONAL,
        r"[2-9][0-9]{3}[ -]?[0-9]{4}[ -]?[0-9]{4}",
        stdnum.in_.aadhaar.is_valid,
        r"aadha?ar|uidai|\buid\b",
    ),
    _identifier(
        _NATIONAL,
        r"[A-Z]{3}[PCHFATBLJGK][A-Z][0-9]{4}[A-Z]",
        stdnum.in_.pan.is_valid,
        r"\bpan\b|income.tax|permanent.account",
    ),
    _identifier(_NATIONAL, r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]", stdnum.cn.ric.is_valid),
    _identifier(
        _NATIONAL,
        r"[1-79][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}",
        stdnum.ca.sin.is_valid,
        r"\bsin\b|social.insurance",
    ),
    _identifier(_NATIONAL, r"[0-9]{3} ?[0-9]{3} ?[0-9]{2,3}", stdnum.au.tfn.is_valid, r"\btfn\b|tax.file"),
    _identifier(
        _NATIONAL,
        r"(?:[0-9]{2})?[0-9]{6}[-+][0-9]{4}",
        stdnum.se.personnummer.is_valid,
        r"person|swed|identi|customer|kund",
    ),
    _identifier(
        _NATIONAL,
        r"[0-9]{6}[-+A-F][0-9]{3}[0-9A-Y]",
        stdnum.fi.hetu.is_valid,
        r"hetu|henkil|personal|identi|finn",
    ),
    _identifier(_NATIONAL, r"[0-9]{6}-?[0-9]{4}", stdnum.dk.cpr.is_valid, r"\bcpr\b|danish|personnummer"),
    _identifier(
        _NATIONAL, r"[0-9]{6} ?[0-9]{5}", stdnum.no.fodselsnummer.is_valid, r"f.dsels|norw|personnummer"
    ),
    _identifier(
        _NATIONAL,
        r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}[ -]?[0-9]{3}[. ]?[0-9]{2}",
        stdnum.be.nn.is_valid,
        r"rijksregister|national|belg|registre",
    ),
    _identifier(_NATIONAL, r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}", stdnum.ch.ssn.is_valid),
    _identifier(
        _NATIONAL, r"[0-9]{4} ?[0-9]{6}", stdnum.at.vnr.is_valid, r"sozialversicherung|\bsvnr\b|austri"
    ),
    _identifier(_NATIONAL, r"[0-9]{7}[A-W][A-IW]?", stdnum.ie.pps.is_valid, r"\bpps|ireland|irish"),
    _identifier(
        _NATIONAL, r"[0-9]{13}", stdnum.za.idnr.is_valid, r"south.africa|\brsa\b|\bid.n(?:umber|o)\b"
    ),
    _identifier(_NATIONAL, r"[0-9]{6}-[1-8][0-9]{6}", stdnum.kr.rrn.is_valid, r"\brrn\b|resident|korea"),
    _identifier(_NATIONAL, r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]", stdnum.mx.curp.is_valid),
    _identifier(_NATIONAL, r"[1-9][0-9]{10}", stdnum.tr.tckimlik.is_valid, r"kimlik|tckn|turk"),
    _identifier(_NATIONAL, r"[0-9]{9}", stdnum.il.idnr.is_valid, r"israel|teudat|\btz\b"),
    _identifier(
        _PHONE,
        r"\+[1-9][0-9]{0,2}[ .-]?(?:\(?[0-9]{1,5}\)?[ .-]?){2,6}",
        _is_phone,
        r"phone|mobile|\btel\b|\bcell|contact|call|customer|\bname\b|whatsapp|\bsms\b|texted|\buser|telefon|handy|kund",
    ),
)
_ANY = SIGNS.add(
    r"[0-9](?:(?:[.-]|\s{0,3})[0-9]){6}|[A-Z]{6}[0-9LMNP-V]{2}[A-Z]|[A-Z]{4,5}[0-9]{4,6}[A-Z]|"
    r"[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]\b"
)
_NUMBERED = compile_pattern(
    r"(?i)(?:\bid|_id|order|trace|span|snowflake|time|stamp|seed|sku|ean|isbn|track\w*|invoice|build|commit|"
    r"version|request|hash|offset)\w*[\"'`]?(?:\s+(?:number|no|is))?\s*[:=#]?\s*[\"'`]?$"
)
_FOR_TESTS = compile_pattern(
    r"(?i)\b(?:test|example|sample|dummy|fake|sandbox|documented|mock|placeholder|hotline|helpline|our office|"
    r"support line)\b"
)
_AROUND = 80
_SHOWN_CHARACTERS = 6


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the numbers in a proposal that identify people."""
    if not document.shows(_ANY):
        return
    seen: set[int] = set()
    for identifier in _IDENTIFIERS:
        if identifier.beside is not None and identifier.beside.search(document.reading) is None:
            continue
        matches = identifier.form.finditer(document.reading)
        yield from examine(document, matches, partial(_judged, document, identifier, seen))


def _judged(document: Document, identifier: _Identifier, seen: set[int], match: Match) -> Finding | None:
    start, end = match.span(1)
    if start in seen or not _names_a_person(document.reading, identifier, match):
        return None
    seen.add(start)
    return identifier.rule.finding(document, start, min(end, start + _SHOWN_CHARACTERS))


def _names_a_person(reading: bytes, identifier: _Identifier, match: Match) -> bool:
    start, end = match.span(1)
    before = reading[max(0, start - _AROUND) : start]
    around = before + reading[end : end + _AROUND // 2]
    if identifier.beside is not None and identifier.beside.search(around) is None:
        return False
    if _FOR_TESTS.search(around) is not None:
        return False
    if identifier.rule is _CARD and _NUMBERED.search(before) is not None:
        return False
    return identifier.holds(" ".join(match.group(1).decode("ascii").split()))
