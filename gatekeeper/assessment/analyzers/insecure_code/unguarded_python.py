"""Python that switches protections off, keeps secrets badly, or talks in the clear.

Owns the rules on single expressions; input that becomes code or queries is `python.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
        "python_check_switched_off",
        "Switches a protection off",
        0.8,
        pattern=r"\bverify\s*=\s*False\b|\bssl\._create_unverified_context\b|\bcheck_hostname\s*=\s*False\b|"
        r"\bCERT_NONE\b|"
        r"\bapp\.run\([^)\n]*debug\s*=\s*True|(?m:^[+ \t]*DEBUG\s*=\s*True\s*$)|"
        r"\bALLOWED_HOSTS\s*=\s*\[\s*[\"']\*[\"']|\b(?:SESSION_COOKIE_(?:SECURE|HTTPONLY)|"
        r"CSRF_COOKIE_SECURE|SECURE_\w+)\s*=\s*False\b|"
        r"\bMIDDLEWARE\.remove\(|\bTCPConnector\([^)\n]*\b(?:ssl|verify_ssl)\s*=\s*False|"
        r"\bno_network\s*=\s*False\b|\bset_cookie\([^)\n]*\b(?:httponly|secure)\s*=\s*False|"
        r"\bPROTOCOL_(?:SSLv2|SSLv3|SSLv23)\b|\bSSLv[23]_METHOD\b|@csrf_exempt\b|\b(?:mark_safe|"
        r"Markup)\(\s*[a-z_][\w.]*\s*\)|"
        r"\brender_template_string\(\s*(?:request\.|f[\"']|[a-z_]+\s*[,)+%])|"
        r"\bautoescape\s*=\s*False\b|\bWTF_CSRF_ENABLED\b[\"'\]]*\s*=\s*False\b|"
        r"\[[\"']WTF_CSRF_ENABLED[\"']\]\s*=\s*False\b|\bwith_csrf\s*=\s*False\b|"
        r"\bset_missing_host_key_policy\(\s*(?:paramiko\.)?(?:AutoAdd|Warning)Policy|"
        r"\bresolve_entities\s*=\s*True\b|\btempfile\.mktemp\(|"
        r"\bjwt\.decode\([^)\n]*(?:verify\s*=\s*False|[\"']none[\"'])|"
        r"\bchmod\([^)\n]*\b0o?[0-7]?7[0-7]?7\s*\)|"
        r"\bsupports_credentials\s*=\s*True[^)\n]*[\"']\*[\"']|"
        r"\b(?:permission_classes|"
        r"authentication_classes)\s*=\s*[\[(]\s*(?:permissions\.)?(?:AllowAny)?\s*,?\s*[\])]|"
        r"(?m:^[+ \t]*assert\s+(?:not\s+)?(?:\w+\.)*user\.(?:is_\w+|has_\w+))|"
        r"\b(?:Markup|mark_safe|SafeString)\(\s*(?:f[\"']|[\"'][^\"'\n]*[\"']\s*(?:\+|%|"
        r"\.format))|\.decode\([^)\n]*verify_signature[\"']\s*:\s*False",
        language="python",
        examples=(
            "requests.get(url, verify=False)",
            "app.run(host='0.0.0.0', debug=True)",
            "claims = jwt.decode(token, options={'verify_signature': False})",
            "@csrf_exempt\ndef pay(request):\n    return None",
            "return render_template_string(request.args['page'])",
        ),
        lookalikes=(
            "requests.get(url, timeout=5)",
            "app.run(port=8080)",
            "return render_template('page.html', name=name)",
        ),
    ),
    insecure(
        "python_weak_secret_making",
        "Makes passwords or tokens in a way that can be guessed",
        0.7,
        pattern=r"(?i)\b(?:hashlib\.)?(?:md5|sha1)\(\s*(?:\w+\.)*(?:password|passwd|pwd)\b|"
        r"\b\w*(?:token|secret|password|otp|session_?id|api_?key)\w*\s*=[^\n]{0,60}\brandom\.(?:choices?|"
        r"randint|random|randrange|sample)\(|\bdef \w*(?:token|secret|password|otp|session_?id|"
        r"api_?key)\w*\([^)]*\)[^:\n]*:\s[^#]{0,200}\brandom\.(?:choices?|randint|random|"
        r"randrange|sample)\(|"
        r"\bjwt\.encode\([^\n]*,\s*[\"'][^\"'\n]+[\"']\s*,\s*(?:algorithm\s*=\s*)?[\"']HS|"
        r"\b(?:DES3?|ARC2|ARC4|Blowfish|XOR)\.new\(|\b\w+\.MODE_ECB\b|\bmodes\.ECB\(|"
        r"\balgorithms\.(?:ARC4|Blowfish|IDEA|TripleDES)\(|"
        r"\bgenerate_private_key\([^)\n]*\b(?:512|768|1024)\b|\b(?:RSA|"
        r"DSA)\.generate\(\s*(?:bits\s*=\s*)?(?:512|768|1024)\b|\bECB\(\s*\w*\s*\)|"
        r"\.password\s*=\s*(?:hashlib\.)?(?:md5|sha1)\(",
        language="python",
        examples=(
            "digest = hashlib.md5(password.encode()).hexdigest()",
            "token = ''.join(random.choices(letters, k=16))",
        ),
        lookalikes=("token = secrets.token_urlsafe(32)", "etag = hashlib.md5(page).hexdigest()"),
    ),
    insecure(
        "python_template_unescaped",
        "Makes pages from templates that escape nothing",
        0.6,
        language="python",
        pattern=r"\b(?:jinja2\.)?Environment\(\s*(?:loader\s*=|\))[^\n]*",
        unless=r"\bautoescape\s*=|\bselect_autoescape\b|\bclass \w*Environment\b",
        examples=("env = Environment(loader=FileSystemLoader('templates'))",),
        lookalikes=("env = Environment(loader=FileSystemLoader('templates'), autoescape=True)",),
    ),
    insecure(
        "python_talks_in_the_clear",
        "Sends passwords to a server in the clear",
        0.6,
        language="python",
        pattern=r"\btelnetlib\.Telnet\(|\bftplib\.FTP\(|\bFTP\([^)\n]*\)(?:\.login\(|\s)",
        examples=("t = telnetlib.Telnet(host)", "ftplib.FTP(host).login(user, word)"),
        lookalikes=("ftplib.FTP_TLS(host).login(user, word)",),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("python",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's Python stands unguarded."""
    yield from _SCANNER.scan(document)
