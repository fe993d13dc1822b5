"""Insecure code in Python and, where a single expression tells it, in PHP, Ruby, Java, Go, C# and C.

Owns the rules on single expressions; those on JavaScript are `insecure_javascript.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where


def _rule(
    name: str,
    title: str,
    confidence: float,
    *,
    language: str,
    pattern: str,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
) -> PatternRule:
    return PatternRule(
        id=f"insecure.{name}",
        hazard=Hazard.INSECURE_CODE,
        title=title,
        confidence=confidence,
        examples=tuple(f"```{language}\n{code}\n```" for code in examples),
        lookalikes=tuple(f"```{language}\n{code}\n```" for code in lookalikes),
        pattern=pattern,
        where=Where.CODE,
    )


_PATTERN_RULES = (
    _rule(
        "python_sql_injection",
        "Builds SQL from values instead of passing them as parameters",
        0.85,
        pattern=r"(?i)\.(?:execute(?:many|script)?|raw|extra|text|read_sql(?:_query)?)\(\s*(?:"
        r"[rb]?f(?:\"\"\"|'''|[\"'])\s*(?:select|insert|update|delete|drop|alter|with)\b[^\n]{0,300}\{|"
        r"(?:\"\"\"|[\"'])\s*(?:select|insert|update|delete|drop|alter)\b[^\n]{0,300}[\"']\s*(?:%\s*[\w(]|"
        r"\+\s*\w|\.format\())"
        r"|\b(?:query|sql|stmt|statement)\s*=\s*(?:f[\"']\s*(?:select|insert|update|delete)\b[^\n]{0,200}\{|"
        r"[\"']\s*(?:select|insert|update|delete)\b[^\n]{0,200}[\"']\s*(?:%\s*[\w(]|\+\s*\w|\.format\())",
        language="python",
        examples=(
            "cursor.execute(f\"SELECT * FROM users WHERE name = '{name}'\")",
            "cursor.execute(\"SELECT * FROM users WHERE name = '%s'\" % name)",
            'query = "DELETE FROM orders WHERE id = " + order_id',
            "db.execute('SELECT * FROM a WHERE b = {}'.format(b))",
        ),
        lookalikes=(
            'cursor.execute("SELECT * FROM users WHERE name = %s", (name,))',
            'cursor.execute("SELECT * FROM users WHERE name = ?", [name])',
            '# cursor.execute(f"SELECT * FROM users WHERE name = {name}")\nrun()',
            'print(f"select {name}")',
        ),
    ),
    _rule(
        "python_command_injection",
        "Runs a shell command that is put together from values",
        0.8,
        pattern=r"\bsubprocess\.\w+\((?:[^()]|\([^()]*\)){0,300}\bshell\s*=\s*True|\bos\.(?:system|"
        r"popen)\(\s*(?:f[\"'][^\n]*\{|"
        r"[a-z_]\w*\s*[)+%]|[\"'][^\"'\n]*[\"']\s*(?:\+|%|\.format))|\bcommands\.getoutput\(",
        language="python",
        examples=(
            "subprocess.run(f'convert {name}', shell=True)",
            "os.system('rm ' + path)",
            "os.popen(command)",
        ),
        lookalikes=(
            "subprocess.run(['convert', name], check=True)",
            "os.system('clear')",
            "# os.system(command)\nrun()",
        ),
    ),
    _rule(
        "python_evaluates_text",
        "Runs text as code, or bytes as objects",
        0.8,
        pattern=r"(?m)(?:^|[^.\w\n])(?:eval|exec)\(\s*(?:[a-z_][\w.\[\]'\"]*\s*[,)]|input\(|request\.|f[\"'])"
        r"|\b(?:c?[pP]ickle|dill|marshal|shelve|jsonpickle|joblib)\.(?:loads?|open|decode)\(|"
        r"\byaml\.(?:unsafe_load|full_load)\(|"
        r"\byaml\.load\([^,)\n]*(?:\)|,\s*(?:Loader\s*=\s*)?yaml\.(?:Unsafe|Full)?Loader\b)|"
        r"\btorch\.load\([^)\n]*weights_only\s*=\s*False",
        language="python",
        examples=(
            "result = eval(formula)",
            "exec(request.data)",
            "value = pickle.loads(payload)",
            "settings = yaml.load(text)",
        ),
        lookalikes=(
            "result = ast.literal_eval(formula)",
            "value = json.loads(payload)",
            "settings = yaml.safe_load(text)",
            "settings = yaml.load(text, Loader=yaml.SafeLoader)",
            "model.eval()",
        ),
    ),
    _rule(
        "python_check_switched_off",
        "Switches a protection off",
        0.8,
        pattern=r"\bverify\s*=\s*False\b|\bssl\._create_unverified_context\b|\bcheck_hostname\s*=\s*False\b|"
        r"\bCERT_NONE\b|"
        r"\bapp\.run\([^)\n]*debug\s*=\s*True|^DEBUG\s*=\s*True$|@csrf_exempt\b|\bmark_safe\(\s*[a-z_]|"
        r"\brender_template_string\(\s*(?:request\.|f[\"']|[a-z_]+\s*[,)+%])|"
        r"\bautoescape\s*=\s*False\b|\bWTF_CSRF_ENABLED[\"'\]]*\s*=\s*False\b|"
        r"\bset_missing_host_key_policy\(\s*(?:paramiko\.)?(?:AutoAdd|Warning)Policy|"
        r"\bresolve_entities\s*=\s*True\b|\btempfile\.mktemp\(|\.decode\([^)\n]*verify_signature[\"']\s*:\s*False",
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
    _rule(
        "python_weak_secret_making",
        "Makes passwords or tokens in a way that can be guessed",
        0.7,
        pattern=r"(?i)\b(?:hashlib\.)?(?:md5|sha1)\(\s*(?:\w+\.)*(?:password|passwd|pwd)\b|"
        r"\b\w*(?:token|secret|password|otp|session_?id|api_?key)\w*\s*=[^\n]{0,60}\brandom\.(?:choices?|"
        r"randint|random|randrange|sample)\(",
        language="python",
        examples=(
            "digest = hashlib.md5(password.encode()).hexdigest()",
            "token = ''.join(random.choices(letters, k=16))",
        ),
        lookalikes=("token = secrets.token_urlsafe(32)", "etag = hashlib.md5(page).hexdigest()"),
    ),
    _rule(
        "python_opens_input_path",
        "Opens a file or an address that the client names",
        0.75,
        pattern=r"\b(?:open|send_file|os\.path\.join|os\.remove|Path|requests\.\w+|urlopen|httpx\.\w+|"
        r"redirect)\(\s*(?:[^()\n]{0,80}[,+]\s*|f[\"'][^\n]{0,80}\{)?"
        r"(?:request|flask\.request)\.(?:args|form|values|json|data|GET|POST|query_params|files)\b|"
        r"\.extractall\(\s*\)",
        language="python",
        examples=(
            "return send_file(os.path.join(root, request.args['name']))",
            "page = requests.get(request.args['url'])",
            "tarfile.open(upload).extractall()",
        ),
        lookalikes=(
            "return send_file(os.path.join(root, 'index.html'))",
            "page = requests.get(BASE + '/orders')",
        ),
    ),
    _rule(
        "php_input_runs",
        "Lets what the client sends run as code, SQL, a path or markup",
        0.85,
        pattern=r"\b(?:eval|system|exec|shell_exec|passthru|popen|assert|unserialize|include(?:_once)?|"
        r"require(?:_once)?|"
        r"mysqli?_query|->query|file_get_contents|preg_replace|create_function|"
        r"header)\s*\(?[^;\n]{0,160}\$_(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)\b|"
        r"\becho\s+[^;\n]{0,80}\$_(?:GET|POST|REQUEST|COOKIE)\b|[\"']\s*(?:SELECT|INSERT|UPDATE|"
        r"DELETE)\b[^;\n]{0,200}\$_(?:GET|POST|REQUEST|COOKIE)\b",
        language="php",
        examples=(
            "<?php system($_GET['cmd']);",
            "<?php $q = \"SELECT * FROM a WHERE id = \" . $_GET['id'];",
            "<?php echo 'Hello ' . $_GET['name'];",
            "<?php $a = unserialize($_COOKIE['a']);",
        ),
        lookalikes=(
            "<?php echo htmlspecialchars('a');",
            "<?php $s = $db->prepare('SELECT * FROM a WHERE id = ?'); $s->execute([$id]);",
        ),
    ),
    _rule(
        "other_languages",
        "Runs commands, SQL or objects that are put together from values, or trusts everybody",
        0.75,
        pattern=r"\bRuntime\.getRuntime\(\)\.exec\(\s*[^)\n]*\+|\bnew ObjectInputStream\(|\.execute(?:Query|"
        r"Update)?\(\s*\"(?:SELECT|INSERT|UPDATE|DELETE)\b[^;\n]*\"\s*\+|"
        r"\bnew SqlCommand\(\s*(?:\$\"|\"[^\"\n]*\"\s*\+)|\bBinaryFormatter\b|\bInsecureSkipVerify\s*:\s*true\b|"
        r"\bexec\.Command\(\s*\"(?:sh|bash)\",\s*\"-c\",\s*[a-z]\w*|"
        r"\.(?:Query|Exec|QueryRow)\(\s*(?:fmt\.Sprintf\(|\"[^\"\n]*\"\s*\+)|\b(?:Marshal|"
        r"YAML)\.load\(\s*(?:params|request|cookies|[a-z_]+\))|"
        r"\b(?:system|exec|`)\(?\s*\"[^\"\n]*#\{|\.where\(\s*\"[^\"\n]*#\{|\.constantize\b|\braw\(\s*params|"
        r"\.html_safe\b|"
        r"(?m:^|[^\w.])(?:gets|strcpy|strcat|sprintf|vsprintf)\(\s*[a-z_]\w*\s*[,)]",
        language="java",
        examples=(
            'Runtime.getRuntime().exec("ping " + host);',
            'statement.executeQuery("SELECT * FROM a WHERE b = \'" + name + "\'");',
            "client := &tls.Config{InsecureSkipVerify: true}",
            'rows, err := db.Query(fmt.Sprintf("SELECT * FROM a WHERE b = %s", b))',
            "User.where(\"name = '#{params[:name]}'\")",
            "char name[8]; gets(name);",
        ),
        lookalikes=(
            'PreparedStatement s = c.prepareStatement("SELECT * FROM a WHERE b = ?");',
            'rows, err := db.Query("SELECT * FROM a WHERE b = $1", b)',
            "User.where(name: params[:name])",
            "fgets(name, sizeof name, stdin);",
        ),
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's code lets strangers in."""
    yield from _SCANNER.scan(document, outside=document.strings)
