"""Where personal data goes: into logs, files, addresses, browsers, analytics, models and other people's hands.

Owns the sinks and the plain words for the same. What is masked, hashed or agreed to is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code.call_arguments import EXAMINED_CALLS, argument_end, is_made, used_names
from gatekeeper.assessment.prefilter import RULE_PATTERNS
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where, examine
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern


def _flow(name: str, title: str, examples: tuple[str, ...], lookalikes: tuple[str, ...]) -> Rule:
    return Rule(f"personal_data.{name}", Hazard.PERSONAL_DATA, title, 0.65, examples, lookalikes)


_LOGGED = _flow(
    "logged",
    "Logs or prints personal data",
    (
        "```js\nconsole.log('new customer', customer);\n```",
        "```js\nlogger.info({ email: user.email }, 'signed up');\n```",
        "```py\nprint(f'order for {customer.phone_number}')\n```",
        "```js\nlogger.debug('signup', req.body);\n```",
    ),
    (
        "```js\nlogger.info({ userId: user.id }, 'signed up');\n```",
        "```js\nconsole.log('email sent');\n```",
        "```js\nlogger.info('signup', maskEmail(user.email));\n```",
        "```js\nconsole.log(`${users.length} users, ${emailCount} mails`);\n```",
    ),
)
_WRITTEN = _flow(
    "written_to_file",
    "Writes what people say or do into a plain file or the browser's store",
    (
        "```js\nfs.appendFileSync('logs/chats.json', JSON.stringify(message));\n```",
        "```js\nlocalStorage.setItem('profile', JSON.stringify(user));\n```",
        "```py\nwith open('customers.csv', 'a') as f:\n    f.write(customer.email)\n```",
    ),
    (
        "```js\nfs.writeFileSync('dist/index.html', html);\n```",
        "```js\nlocalStorage.setItem('theme', theme);\n```",
        "```js\nfs.writeFileSync('users.json', encrypt(users));\n```",
    ),
)
_TOLD_OTHERS = _flow(
    "sent_to_others",
    "Sends personal data to analytics, a model or another company",
    (
        "```js\nmixpanel.people.set({ $email: user.email, phone: user.phone });\n```",
        "```js\nconst a = await openai.chat.completions.create({ messages: [{ role: 'user', content: `Score "
        "${customer.email}` }] });\n```",
        "```js\naxios.post('https://partner.io/leads', { email: lead.email, name: lead.name });\n```",
        "```py\nrequests.post('http://crm.internal/sync', json={'email': user.email})\n```",
        "```js\nfetch('https://api.model.io/v1/ask', { method: 'POST', body: JSON.stringify({ prompt: `Suggest for "
        "${customerProfile}` }) });\n```",
    ),
    (
        "```js\nmixpanel.track('Signed up', { plan: user.plan });\n```",
        "```js\nawait openai.chat.completions.create({ messages: [{ role: 'user', content: prompt }] });\n```",
        "```js\naxios.post('https://partner.io/leads', { email: sha256(lead.email) });\n```",
        "```js\nfetch('/api/me', { method: 'POST', body: JSON.stringify({ email: user.email }) });\n```",
    ),
)
_TO_PROTECT = (
    r"(?:passwords?|social security numbers?|ssns?|card numbers?|credit cards?|cvvs?|cvcs?|passport numbers?"
    r"|tax ids?|bank account numbers?|health records?)"
)
_PLAINLY = (
    r"(?:in (?:plain|clear) ?text|in the clear|un-?encrypted|unhashed|without (?:hashing"
    r"|encryption)|as they are typed|as typed|readably)\b"
)
_ABOUT_PEOPLE = (
    r"(?:(?:customer|user|member|subscriber|patient|employee|visitor|guest)(?:'s|s'|s)? (?:[a-z]+ )?"
    r"(?:e-?mail address(?:es)?|e-?mails|phone numbers?|home address(?:es)?|addresses|purchase histor(?:y|ies)"
    r"|order histor(?:y|ies)|birthdays|dates of birth|location data|contact data))"
)
_PATTERN_RULES = (
    PatternRule(
        id="personal_data.in_address",
        hazard=Hazard.PERSONAL_DATA,
        title="Puts personal data into an address",
        confidence=0.65,
        examples=(
            "```js\nfetch(`https://api.shop.io/check?email=${user.email}&phone=${user.phone}`);\n```",
            "```py\nredirect(f'/welcome?email={email}')\n```",
        ),
        lookalikes=(
            "```js\nfetch(`/api/items?page=${page}&name=${productSlug}`);\n```",
            "```js\nfetch(`/api/check?email=${encodeHash(email)}`);\n```",
        ),
        pattern=r"(?i)[?&](?:e_?mail|phone|mobile|ssn|dob|birth_?date|card(?:_?number)?|first_?name|last_?name)="
        r"(?:\$\{(?:encodeURIComponent\()?|\{|[\"']\s*\+\s*(?:encodeURIComponent\()?)(?:\w{1,20}\.){0,3}"
        r"(?:e_?mail|phone|mobile|ssn|dob|birth_?date|card|first_?name|last_?name)\w{0,10}[\s})\"';,]",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="personal_data.exported",
        hazard=Hazard.PERSONAL_DATA,
        title="Copies people's rows out of the database",
        confidence=0.7,
        examples=(
            "```sql\nCOPY customers TO '/tmp/customers.csv' CSV HEADER;\n```",
            "```sql\nSELECT email, phone FROM users INTO OUTFILE '/tmp/u.csv';\n```",
        ),
        lookalikes=(
            "```sql\nCOPY products TO '/tmp/products.csv' CSV HEADER;\n```",
            "```sql\nCOPY customers FROM '/tmp/customers.csv' CSV HEADER;\n```",
        ),
        pattern=r"(?i)\\?\bcopy (?:(?:\w+\.)?\"?(?:users?|customers?|clients?|patients?|employees?|leads?|"
        r"contacts?|subscribers?|members?|people|accounts|profiles)\"?\b|"
        r"\( ?select [^;]{0,200}?\b(?:e_?mail|phone|ssn|address|\* from (?:users|"
        r"customers))\b)[^;]{0,200}?\bto (?:'|stdout|program)|"
        r"\bselect [^;]{0,200}?\b(?:e_?mail|phone|ssn|\* from (?:users|customers))\b[^;]{0,200}? into (?:out|dump)file",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="personal_data.given_away",
        hazard=Hazard.PERSONAL_DATA,
        title="Keeps readable what must not be, or hands people's data to others",
        confidence=0.75,
        examples=(
            "Store the social security numbers of our members in plain text.",
            "Passwords will from now on be stored as they are typed.",
            "Export all customer e-mail addresses to a public sheet for the agency.",
            "We share each member's purchase history and home address with advertising partners.",
        ),
        lookalikes=(
            "Passwords are never stored in plain text.",
            "Export the list of products to a public page.",
            "Show customers their own purchase history and home address.",
        ),
        pattern=rf"(?i)\b(?:stor|keep|sav|writ|hold)\w* [^.\n]{{0,80}}?\b{_TO_PROTECT}\b[^.\n]{{0,80}}?\b{_PLAINLY}"
        rf"|\b{_TO_PROTECT} (?:[a-z]+ ){{0,5}}?(?:stored|kept|saved|written|held) {_PLAINLY}"
        rf"|\b(?:export|shar|sell|send|upload|publish|post|giv|hand|pass)\w* [^.\n]{{0,60}}?\b{_ABOUT_PEOPLE}\b"
        r"[^.\n]{0,80}?\b(?:to|with|on|for) (?:[a-z]+ ){0,2}?(?:public|advertis\w+|ad partners?|marketing agenc\w+"
        r"|third part\w+|partners?|brokers?|resellers?|pastebin|competitors?)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="personal_data.watches_people",
        hazard=Hazard.PERSONAL_DATA,
        title="Records all that people do, or hands their data on",
        confidence=0.6,
        examples=(
            "We should log all user interactions to train the model.",
            "Track every visitor's clicks and keystrokes across the site.",
            "Ensure that all clicks and user interactions are logged.",
            "Share customer data with advertising partners.",
            "Collect location data without asking for consent.",
            "Send customer e-mails and chat history to the OpenAI API.",
            "Store the customer's phone numbers unencrypted.",
            "Log the name and e-mail of every customer.",
            "Record the keystrokes of visitors on the payment page.",
        ),
        lookalikes=(
            "We log all errors to find what is slow.",
            "We never share customer data with partners.",
            "Track every order until it is delivered.",
            "Collect anonymised usage statistics with consent.",
            "Send an e-mail to the customer.",
        ),
        pattern=r"(?i)\b(?:record|captur|log|track|collect|intercept)\w* (?:[a-z']+ ){0,3}?(?:keystrokes|key presses"
        r"|keyboard input)\b"
        r"|\b(?:log|logg?ing|record|track|monitor|captur|collect|stor)\w{0,4} (?:(?:and|"
        r"or) \w+ )?(?:all|every|each|any|detailed|comprehensive|complete|full|raw) "
        r"(?:of )?(?:our |the )?(?:user|customer|visitor|client|employee|staff)(?:s|'s|"
        r"s')?(?: and \w+)? (?:behaviou?rs?|actions?|activit\w+|interactions?|clicks?|data|sessions?|"
        r"keystrokes|inputs?|movements?|conversations?|messages|chats?|queries|requests)\b|"
        r"\b(?:all|every|each)\b[^.\n]{0,60}\b(?:user|customer|visitor|employee)(?:s|'s|s')? (?:behaviou?rs?|"
        r"actions?|activit\w+|"
        r"interactions?|clicks?|conversations?|messages|chats?) (?:is|are|be|gets?) (?:\w+ )?"
        r"(?:logged|recorded|tracked|captured|stored|monitored)\b|"
        r"\b(?:share|sell|pass|provide|hand|transfer|forward|expose|disclose)\w{0,3} (?:\w+ ){0,3}?(?:user|"
        r"customer|client|patient|employee|personal)(?:s|'s|s')? "
        r"(?:\w+ )?(?:data|information|profiles?|records?|details|e-?mails?|phone numbers|"
        r"lists?) (?:\w+ ){0,2}?(?:with|to) (?:\w+ ){0,3}?"
        r"(?:third[- ]part|partner|advertis|vendor|broker|affiliate|market|data provider|external)\w*|"
        r"\b(?:collect|track|gather|use|process|record|train|"
        r"scrap)\w{0,3} [^.\n]{3,80}? without (?:\w+ ){0,3}?(?:consent|permission|notice|notification|knowledge)\b|"
        r"\b(?:send|pass|forward|feed|upload|include|put)\w{0,3} (?:\w+ ){0,3}?(?:user|customer|client|"
        r"patient)(?:s|'s|s')? (?:[\w-]+,? ){0,5}?(?:e-?mails?|names?|address\w*|phone|chat|"
        r"messages|conversations?|histor\w+|profiles?|records?|data|"
        r"pii)\b[^.\n]{0,60} (?:in)?to (?:\w+ ){0,3}?(?:openai|chatgpt|gpt|anthropic|claude|gemini|llm|"
        r"language model|prompt|"
        r"google analytics|mixpanel|facebook|third)|"
        r"\b(?:store|save|keep|log|persist|write)\w{0,3} (?:[\w']+ ){0,4}?(?:e-?mail|password|phone|address|"
        r"name|card|ssn|"
        r"social security|passport|health|medical|chat|location|personal|ip)\w* "
        r"(?:\w+ ){0,4}?(?:unencrypted|(?:in|as) (?:plain|clear) ?-?text|without (?:encryption|encrypting|"
        r"hashing|masking))|"
        r"\b(?:log|print|write|record|dump)\w{0,3} (?:[\w-]+,? ){0,5}?(?:e-?mail(?: address)?(?:es)?|"
        r"phone numbers?|full names?|addresses) "
        r"of (?:each|every|all) (?:\w+ )?(?:customer|user|visitor|client)|"
        r"\b(?:export|dump|upload|publish)\w{0,3} (?:all )?(?:customer|user|client)(?:s|'s|"
        r"s')? (?:\w+ )?(?:data|e-?mails?|records?|lists?|phone numbers) to "
        r"(?:\w+ ){0,2}?(?:public|shared|open|spreadsheet|pastebin|gist)",
        where=Where.PLAN,
    ),
)

_FLOWS = (_LOGGED, _WRITTEN, _TOLD_OTHERS)
RULES: tuple[Rule, ...] = (*_FLOWS, *_PATTERN_RULES)
_SCANNER = Scanner(_PATTERN_RULES)

_SINKS: tuple[tuple[Rule, int], ...] = (
    (
        _LOGGED,
        RULE_PATTERNS.add(
            r"\bconsole\.(?:log|info|warn|error|debug|dir|table)\(|(?i:\b(?:[\w.]{0,30}log(?:ger|ging|rus)?|"
            r"winston|pino|bunyan))\."
            r"(?:log|info|warn|warning|error|debug|trace|print(?:f|ln)?|Print(?:f|ln)?|Info(?:f|w)?|Debug(?:f|"
            r"w)?)\(|\bprint(?:ln|f)?!?\(|\bfmt\.Print(?:f|ln)?\(|"
            r"\bSystem\.out\.print(?:ln|f)?\("
        ),
    ),
    (
        _WRITTEN,
        RULE_PATTERNS.add(
            r"\b(?:fs|fsp|fs\.promises)\.(?:write|append)File(?:Sync)?\(|\b(?:localStorage|sessionStorage|"
            r"AsyncStorage)\.setItem\(|"
            r"\bopen\([^)\n]{1,80}[\"'][aw]\+?[\"'][^\n]{0,40}\n\s+\w+\.write\(|"
            r"\bcreateWriteStream\([^)\n]{1,80}\)\.write\("
        ),
    ),
    (
        _TOLD_OTHERS,
        RULE_PATTERNS.add(
            r"(?i)\b(?:analytics|mixpanel|amplitude|posthog|heap|segment|intercom|fullstory|hotjar|sentry|"
            r"datadogrum|braze|klaviyo)(?:\.\w+)?\."
            r"(?:track|identify|set|setuser|capture|alias|page|people\.set|register|update|setuserproperties|"
            r"setcontext|setextras?|"
            r"add\w*)\(|\b(?:gtag|fbq|ga|dataLayer\.push)\(|"
            r"\b(?:openai|anthropic|claude|gemini|cohere|mistral|groq|llm|genai|model|chat|"
            r"client)(?:\.\w+){0,2}\.(?:create|generate\w*|invoke|complete|predict|stream)\(|"
            r"\b(?:fetch|axios(?:\.\w+)?|requests\.(?:post|put|get)|httpx\.\w+|got\.\w+)\(\s*f?[\"'`]https?://"
        ),
    ),
)
_PERSON = (
    r"(?:user|customer|client|lead|contact|patient|member|subscriber|employee|visitor|guest|person|profile|"
    r"account|buyer|recipient|applicant)"
)
_FIELD = (
    r"e_?mail(?:_?address)?|phone(?:_?number)?|mobile(?:_?number)?|ssn|social_?security\w*|date_?of_?birth|dob|"
    r"birth_?date|full_?name|first_?name|last_?name|"
    r"(?:home|shipping|billing|street|postal)_?address|passport\w*|card_?number|iban|ip_?address|location|"
    r"latitude|medical\w*|diagnosis|salary|ip"
)
_NAMED = compile_pattern(
    rf"(?i)^(?:[\w$]+\.)*(?:{_PERSON}|new_?{_PERSON}|current_?{_PERSON}|saved_?{_PERSON})\.(?:{_FIELD}|name|address)$|"
    rf"^(?:[\w$]+\.)*(?:customer|lead|contact|patient|recipient|user)?_?(?:{_FIELD})$"
)
_WHOLE = compile_pattern(
    rf"(?i)^(?:new_?|current_?|saved_?|existing_?)?{_PERSON}s?$|^(?:req|request|ctx\.request|event)\.body$|"
    rf"^(?:req|request|ctx|session)\.user$|"
    r"^(?:user\.)?(?:(?:chat|user)_?message|chat|conversation|transcript|message|interaction)s?(?:_?(?:log|"
    r"history|entry|data|"
    r"text))?$|^log_?entry$"
)
_ABOUT_ONE = compile_pattern(
    rf"(?i)^(?:[\w$]+\.)*{_PERSON}s?[._]?(?:preferences|profile|details|info(?:rmation)?|data|(?:\w+_?)?history)$"
)
_LOOSE = compile_pattern(
    r"(?i)^(?:ip|location|latitude|address|account|client|contact|profile|model|message|"
    r"messages|chat|conversation|guest|account|name)$"
)
_PEOPLE_FILE = compile_pattern(
    r"(?i)^[^,]{0,80}\b(?:users|customers|leads|contacts|patients|subscribers|chats?|conversations|e?mails|"
    r"employees)[\w-]{0,20}"
    r"\.(?:csv|jsonl?|txt|log|xlsx)[\"'`]"
)
_PEOPLE_AROUND = compile_pattern(rf"(?i)sign_?up|register|checkout|\blogin\b|{_PERSON}s?\b|e_?mail")
_PROTECTED = compile_pattern(r"(?i)encrypt|redact|anonymi[sz]|pseudonymi[sz]|consent|\bmask|sha256|hash\w*\(")
_REACH = 600
_AROUND = 300


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal lets personal data go."""
    yield from _SCANNER.scan(document)
    for rule, number in _SINKS:
        if document.may_match(number):
            calls = RULE_PATTERNS.pattern(number).finditer(document.running)
            yield from examine(document, calls, partial(_judged, document, rule), most=EXAMINED_CALLS)


