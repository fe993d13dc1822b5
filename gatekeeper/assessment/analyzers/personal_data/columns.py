"""Columns and fields that keep personal data as plain values: in SQL and in the models of the field's frameworks.

Owns how a stored field is written in each of them, and which names mean a person's data. Refuses fields that only pass
through: what a request or a form holds is no store.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Where, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern

_SQL_TYPE = (
    r"(?:VARCHAR2?|NVARCHAR|CITEXT|TEXT|CHAR|CHARACTER|STRING|INTEGER|INT|BIGINT|NUMERIC|DATE|INET|ENUM)\b"
)
_JS_TYPE = (
    r"(?:String|Number|Date|(?i:Sequelize|DataTypes?)\.\w+|(?:mongoose\.)?Schema\.Types\.\w+|(?:text|"
    r"varchar|char|date|inet)\()"
)
_DJANGO = r"models\.(?:Char|Email|Text|Date|DateTime|GenericIPAddress|Integer|PhoneNumber)\w*Field\("
_COLUMN = r"(?:\w{1,12}\.)?(?:Column|mapped_column)\("


def _stored(names: str) -> str:
    """Return the pattern for a field of one of these names, as SQL and the usual frameworks declare it."""
    return (
        rf"(?i:\b(?:{names})[\"`\]]?\s+(?:@\w+\([^)\n]{{0,60}}\)\s+)?{_SQL_TYPE})"
        rf"|(?i:\b(?:{names}))[\"']?\s*:\s*(?:\{{[^{{}}]{{0,120}}?\btype\s*:\s*)?{_JS_TYPE}"
        rf"|(?i:\b(?:{names}))\s*(?::\s*[\w.\[\], |\"]{{1,40}})?\s*=\s*(?:{_DJANGO}|{_COLUMN})"
        rf"|\bt(?:able)?\.(?:string|text|date|inet|varchar|char|citext)\b\(?\s*[:\"'](?i:{names})\b"
        rf"|\bSchema\(\s*\{{\s*(?:\w+,\s*){{0,8}}(?i:{names})\s*[,}}]"
        rf"|\bfield\s+:(?i:{names}),\s*:string"
        rf"|\badd_column\s+:\w+,\s*:(?i:{names}),"
        rf"|@(?:Column|Field|Property|Prop)\([^)]{{0,120}}\)\s*(?:public |private |readonly )?(?:String |"
        rf"string )?(?i:{names})\s*[!?]?(?::\s*(?:string|Date)|;)"
        rf"|(?i:\b(?:{names}))\s+\*?(?:string|sql\.NullString|time\.Time)\s+`[^`]*(?:gorm|db|bson|bun):"
    )


_CONTACT = (
    r"(?:user|customer|contact|client|lead|billing|primary|work|guest|owner|employee|patient|member|subscriber)?_?"
    r"(?:e_?mail(?:_?addr(?:ess)?)?|phone(?:_?(?:number|num|no))?|mobile(?:_?(?:number|phone|no))?|telephone|"
    r"whats_?app|home_?address|"
    r"street(?:_?address)?|(?:postal|shipping|billing|delivery|mailing)_?address|address_?line_?[12]|"
    r"date_?of_?birth|birth_?dat?e|birth_?day|dob)"
)
_IDENTIFIER = (
    r"ssn|social_?security(?:_?(?:number|no))?|passport(?:_?(?:number|no))?|"
    r"driver_?s?_?licen[cs]e(?:_?(?:number|no))?|credit_?card(?:_?number)?|"
    r"card_?number|cc_?number|cvv|cvc|iban|bank_?account(?:_?(?:number|no))?|national_?id(?:_?number)?|tax_?id|"
    r"nino|aadhaar(?:_?number)?|"
    r"diagnosis|medical_?(?:history|record|notes)|blood_?type|ethnicity|religion|sexual_?orientation|"
    r"biometric\w*|fingerprint_?template|health_?insurance_?number"
)
_CHOSEN = r"(?:user_?|plain_?|admin_?|login_?)?pass(?:word|wd)|plain_?text_?password"


def _rule(
    name: str,
    title: str,
    confidence: float,
    names: str,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
) -> PatternRule:
    return PatternRule(
        f"personal_data.{name}",
        Hazard.PERSONAL_DATA,
        title,
        confidence,
        examples,
        lookalikes,
        _stored(names),
        Where.CODE,
    )


_PLAIN_PASSWORD = _rule(
    "plain_password",
    "Stores passwords as plain text",
    0.75,
    _CHOSEN,
    (
        "```sql\nCREATE TABLE logins (id int, password VARCHAR(255) NOT NULL);\n```",
        "```js\nconst schema = new Schema({ password: String });\n```",
        "```prisma\nmodel Login {\n  id Int @id\n  password String\n}\n```",
        "```py\nclass Login(Base):\n    password = Column(String(80))\n```",
        "```ts\n@Entity()\nclass Login {\n  @Column() password: string;\n}\n```",
        "```js\nconst login = new mongoose.Schema({ email, password });\n```",
        "```ruby\ncreate_table :logins do |t|\n  t.string :password\nend\n```",
    ),
    (
        "```sql\nCREATE TABLE logins (id int, password_hash VARCHAR(255) NOT NULL);\n```",
        "```sql\n-- password VARCHAR(255)\nSELECT 1;\n```",
        "```js\nschema.pre('save', async function () { this.password = await bcrypt.hash(this.password, 12); });\n"
        "const schema = new Schema({ password: String });\n```",
        "```ts\ninterface LoginForm { password: string; }\n```",
        "```py\nclass LoginIn(BaseModel):\n    password: str\n```",
    ),
)
_PLAIN_IDENTIFIER = _rule(
    "plain_identifier",
    "Stores identity, card or health data as plain text",
    0.8,
    _IDENTIFIER,
    (
        "```sql\nCREATE TABLE people (id int, ssn VARCHAR(11), card_number TEXT);\n```",
        "```js\nconst patient = new Schema({ diagnosis: { required: true, type: String } });\n```",
        "```py\nclass Person(models.Model):\n    passport_number = models.CharField(max_length=20)\n```",
    ),
    (
        "```sql\nCREATE TABLE people (id int, ssn_encrypted BYTEA);\n```",
        "The ssn is never stored.",
        "```sql\nCREATE TABLE people (id int, ssn TEXT ENCRYPTED WITH (column_encryption_key = k));\n```",
        "```py\nssn = Column(EncryptedType(String, key))\n```",
    ),
)
_PLAIN_CONTACT = _rule(
    "plain_contact",
    "Stores e-mail addresses, phone numbers or addresses of people as plain text",
    0.5,
    _CONTACT,
    (
        "```sql\nCREATE TABLE leads (id int, email VARCHAR(255));\n```",
        "```js\nconst customer = sequelize.define('Customer', { email: { type: DataTypes.STRING(100) } });\n```",
        "```prisma\nmodel Customer {\n  id Int @id\n  email String @unique\n}\n```",
        "```py\nclass Lead(db.Model):\n    phone = db.Column(db.String(40))\n```",
        "```js\nknex.schema.createTable('leads', (table) => { table.string('email'); });\n```",
        '```go\ntype Lead struct {\n\tEmail string `gorm:"uniqueIndex"`\n}\n```',
    ),
    (
        "```sql\nCREATE TABLE leads (id int, email_digest BYTEA);\n```",
        "Send an e-mail to the team.",
        "```js\nconst email = req.body.email;\n```",
        "```ts\ninterface Props { email: string; onChange: (phone: string) => void; }\n```",
        "```sql\nCREATE TABLE leads (id int, email TEXT /* stored encrypted */, email_text_template int);\n```",
        "```graphql\ntype Query { user(email: String!): User }\n```",
    ),
)

_RULES = (_PLAIN_PASSWORD, _PLAIN_IDENTIFIER, _PLAIN_CONTACT)
RULES: tuple[Rule, ...] = _RULES
_PATTERNS = tuple((rule, compile_pattern(rule.pattern)) for rule in _RULES)
_ANY = SIGNS.add(rf"(?i)\b(?:{_CONTACT}|{_IDENTIFIER}|{_CHOSEN})\b")
_HASHES = compile_pattern(
    r"(?i)\b(?:bcrypt\w*|argon2\w*|scrypt|pbkdf2\w*|has_secure_password|hash_?password|generate_password_hash|"
    r"make_password|set_password|"
    r"AbstractUser|AbstractBaseUser|password_hash\(|pwd_context|devise)\b"
)
_PROTECTED = compile_pattern(r"(?i)encrypt|\bhash|cipher|pgp_sym|tokeni[sz]ed|masked|\bvault\b")
_DECLARED = compile_pattern(
    r"Schema|mongoose|(?i:sequelize|datatypes)|\.define\(|pgTable|mysqlTable|sqliteTable|drizzle|typeorm|"
    r"@Entity|\bmodel\b|\.init\(|create_?[tT]able|add_column|\bfield |\bmapped_column\b|\bColumn\b|\bmodels\."
)
_ROUTINE = compile_pattern(r"(?i)\b(?:function|procedure|declare|returns|fn|def|func|fun)\b[^;\n]*$")
_SIGNED = compile_pattern(r"[=.:@`]")
_TABLE = compile_pattern(r"(?i)\b(?:create\s+table|alter\s+table)\b[^;]*$|\bmodel\s+\w+\s*\{[^}]*$")
_REACH = 100
_TABLE_REACH = 600
_BEFORE = 160


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the fields in which a proposal keeps personal data unprotected."""
    if not document.shows(_ANY):
        return
    running = document.running
    hashes = _HASHES.search(running) is not None
    declares = _DECLARED.search(running) is not None
    for rule, pattern in _PATTERNS:
        if rule is _PLAIN_PASSWORD and hashes:
            continue
        yield from examine(document, pattern.finditer(running), partial(_judged, document, rule, declares))


