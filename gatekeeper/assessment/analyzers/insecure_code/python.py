"""Insecure Python: SQL, commands, code, files and objects that are put together from foreign values.

Owns the rules on single expressions; input that flows through names is `input_flows.py`, protections that are switched
off `unguarded_python.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
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
    insecure(
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
    insecure(
        "python_evaluates_text",
        "Runs text as code, or bytes as objects",
        0.8,
        pattern=r"(?m)(?:^|[^.\w\n])(?:eval|exec)\(\s*(?:[a-z_][\w.\[\]'\"]*\s*[,)]|input\(|request\.|f[\"'])"
        r"|\b(?:c?[pP]ickle|dill|marshal|shelve|jsonpickle|joblib)\.(?:loads?|open|decode)\(|"
        r"\byaml\.(?:unsafe_load|full_load)\(|"
        r"\b(?:pd|pandas)\.read_pickle\(|\byaml\.load\([^,)\n]*(?:\)|"
        r",\s*(?:Loader\s*=\s*)?yaml\.(?:Unsafe|Full)?Loader\b)|"
        r"\btorch\.load\([^)\n]*weights_only\s*=\s*False|\b(?:pickle|dill)\.Unpickler\(|"
        r"\bshelve\.open\(\s*[a-z]|"
        r"\btrust_remote_code\s*=\s*True\b|\bxml\.sax\.parse\w*\(\s*request|\b(?:ET|etree|"
        r"ElementTree|minidom|pulldom)\.(?:fromstring|parse\w*|XML)\(\s*(?:request\.|"
        r"await request)",
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
    insecure(
        "python_opens_input_path",
        "Opens a file or an address that the client names",
        0.75,
        pattern=r"\b(?:open|send_file|os\.path\.join|os\.remove|Path|requests\.\w+|urlopen|httpx\.\w+|"
        r"redirect)\(\s*(?:[^()\n]{0,80}[,+]\s*|f[\"'][^\n]{0,80}\{)?"
        r"(?:request|flask\.request)\.(?:args|form|values|json|data|GET|POST|query_params|files)\b",
        language="python",
        examples=(
            "return send_file(os.path.join(root, request.args['name']))",
            "page = requests.get(request.args['url'])",
        ),
        lookalikes=(
            "return send_file(os.path.join(root, 'index.html'))",
            "page = requests.get(BASE + '/orders')",
        ),
    ),
    insecure(
        "python_unpacks_anywhere",
        "Unpacks an archive to wherever its entries say",
        0.65,
        language="python",
        pattern=r"\btarfile\.open\([^\n]*\)\.extractall\(|\btarfile\.(?:open|"
        r"TarFile)\([^}]{0,400}\.extractall\(",
        unless=r"\bfilter\s*=|\bmembers\s*=\s*\w|\bcommonpath\(|\bcommonprefix\(|\bis_relative_to\(|"
        r"\.isabs\(",
        examples=(
            "tarfile.open(upload).extractall()",
            "with tarfile.open(upload) as t:\n    t.extractall(path=dest)",
        ),
        lookalikes=(
            "tarfile.open(upload).extractall(dest, filter='data')",
            "with tarfile.open(upload) as t:\n    names = t.getnames()",
        ),
    ),
    insecure(
        "python_keeps_foreign_files",
        "Keeps uploaded files where and as the client names them, or stores whatever members it sends",
        0.65,
        language="python",
        pattern=r"\.save\([^\n]*\b\w+\.filename\s*\)|\b[A-Z]\w*\(\s*\*\*request\.(?:json|form|data|POST|"
        r"GET|get_json\(\))|\.__dict__\.update\(\s*request\.|"
        r"\bfind(?:_one)?\(\s*(?:request\.|\{[^{}]*[\"']password[\"']\s*:\s*request\.)|"
        r"[\"']\$where[\"']\s*:\s*(?:f[\"']|[\"'][^\n]*[\"']\s*\+)",
        unless=r"\bsecure_filename\(",
        examples=("f.save(os.path.join('uploads', f.filename))", "user = User(**request.json)"),
        lookalikes=(
            "f.save(os.path.join('uploads', secure_filename(f.filename)))",
            "user = User(name=request.json['name'])",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("python",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's Python lets strangers in."""
    yield from _SCANNER.scan(document)