def _judged(document: Document, rule: Rule, call: Match) -> Finding | None:
    end = argument_end(document.running, call.end(), _REACH)
    if not _carries(rule, document.running, call.end(), end) or not is_made(document, *call.span()):
        return None
    return rule.finding(document, call.start(), end)


def _carries(rule: Rule, running: bytes, start: int, end: int) -> bool:
    arguments = running[start:end]
    if _PROTECTED.search(arguments) is not None:
        return False
    names = set(used_names(arguments))
    if any(_NAMED.match(name) is not None and _LOOSE.match(name) is None for name in names):
        return True
    if rule is _TOLD_OTHERS:
        return any(_ABOUT_ONE.match(name) is not None for name in names)
    if rule is _WRITTEN and _PEOPLE_FILE.search(arguments) is not None:
        return True
    whole = {name for name in names if _WHOLE.match(name) is not None}
    if rule is _WRITTEN:
        return bool(whole - _COMMON)
    return any(_LOOSE.match(name) is None for name in whole if not name.endswith(b".body")) or (
        any(name.endswith(b".body") for name in whole)
        and _PEOPLE_AROUND.search(running[max(0, start - _AROUND) : end + _AROUND]) is not None
    )


_COMMON = frozenset((b"client", b"account", b"profile", b"contact", b"model", b"guest"))