def _judged(document: Document, rule: Rule, declares: bool, match: Match) -> Finding | None:
    kept_plain = _is_kept_plain(document, match, declares)
    return rule.finding(document, *match.span()) if kept_plain else None


def _is_kept_plain(document: Document, match: Match, declares: bool) -> bool:
    """`declares` tells whether the document declares models at all; without them `email: String` is only a type."""
    start, end = match.span()
    if not (document.runs_at(start) or _is_declared_in_words(document, start, end)):
        return False
    running = document.running
    line = running[max(0, running.rfind(b"\n", 0, start) + 1, start - _BEFORE) : start]
    if _ROUTINE.search(line) is not None or running[end : end + 1] == b"!":
        return False
    if b":" in running[start:end] and not declares:
        return False
    stops = (document.reading.find(sign, end, end + _REACH) for sign in (b"\n", b","))
    stop = min((at for at in stops if at >= 0), default=end + _REACH)
    return _PROTECTED.search(document.reading[start:stop]) is None


def _is_declared_in_words(document: Document, start: int, end: int) -> bool:
    """Tell whether a field stands in a snippet that no fence marks: then only its form tells it from talk."""
    if not document.is_prose_at(start):
        return False
    if _SIGNED.search(document.running[start:end]) is not None:
        return True
    return _TABLE.search(document.running[max(0, start - _TABLE_REACH) : start]) is not None
