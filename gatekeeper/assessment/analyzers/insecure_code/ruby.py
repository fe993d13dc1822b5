"""Ruby and Rails that switch protections off, trust parameters whole, or keep secrets badly.

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
        "ruby_command_in_backticks",
        "Runs a command that is put together from values",
        0.75,
        language="ruby",
        pattern=r"(?m)(?:[=(]|\breturn)\s*`[^`\n]*#\{|^[ \t+]*`[^`\n]*#\{[^`\n]*`[ \t]*$|%x[({\[][^\n]*#\{",
        examples=("`ls #{params[:dir]}`", "found = `grep #{word} log.txt`"),
        lookalikes=("found = `ls -l`", 'found = "grep #{word}"'),
    ),
    insecure(
        "ruby_unguarded",
        "Switches a protection off",
        0.75,
        language="ruby",
        pattern=r"\bskip_before_(?:action|filter) :(?:verify_authenticity_token|authenticate\w*!?|"
        r"authorize\w*!?|require_\w+|login_required)|\bskip_forgery_protection\b|"
        r"\bprotect_from_forgery except\b|\bVERIFY_NONE\b|\bforce_ssl\s*=\s*false\b|"
        r"\bprotect_from_forgery with: :null_session\b|\bnoent\b\s*\}|\.noent\b|"
        r"\bmatch\s+['\"]:controller\b|\ballow_forgery_protection\s*=\s*false\b|"
        r"\bescape_html_entities_in_json\s*=\s*false\b",
        unless=r"\bstub_request\b|\bself\.allow_forgery_protection\b",
        examples=(
            "skip_before_action :verify_authenticity_token",
            "skip_before_action :authenticate_user!, only: [:index]",
            "http.verify_mode = OpenSSL::SSL::VERIFY_NONE",
            "config.force_ssl = false",
        ),
        lookalikes=(
            "before_action :authenticate_user!",
            "protect_from_forgery with: :exception",
            "http.verify_mode = OpenSSL::SSL::VERIFY_PEER",
            "skip_before_action :set_locale",
        ),
    ),
    insecure(
        "ruby_trusts_parameters",
        "Stores, loads or names whatever the client sends",
        0.75,
        language="ruby",
        pattern=r"\bpermit!|\b[A-Z]\w*\.(?:new|create!?|update!?|build|"
        r"insert)[( ]\s*params(?:\[:\w+\])?\s*\)?(?:\n|$|;)|"
        r"\bparams\[[^\]\n]*\](?:\.\w+)*\.(?:constantize|safe_constantize)\b|\b(?:Marshal|"
        r"Oj)\.load\(\s*[a-z_]\w*\s*[),]|\bMarshal\.load\(\s*Base64|"
        r"\bYAML\.(?:load|unsafe_load)\(\s*(?:params|request|File\.read|[a-z_]+\s*\))|"
        r"\bYAML\.unsafe_load\b|mode:\s*:object\b|"
        r"\bfind_by\([^)\n]*\bpassword:\s*params\b",
        examples=(
            "params.permit!",
            "User.create(params[:user])",
            "params[:class].constantize.new",
            "value = Marshal.load(text)",
            "YAML.load(params[:yaml])",
        ),
        lookalikes=(
            "params.require(:user).permit(:name)",
            "User.create(user_params)",
            "YAML.safe_load(params[:yaml])",
            "value = JSON.parse(text)",
        ),
    ),
    insecure(
        "ruby_unescaped_markup",
        "Puts values into markup without escaping them",
        0.65,
        language="ruby",
        pattern=r"<%=?\s*raw[( ]\s*@?\w|<%==\s*@?\w|<%=\s*@?\w[\w.\[\]:]*\.html_safe\b|"
        r"\"[^\"\n]*#\{[^}\n]*\}[^\"\n]*\"\.html_safe\b|\bparams\[[^\]]*\]\.html_safe\b",
        examples=("<%= raw @comment.body %>", "<%= @comment.body.html_safe %>", '"<b>#{name}</b>".html_safe'),
        lookalikes=("<%= @comment.body %>", "<%= sanitize(@comment.body) %>", '"<b>done</b>".html_safe'),
    ),
    insecure(
        "ruby_weak_secrets",
        "Makes or keeps secrets in a way that can be guessed",
        0.7,
        language="ruby",
        pattern=r"(?i)\bDigest::(?:MD5|SHA1)\.\w+\(\s*\w*(?:password|passwd|pwd)\b|\bDigest::(?:MD5|"
        r"SHA1)\.\w+\(\s*params\[:password|\b\w*(?:token|otp|secret|password|"
        r"api_?key)\w*\s*=\s*(?:Random\.|Kernel\.)?rand\b|"
        r"\bJWT\.(?:encode|decode)\([^\n]*,\s*(?:nil\s*,\s*(?:false|'none'|\"none\")|"
        r"'[^'\n]+'\s*,|\"[^\"\n]+\"\s*,)|"
        r"\bOpenSSL::Cipher(?:\.new\(|::)\s*['\"]?(?:des|rc4|[\w-]*-ecb)|"
        r"\bhttp_basic_authenticate_with\s+[^\n]*\bpassword:\s*['\"]",
        examples=(
            "Digest::MD5.hexdigest(password)",
            "token = rand(999999).to_s",
            "JWT.decode(token, nil, false)",
            "OpenSSL::Cipher.new('des-ecb')",
        ),
        lookalikes=(
            "Digest::MD5.hexdigest(body)",
            "token = SecureRandom.hex(32)",
            "JWT.decode(token, key, true, algorithm: 'RS256')",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("ruby",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's Ruby lets strangers in."""
    yield from _SCANNER.scan(document)
