"""Go that switches protections off, or makes secrets badly.

Owns the rules on single expressions; where input flows to is `input_flows.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
        "go_unguarded",
        "Switches a protection off",
        0.8,
        language="go",
        pattern=r"\bInsecureSkipVerify\s*[:=]\s*true\b|\bssh\.InsecureIgnoreHostKey\(|"
        r"\bMinVersion\s*:\s*tls\.VersionSSL30\b|"
        r"\.ParseUnverified\(|\bjwt\.(?:SigningMethodNone|UnsafeAllowNoneSignatureType)\b|"
        r"\bCheckOrigin\s*:\s*func\([^)]*\)\s*bool\s*\{\s*return true|"
        r"\bhttp\.ListenAndServe\(\s*\"(?:0\.0\.0\.0)?:6060\"|"
        r"\bos\.(?:Chmod|WriteFile|OpenFile|MkdirAll|Mkdir)\([^\n]*\b0o?777\b|"
        r"\bgrpc\.WithInsecure\(\)|\bHttpOnly\s*:\s*false\b|"
        r"\bSet\(\s*\"Access-Control-Allow-Origin\",\s*r\.Header\.Get\(",
        examples=(
            "client := &tls.Config{InsecureSkipVerify: true}",
            "config := ssh.ClientConfig{HostKeyCallback: ssh.InsecureIgnoreHostKey()}",
            "token, _, err := parser.ParseUnverified(text, claims)",
            "up := websocket.Upgrader{CheckOrigin: func(r *http.Request) bool { return true }}",
        ),
        lookalikes=(
            "client := &tls.Config{MinVersion: tls.VersionTLS12}",
            "token, err := jwt.Parse(text, keyFunc)",
            "os.WriteFile(path, body, 0o600)",
            "cookie := &http.Cookie{Name: name, HttpOnly: true, Secure: true}",
        ),
    ),
    insecure(
        "go_unescaped_markup",
        "Puts values into markup without escaping them",
        0.7,
        language="go",
        pattern=r"\btemplate\.(?:HTML|JS|HTMLAttr)\(\s*[a-z]\w*(?:\.\w+)*\s*[)+]|\btemplate\.(?:HTML|JS|"
        r"HTMLAttr)\(\s*fmt\.Sprintf\(",
        examples=("body := template.HTML(comment.Body)",),
        lookalikes=('body := template.HTML("<b>done</b>")',),
    ),
    insecure(
        "go_unpacks_anywhere",
        "Unpacks an archive to wherever its entries say",
        0.7,
        language="go",
        pattern=r"\bfilepath\.Join\(\s*\w+,\s*(?:f|file|header|hdr|entry|zf)\.Name\s*\)",
        unless=r"\bHasPrefix\(|\bIsLocal\(|\bfilepath\.Rel\(|\bContains\(",
        examples=("for _, f := range r.File {\n\tout, _ := os.Create(filepath.Join(dest, f.Name))\n}",),
        lookalikes=(
            "for _, f := range r.File {\n\t"
            "if !filepath.IsLocal(f.Name) {\n\t\t"
            "return errBad\n\t"
            "}\n\t"
            "out, _ := os.Create(filepath.Join(dest, f.Name))\n"
            "}",
        ),
    ),
    insecure(
        "go_weak_secrets",
        "Makes or keeps secrets in a way that can be guessed",
        0.7,
        language="go",
        pattern=r"(?i)\b(?:md5|sha1)\.Sum\(\s*(?:\[\]byte\()?\s*(?:\w+\.)*\w*(?:password|passwd|pwd)\b|"
        r"\bio\.WriteString\(\s*h\s*,\s*(?:password|pwd)\b|\b(?:des|rc4)\.New\w*Cipher\(|"
        r"\brsa\.GenerateKey\([^,\n]*,\s*(?:512|768|1024)\s*\)|\.SignedString\(\s*\[\]byte\(\s*\"[^\"\n]+\"|"
        r"\b\w*(?:token|secret|password|otp|session_?id|api_?key)\w*\s*(?::=|"
        r"=)[^\n]{0,60}\brand\.(?:Int\w*|Read|Perm)\(|"
        r"\bfunc \w*(?:token|secret|password|otp|session_?id|"
        r"api_?key)\w*\([^\n]*\{[^}]{0,200}\bmath_?rand\.|"
        r"\bmath/rand\"[^}]{0,120}\bfunc \w*(?:token|secret|password|otp)\w*\(",
        examples=(
            "hash := md5.Sum([]byte(password))",
            'token := fmt.Sprintf("%d", rand.Intn(1000000))',
            "block, _ := des.NewCipher(key)",
            'signed, err := token.SignedString([]byte("my-key"))',
        ),
        lookalikes=(
            "hash, err := bcrypt.GenerateFromPassword([]byte(password), 12)",
            "sum := md5.Sum(body)",
            "delay := rand.Intn(100)",
            "key, err := rsa.GenerateKey(rand.Reader, 3072)",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("go",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's Go lets strangers in."""
    yield from _SCANNER.scan(document)
