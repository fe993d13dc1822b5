"""PHP that switches protections off, keeps secrets badly, or lets the client name its variables.

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
        "php_input_runs",
        "Lets what the client sends run as code or name what the program works with",
        0.85,
        language="php",
        pattern=r"(?:=|\becho|\breturn)\s*`[^`\n]*\$[a-z_]|\becho\s*`[^`\n]*\{\$|\b(?:extract|parse_str|"
        r"unserialize|eval|assert)\(\s*[^;\n]{0,80}\$_(?:GET|POST|REQUEST|"
        r"COOKIE)\b"
        r"|\bpreg_replace\(\s*[\"'](.)[^\n]{0,80}[/#~][imsx]*e[imsx]*[\"']\s*,|\$\$\w+\s*=|"
        r"\$_(?:GET|POST|REQUEST)\[[^\]\n]*\]\s*\(|\bcreate_function\(\s*[^,\n]*,\s*[^)\n]*\$|"
        r"\b(?:eval|assert)\(\s*(?:[\"'][^\"'\n]*)?\$\w+",
        examples=(
            "<?php extract($_REQUEST);",
            "<?php preg_replace('/.*/e', $_POST['code'], $text);",
            "<?php $$name = 1;",
            "<?php $out = `ls $dir`;",
            "<?php eval($code);",
        ),
        lookalikes=(
            "<?php extract(['title' => $title]);",
            "<?php preg_replace('/e/', 'a', $text);",
            "<?php $retrieval($code);",
            "<?php $out = 'cost $5';",
        ),
    ),
    insecure(
        "php_unguarded",
        "Switches a protection off",
        0.75,
        language="php",
        pattern=r"\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\b\s*(?:,|=>)\s*(?:false|FALSE|0)\b|"
        r"[\"']verify(?:_peer(?:_name)?)?[\"']\s*=>\s*false\b|"
        r"\bLIBXML_NOENT\b|\blibxml_disable_entity_loader\(\s*false|"
        r"\$guarded\s*=\s*(?:\[\s*\]|array\(\s*\))|(?:::|->)(?:create|update|fill|"
        r"forceFill)\(\s*(?:\$request->all\(\)|\$_(?:POST|REQUEST|GET)|request\(\)->all\(\))|"
        r"\$except\s*=\s*\[\s*[\"']\*[\"']|\{!!\s*\$|\bphpinfo\(\s*\)|"
        r"\bheader\(\s*[\"']Access-Control-Allow-Origin:\s*\*[\"']|"
        r"\bsetcookie\([^;\n]*,\s*false\s*,\s*false\s*\)|[\"'](?:csrf_protection|"
        r"http_?only)[\"']\s*=>\s*false\b|\bwithoutMiddleware\(\s*[^)\n]*(?:Csrf|auth)",
        examples=(
            "<?php curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);",
            "<?php class User extends Model { protected $guarded = []; }",
            "<?php User::create($request->all());",
            "<p>{!! $comment->body !!}</p>",
            "<?php $doc->loadXML($xml, LIBXML_NOENT);",
        ),
        lookalikes=(
            "<?php curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, true);",
            "<?php class User extends Model { protected $guarded = ['id']; }",
            "<?php User::create($request->validated());",
            "<p>{{ $comment->body }}</p>",
            "<p>{!! csrf_field() !!}</p>",
        ),
    ),
    insecure(
        "php_weak_secrets",
        "Makes or keeps secrets in a way that can be guessed",
        0.7,
        language="php",
        pattern=r"(?i)\b(?:md5|sha1)\(\s*[^;\n]{0,30}(?:password|passwd|pass|pwd)\b|"
        r"\bhash\(\s*[\"'](?:md5|sha1)[\"']\s*,\s*\$(?:\w*pass|pwd)|"
        r"\$\w*(?:token|secret|otp|password|api_?key|salt)\w*\s*=[^;\n]{0,60}\b(?:rand|mt_rand|"
        r"uniqid|lcg_value)\(|"
        r"\bmcrypt_\w+\(|\bopenssl_(?:en|de)crypt\([^;\n]*[\"'](?:des|rc4|bf|[\w-]*-ecb)\b|"
        r"\b(?:md5|sha1)\([^;\n]*\)\s*==\s*\$",
        examples=(
            "<?php $pass = md5($_POST['password']);",
            "<?php $resetToken = rand(100000, 999999);",
            "<?php openssl_encrypt($text, 'aes-128-ecb', $key);",
        ),
        lookalikes=(
            "<?php $pass = password_hash($_POST['password'], PASSWORD_DEFAULT);",
            "<?php $token = bin2hex(random_bytes(32));",
            "<?php $etag = md5($body);",
            "<?php openssl_encrypt($text, 'aes-256-gcm', $key, 0, $iv, $tag);",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("php",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's PHP lets strangers in."""
    yield from _SCANNER.scan(document)
