"""JavaScript and TypeScript that switches protections off, keeps secrets badly, or gives its insides away.

Owns the rules on single expressions; input that becomes code or markup is `javascript.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
        "tls_unchecked",
        "Talks to whoever answers: certificates are not checked",
        0.85,
        language="js",
        pattern=r"\brejectUnauthorized\s*:\s*false\b|"
        r"[\"'.]?NODE_TLS_REJECT_UNAUTHORIZED[\"'\]]*\s*[=:]\s*[\"']?0|"
        r"\bstrictSSL\s*:\s*false\b|"
        r"\binsecureSkipVerify\s*[:=]\s*true\b|\bcheckServerIdentity\s*:\s*\(\)\s*=>",
        examples=(
            "const pool = new Pool({ ssl: { rejectUnauthorized: false } });",
            "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';",
        ),
        lookalikes=("const pool = new Pool({ ssl: { rejectUnauthorized: true } });",),
    ),
    insecure(
        "token_unverified",
        "Trusts a token that nobody verified",
        0.75,
        language="js",
        pattern=r"\balgorithms?\s*:\s*\[?[^\]\n}]{0,60}[\"']none[\"']|\bignoreExpiration\s*:\s*true\b|"
        r"\bjwt\.verify\([^;\n]{0,80},\s*(?:null|''|\"\")|"
        r"=\s*jwt\.decode\(\s*(?:token|req\b)",
        examples=(
            "const user = jwt.decode(token);",
            "jwt.verify(token, key, { algorithms: ['none'] });",
            "jwt.verify(token, key, { ignoreExpiration: true });",
        ),
        lookalikes=("const user = jwt.verify(token, key, { algorithms: ['RS256'] });",),
    ),
    insecure(
        "open_to_every_origin",
        "Lets pages of every origin call it",
        0.6,
        language="js",
        pattern=r"\bapp\.use\(\s*cors\(\s*\)\s*\)|\borigin\s*:\s*(?:[\"']\*[\"']|true)|"
        r"[\"'`]Access-Control-Allow-Origin[\"'`]\s*[,:]\s*(?:[\"']\*[\"']|(?:req|request)\.headers?\b)|"
        r"\bCORS\(\s*app\s*\)|\ballow_origins\s*=\s*\[\s*[\"']\*[\"']",
        examples=(
            "app.use(cors());",
            "app.use(cors({ origin: '*', credentials: true }));",
            "res.setHeader('Access-Control-Allow-Origin', '*');",
        ),
        lookalikes=("app.use(cors({ origin: 'https://shop.example' }));",),
    ),
    insecure(
        "weak_secret_making",
        "Makes passwords or tokens in a way that can be guessed",
        0.7,
        language="js",
        pattern=r"(?i)\b(?:token|secret|password|otp|session_?id|api_?key|reset\w*|code|"
        r"salt)\b[^;\n]{0,40}=[^;\n=]{0,60}\bMath\.random\(|"
        r"\bcreateHash\(\s*[\"'](?:md5|sha1)[\"']\s*\)[^;\n]{0,60}(?:password|passwd|pwd)|"
        r"\b\w*(?:token|password|secret|otp|session_?id|api_?key|salt|"
        r"nonce)\w*\s*(?:=\s*)?\([^()\n]*\)\s*(?:=>)?\s*\{[^}]{0,200}\bMath\.random\(|\b(?:md5|"
        r"sha1)\(\s*(?:req\.body\.)?password|"
        r"\bbcrypt\.hash(?:Sync)?\([^;\n]{0,40},\s*[1-5]\s*[,)]",
        examples=(
            "const token = Math.random().toString(36);",
            "const digest = crypto.createHash('md5').update(password).digest('hex');",
        ),
        lookalikes=(
            "const jitter = Math.random() * 100;",
            "const etag = crypto.createHash('sha1').update(page).digest('hex');",
            "const digest = await bcrypt.hash(password, 12);",
        ),
    ),
    insecure(
        "passwords_compared_as_text",
        "Compares passwords as they were typed",
        0.7,
        language="js",
        pattern=r"(?i)\b(?:user|account|row|found|existing\w*)(?:\[0\]|\?)?\.password\s*(?:===?|"
        r"!==?)\s*(?:req\.body\.)?password\b|"
        r"\b(?:req\.body\.)?password\s*(?:===?|!==?)\s*(?:user|account|row|found)(?:\[0\]|\?)?\.password\b",
        examples=("if (user.password === password) { login(user); }",),
        lookalikes=(
            "if (password === repeated) { next(); }",
            "if (await bcrypt.compare(password, user.password)) { next(); }",
        ),
    ),
    insecure(
        "environment_revealed",
        "Gives away the process's environment or its errors' insides",
        0.8,
        language="js",
        pattern=r"\b(?:res\.(?:json|send|end)|console\.\w+|logger\.\w+|"
        r"JSON\.stringify)\(\s*(?:[^();\n]{0,60}[,:]\s*)?process\.env\s*[,)}]|"
        r"\bres(?:\.status\(\d+\))?\.(?:json|send)\([^;\n]{0,60}\b(?:err|error|e)\.stack\b",
        examples=(
            "res.json(process.env);",
            "console.log('settings', process.env);",
            "res.status(500).json({ error: err.stack });",
        ),
        lookalikes=("console.log(process.env.NODE_ENV);", "res.status(500).json({ error: 'internal' });"),
    ),
    insecure(
        "weak_cipher",
        "Encrypts with a broken cipher, or the same way every time",
        0.7,
        language="js",
        pattern=r"\bcreate(?:Cipher|Decipher)(?:iv)?\(\s*[\"'](?i:des|rc4|rc2|bf|blowfish|seed|"
        r"[\w-]*-ecb)|\bcrypto\.create(?:Cipher|Decipher)\(|"
        r"\bcreateCipheriv\([^;\n]*,\s*(?:[\"'][^\"'\n]*[\"']|null)\s*\)|"
        r"\biv\s*=\s*(?:Buffer\.alloc\(|Buffer\.from\(\s*[\"']|[\"'])|"
        r"\bcreateHmac\(\s*[\"']\w+[\"'],\s*[\"']",
        examples=(
            "const cipher = crypto.createCipher('aes192', key);",
            "const cipher = crypto.createCipheriv('des-ede3', key, iv);",
            "const iv = Buffer.alloc(16, 0);",
        ),
        lookalikes=(
            "const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);",
            "const iv = crypto.randomBytes(12);",
            "crypto.createHmac('sha256', key).update(body);",
        ),
    ),
    insecure(
        "token_signed_in_the_open",
        "Signs tokens with a key that stands in the code",
        0.7,
        language="js",
        pattern=r"\bjwt\.(?:sign|verify)\([^;\n]*,\s*(?:\"[^\"\n]{3,}\"|'[^'\n]{3,}')\s*[,)]|"
        r"\b(?:expressJwt|expressjwt|jwt)\(\s*\{[^{}]*\bsecret\s*:\s*[\"']\w",
        examples=("const token = jwt.sign({ id: user.id }, 'example-key', { expiresIn: '1h' });",),
        lookalikes=("const token = jwt.sign({ id: user.id }, process.env.JWT_KEY, { expiresIn: '1h' });",),
    ),
    insecure(
        "protection_switched_off",
        "Switches a protection of cookies, pages, windows or queries off",
        0.65,
        language="js",
        pattern=r"\bhttpOnly\s*:\s*false\b|(?i:\bcookie\w*[\"']?\s*[(:,][^;\n]{0,160}|"
        r"\bsession\([^;]{0,200})\bsecure\s*:\s*false\b|\bhelmet\(\s*\{[^}]*:\s*false|"
        r"\bcsrf\w*\s*:\s*false\b|\bdisable\(\s*[\"']csrf|\bnodeIntegration\s*:\s*true\b|"
        r"\bcontextIsolation\s*:\s*false\b|\bwebSecurity\s*:\s*false\b|"
        r"\ballowRunningInsecureContent\s*:\s*true\b|\bmultipleStatements\s*:\s*true\b|"
        r"\.postMessage\([^;\n]*,\s*[\"']\*[\"']",
        examples=(
            "res.cookie('session', id, { httpOnly: false });",
            "res.cookie('sid', id, { secure: false });",
            "app.use(helmet({ frameguard: false }));",
            "new BrowserWindow({ webPreferences: { nodeIntegration: true } });",
            "window.parent.postMessage(profile, '*');",
        ),
        lookalikes=(
            "res.cookie('session', id, { httpOnly: true, secure: true });",
            "const mail = createTransport({ host, port: 587, secure: false });",
            "app.use(helmet());",
            "window.parent.postMessage(profile, 'https://shop.example');",
        ),
    ),
    insecure(
        "signature_compared_in_steps",
        "Compares signatures in a time that tells how much is right",
        0.55,
        language="js",
        pattern=r"(?i)\b\w*(?:signature|hmac|digest)\w*\s*[!=]==?\s*\w*(?:signature|hmac|digest|expected|"
        r"computed)\w*\b|\[[\"']x-hub-signature[^\]\n]*\]\s*[!=]==?\s*\w",
        examples=("if (providedSignature === expectedSignature) { accept(); }",),
        lookalikes=(
            "if (crypto.timingSafeEqual(providedSignature, expectedSignature)) { accept(); }",
            "if (signature === undefined) { refuse(); }",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("javascript",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's JavaScript stands unguarded."""
    yield from _SCANNER.scan(document)
