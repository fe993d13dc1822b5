"""Java and Kotlin that switch protections off, run foreign objects, or keep secrets badly.

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
        "java_unguarded",
        "Switches a protection off, or trusts everybody",
        0.75,
        language="java",
        pattern=r"\bcheckServerTrusted\([^)]*\)\s*(?:throws\s+[\w., ]+)?\{\s*(?:return;\s*)?\}|"
        r"\bHostnameVerifier\(\s*\(\s*\w+,\s*\w+\s*\)\s*->\s*true|"
        r"\bNoopHostnameVerifier\b|\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bTrustAll(?:Strategy|"
        r"Certificates|Manager)\b|"
        r"\bcsrf\(\)\s*\.disable\(|\bcsrf\(\s*(?:\w+\s*->\s*\w+\.disable\(|\w+::disable)|"
        r"\bcsrf\s*\{\s*(?:it\.)?disable\(|"
        r"[\"']/(?:admin|actuator|internal|manage)[\w/*-]*[\"']\s*\)\s*\.permitAll\(|"
        r"\banyRequest\(\)\s*\.permitAll\(|\banyExchange\(\)\s*\.permitAll\(|"
        r"@CrossOrigin\(\s*(?:origins?\s*=\s*|value\s*=\s*)?\{?\s*\"\*\"|@CrossOrigin\s*\n|"
        r"\ballowedOrigins\(\s*\"\*\"|"
        r"\bsetHttpOnly\(\s*false|\bsetSecure\(\s*false|\bframeOptions\(\)\s*\.disable\(|"
        r"\baddJavascriptInterface\(|"
        r"\bprintStackTrace\(\s*(?:response|resp|res)\.getWriter|\bAlgorithm\.none\(\)|"
        r"\bJwts\.parser\(\)\s*\.parse\(",
        examples=(
            "public void checkServerTrusted(X509Certificate[] c, String a) {}",
            "http.csrf().disable();",
            'http.authorizeRequests().antMatchers("/admin/**").permitAll();',
            '@CrossOrigin(origins = "*")\nclass A {}',
            "builder.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE);",
        ),
        lookalikes=(
            "public void checkServerTrusted(X509Certificate[] c, String a) { inner.checkServerTrusted(c, a); }",
            'http.authorizeRequests().antMatchers("/public/**").permitAll();',
            '@CrossOrigin(origins = "https://shop.example")\nclass A {}',
            "cookie.setHttpOnly(true);",
        ),
    ),
    insecure(
        "java_runs_foreign_objects",
        "Turns foreign bytes into objects that can run, or foreign text into code",
        0.75,
        language="java",
        pattern=r"\bnew ObjectInputStream\(|\bnew XMLDecoder\(|\.enableDefaultTyping\(|"
        r"\bactivateDefaultTyping\(|\bnew XStream\(|"
        r"\bnew GroovyShell\(\s*\)|\bnew Yaml\(\s*\)|"
        r"\bgetEngineByName\([^)\n]*\)\s*\.eval\(\s*[a-z]\w*|\bparseExpression\(\s*[a-z]\w*\s*\)|"
        r"\bsetFeature\(\s*\"[^\"\n]*disallow-doctype-decl\"\s*,\s*false|"
        r"\bsetFeature\(\s*\"[^\"\n]*external-(?:general|parameter)-entities\"\s*,\s*true|"
        r"\bSUPPORT_DTD\s*,\s*(?:Boolean\.)?(?:true|TRUE)\b|"
        r"\bIS_SUPPORTING_EXTERNAL_ENTITIES\s*,\s*(?:Boolean\.)?(?:true|TRUE)\b",
        unless=r"\bSafeConstructor\b|\bObjectInputFilter\b|\bsetObjectInputFilter\(|\bresolveClass\(|"
        r"\breadObject\(ObjectInputStream\b",
        examples=(
            "ObjectInputStream in = new ObjectInputStream(socket.getInputStream());",
            "mapper.enableDefaultTyping();",
            "Object o = new Yaml().load(text);",
            'f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", false);',
        ),
        lookalikes=(
            "ObjectMapper mapper = new ObjectMapper();",
            "Object o = new Yaml(new SafeConstructor(options)).load(text);",
            'f.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);',
        ),
    ),
    insecure(
        "java_external_entities",
        "Reads XML and follows the entities that it names",
        0.6,
        language="java",
        pattern=r"\b(?:DocumentBuilderFactory|SAXParserFactory|XMLInputFactory|"
        r"TransformerFactory)\.newInstance\(\)|\bnew SAXReader\(\)|\bnew SAXBuilder\(\)",
        unless=r"\b(?:setFeature|setProperty|setAttribute|FEATURE_SECURE_PROCESSING|ACCESS_EXTERNAL_DTD|"
        r"setExpandEntityReferences|newDocument\(\)|setEntityResolver|XMLResolver)\b|"
        r"\bnewDocument\(",
        examples=(
            "DocumentBuilder b = DocumentBuilderFactory.newInstance().newDocumentBuilder();\n"
            "Document d = b.parse(request.getInputStream());",
        ),
        lookalikes=(
            "DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();\n"
            "f.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);",
            "Document d = DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument();",
        ),
    ),
    insecure(
        "java_weak_secrets",
        "Makes or keeps secrets in a way that can be guessed",
        0.7,
        language="java",
        pattern=r"\bMessageDigest\.getInstance\(\s*\"(?:MD5|SHA-?1)\"\s*\)[^}]{0,200}\b(?:password|passwd|"
        r"pwd)\b|\bDigestUtils\.(?:md5|sha1)\w*\(\s*\w*(?:[pP]assword|pwd)|"
        r"\bCipher\.getInstance\(\s*\"(?:DES|DESede|RC2|RC4|ARCFOUR|Blowfish|AES/ECB|[\w]+/ECB)\b|"
        r"\bnew NullCipher\(|"
        r"(?i:\b\w*(?:token|secret|password|otp|session_?id|"
        r"api_?key)\w*\s*=[^;\n]{0,60}\b(?:Math\.random\(|new Random\(|random\.next|r\.next|"
        r"rand\.next))|"
        r"\bAlgorithm\.HMAC\d+\(\s*\"[^\"\n]+\"",
        examples=(
            'MessageDigest md = MessageDigest.getInstance("MD5");\nmd.update(password.getBytes());',
            'Cipher c = Cipher.getInstance("DES/CBC/PKCS5Padding");',
            "String token = Long.toHexString(new Random().nextLong());",
            'String t = JWT.create().sign(Algorithm.HMAC256("key"));',
        ),
        lookalikes=(
            'MessageDigest md = MessageDigest.getInstance("MD5");\nmd.update(file.getBytes());',
            'Cipher c = Cipher.getInstance("AES/GCM/NoPadding");',
            "int delay = new Random().nextInt(100);",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("java",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's Java or Kotlin lets strangers in."""
    yield from _SCANNER.scan(document)
