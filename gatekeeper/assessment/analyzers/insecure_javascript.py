"""Insecure JavaScript and TypeScript: input that becomes code, markup or an address, and checks that are "
"switched off.

Owns the rules on single expressions. Routes without authentication are `open_routes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

# what a client sends, in the frameworks that are in use
_INPUT = (
    r"(?:(?:req|request|ctx|ctx\.request|event)\."
    r"(?:query|params?|body|headers|cookies|url|queryStringParameters)\b)"
)


def _js(code: str) -> str:
    return f"```js\n{code}\n```"


def _rule(
    name: str,
    title: str,
    confidence: float,
    pattern: str,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
) -> PatternRule:
    return PatternRule(
        id=f"insecure.{name}",
        hazard=Hazard.INSECURE_CODE,
        title=title,
        confidence=confidence,
        examples=tuple(map(_js, examples)),
        lookalikes=tuple(map(_js, lookalikes)),
        pattern=pattern,
        where=Where.CODE,
    )


_PATTERN_RULES = (
    _rule(
        "sql_injection",
        "Builds SQL from values instead of passing them as parameters",
        0.85,
        r"(?i)\.(?:query|execute|exec|raw|\$queryRawUnsafe|\$executeRawUnsafe|all|run|whereRaw)\(\s*(?:"
        r"`\s*(?:select|insert|update|delete|with|drop|alter)\b[^`]{0,400}\$\{|"
        r"[\"']\s*(?:select|insert|update|delete|with|drop|"
        r"alter)\b[^\"'\n;]{0,300}(?:'[^\"'\n]{0,40})?[\"']\s*\+\s*[\w.\[\]]+)"
        r"|=\s*`\s*(?:select\b[^`]{1,300}\bfrom\b|insert\s+into\b|update\b[^`]{1,200}\bset\b|"
        r"delete\s+from\b)[^`]{0,300}"
        r"'?\$\{\s*(?:req|request|ctx|input|user[A-Z_]?\w*|params|body|query)\b",
        (
            "const rows = await db.query(`SELECT * FROM users WHERE name = '${name}'`);",
            'db.query("SELECT * FROM users WHERE id = " + req.params.id, done);',
            "const sql = `DELETE FROM orders WHERE id = ${req.body.id}`;",
        ),
        (
            "const rows = await db.query('SELECT * FROM users WHERE name = $1', [name]);",
            "const rows = await sql`SELECT * FROM users WHERE name = ${name}`;",
            "// db.query(`SELECT * FROM users WHERE name = '${name}'`)\nrun();",
            "logger.info(`selected ${rows.length} rows`);",
        ),
    ),
    _rule(
        "command_injection",
        "Runs a shell command that is put together from values",
        0.8,
        r"(?m)(?:^|[^.\w\n])(?:exec|execSync|child_process\.exec|cp\.exec|shell\.exec|execAsync|"
        r"shelljs\.exec)\(\s*(?:`[^`]{0,300}\$\{|"
        r"[\"'][^\"'\n]{0,200}[\"']\s*\+\s*\w|" + _INPUT + r")"
        r"|\bspawn(?:Sync)?\([^;]{0,200}\bshell\s*:\s*true",
        (
            "const { exec } = require('child_process');\nexec(`convert ${file} out.png`);",
            "execSync('git log ' + branch);",
            "exec(req.body.command, done);",
            "spawn(command, args, { shell: true });",
        ),
        (
            "execFile('convert', [file, 'out.png']);",
            "exec('npm run build');",
            "const match = pattern.exec(`a ${text}`.trim());\nspawn('ls', ['-l']);",
        ),
    ),
    _rule(
        "evaluates_text",
        "Runs text as code",
        0.8,
        r"(?m)(?:^|[^.\w\n])eval\(\s*[^)\s\"'`]|(?:^|[^.\w\n])eval\(\s*`[^`]*\$\{|\bnew\s+Function\(\s*[^)\s]|"
        r"\bvm\.run\w*\(\s*[^)\s\"']|\bset(?:Timeout|Interval)\(\s*(?:[\"'`]\w|" + _INPUT + r")",
        (
            "const result = eval(formula);",
            "const f = new Function('a', body);",
            "vm.runInNewContext(script, {});",
            "setTimeout('refresh()', 100);",
        ),
        (
            "const result = evaluate(formula);",
            "await page.$eval('#a', (node) => node.id);",
            "setTimeout(() => refresh(), 100);",
            "const text = 'never use eval(x)';",
        ),
    ),
    _rule(
        "cross_site_scripting",
        "Puts values into markup without escaping them",
        0.7,
        r"\.(?:innerHTML|outerHTML)\s*\+?=\s*(?:`[^`]{0,400}\$\{|[^;\n\"'`]{0,80}(?:"
        + _INPUT
        + r"|location\.|"
        r"\bdata\b|\bresponse\b|\bresult\b|\bmessage\b|\buser\w*\b)|[\"'][^\"'\n]{0,200}[\"']\s*\+)"
        r"|\bdocument\.write(?:ln)?\(\s*[^)\s\"'`]|\bdangerouslySetInnerHTML\s*=|\bv-html\s*=|"
        r"\binsertAdjacentHTML\([^;\n]{0,40},\s*`[^`]{0,300}\$\{"
        r"|\bres\.(?:send|write|end)\(\s*(?:`[^`]{0,200}<[^`]{0,200}\$\{\s*"
        + _INPUT
        + r"|[\"'][^\"'\n]{0,100}<[^\"'\n]{0,100}[\"']\s*\+\s*"
        + _INPUT
        + r")",
        (
            "list.innerHTML += `<li>${item.title}</li>`;",
            "document.write(location.hash);",
            "const a = <div dangerouslySetInnerHTML={{ __html: text }} />;",
            "res.send('<h1>' + req.query.name + '</h1>');",
        ),
        (
            "list.innerHTML = '';",
            "item.textContent = `${title}`;",
            "res.json({ name: req.query.name });",
            "const a = <div title={text} />;",
        ),
    ),
    _rule(
        "reaches_for_input_path",
        "Opens a file or an address that the client names",
        0.75,
        r"\b(?:fs(?:\.promises)?\.\w+|readFile(?:Sync)?|createReadStream|sendFile|download|unlink(?:Sync)?|"
        r"path\.join|require|"
        r"fetch|axios(?:\.\w+)?|got(?:\.\w+)?|http\.get|https\.get|redirect)\(\s*(?:[^();\n]{0,80}[,+]\s*|"
        r"`[^`\n]{0,80}\$\{\s*)?" + _INPUT,
        (
            "res.sendFile(path.join(root, req.params.name));",
            "const text = fs.readFileSync(`uploads/${req.query.file}`);",
            "const page = await fetch(req.query.url);",
            "res.redirect(req.query.next);",
        ),
        (
            "res.sendFile(path.join(root, 'index.html'));",
            "const page = await fetch(`${BASE}/orders`);",
            "res.redirect('/login');",
        ),
    ),
    _rule(
        "takes_the_whole_body",
        "Stores whatever members the client sends",
        0.6,
        r"\b[A-Z]\w*\.(?:create|update|updateOne|findByIdAndUpdate|findOneAndUpdate|insertMany|bulkCreate|"
        r"upsert|build)\("
        r"\s*(?:[^();\n]{0,60},\s*)?(?:req|request|ctx\.request)\.body\s*[,)]"
        r"|\bnew\s+[A-Z]\w*\(\s*req\.body\s*\)|\bObject\.assign\(\s*\w+,\s*req\.body\b|"
        r"\b_\.merge\([^;\n]{0,60}req\.body\b"
        r"|\.(?:insert|values|create|update)\(\s*(?:\{\s*data\s*:\s*)?req\.body\s*\}?\s*\)|\.\.\.req\.body\s*\}",
        (
            "const user = await User.create(req.body);",
            "await Order.findByIdAndUpdate(req.params.id, req.body);",
            "await prisma.user.create({ data: req.body });",
            "Object.assign(account, req.body);",
        ),
        (
            "const user = await User.create({ name: req.body.name });",
            "const input = schema.parse(req.body);",
            "await queue.publish(event);",
        ),
    ),
    _rule(
        "query_by_input_object",
        "Lets the client write the database query",
        0.7,
        r"\$where[\"']?\s*:\s*(?:`[^`]*\$\{|[^\"'`\s]|[\"'][^\"'\n]*[\"']\s*\+)|\b(?:find|findOne|deleteMany|"
        r"deleteOne|aggregate|where)\(\s*"
        r"(?:req|request)\.(?:body|query)\s*\)",
        (
            "const found = await Users.find(req.query);",
            "db.users.find({ $where: `this.name == '${name}'` });",
        ),
        ("const found = await Users.find({ name: String(req.query.name) });",),
    ),
    _rule(
        "tls_unchecked",
        "Talks to whoever answers: certificates are not checked",
        0.85,
        r"\brejectUnauthorized\s*:\s*false\b|[\"'.]?NODE_TLS_REJECT_UNAUTHORIZED[\"'\]]*\s*[=:]\s*[\"']?0|"
        r"\bstrictSSL\s*:\s*false\b|"
        r"\binsecureSkipVerify\s*[:=]\s*true\b|\bcheckServerIdentity\s*:\s*\(\)\s*=>",
        (
            "const pool = new Pool({ ssl: { rejectUnauthorized: false } });",
            "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';",
        ),
        ("const pool = new Pool({ ssl: { rejectUnauthorized: true } });",),
    ),
    _rule(
        "token_unverified",
        "Trusts a token that nobody verified",
        0.75,
        r"\balgorithms?\s*:\s*\[?\s*[\"']none[\"']|\bignoreExpiration\s*:\s*true\b|"
        r"\bjwt\.verify\([^;\n]{0,80},\s*(?:null|''|\"\")|"
        r"=\s*jwt\.decode\(\s*(?:token|req\b)",
        (
            "const user = jwt.decode(token);",
            "jwt.verify(token, key, { algorithms: ['none'] });",
            "jwt.verify(token, key, { ignoreExpiration: true });",
        ),
        ("const user = jwt.verify(token, key, { algorithms: ['RS256'] });",),
    ),
    _rule(
        "open_to_every_origin",
        "Lets pages of every origin call it",
        0.6,
        r"\bapp\.use\(\s*cors\(\s*\)\s*\)|\borigin\s*:\s*(?:[\"']\*[\"']|true)|"
        r"[\"'`]Access-Control-Allow-Origin[\"'`]\s*[,:]\s*[\"']\*[\"']|"
        r"\bCORS\(\s*app\s*\)|\ballow_origins\s*=\s*\[\s*[\"']\*[\"']",
        (
            "app.use(cors());",
            "app.use(cors({ origin: '*', credentials: true }));",
            "res.setHeader('Access-Control-Allow-Origin', '*');",
        ),
        ("app.use(cors({ origin: 'https://shop.example' }));",),
    ),
    _rule(
        "weak_secret_making",
        "Makes passwords or tokens in a way that can be guessed",
        0.7,
        r"(?i)\b(?:token|secret|password|otp|session_?id|api_?key|reset\w*|code|"
        r"salt)\b[^;\n]{0,40}=[^;\n=]{0,60}\bMath\.random\(|"
        r"\bcreateHash\(\s*[\"'](?:md5|sha1)[\"']\s*\)[^;\n]{0,60}(?:password|passwd|pwd)|\b(?:md5|"
        r"sha1)\(\s*(?:req\.body\.)?password|"
        r"\bbcrypt\.hash(?:Sync)?\([^;\n]{0,40},\s*[1-5]\s*[,)]",
        (
            "const token = Math.random().toString(36);",
            "const digest = crypto.createHash('md5').update(password).digest('hex');",
        ),
        (
            "const jitter = Math.random() * 100;",
            "const etag = crypto.createHash('sha1').update(page).digest('hex');",
            "const digest = await bcrypt.hash(password, 12);",
        ),
    ),
    _rule(
        "passwords_compared_as_text",
        "Compares passwords as they were typed",
        0.7,
        r"(?i)\b(?:user|account|row|found|existing\w*)(?:\[0\]|\?)?\.password\s*(?:===?|"
        r"!==?)\s*(?:req\.body\.)?password\b|"
        r"\b(?:req\.body\.)?password\s*(?:===?|!==?)\s*(?:user|account|row|found)(?:\[0\]|\?)?\.password\b",
        ("if (user.password === password) { login(user); }",),
        (
            "if (password === repeated) { next(); }",
            "if (await bcrypt.compare(password, user.password)) { next(); }",
        ),
    ),
    _rule(
        "environment_revealed",
        "Gives away the process's environment or its errors' insides",
        0.8,
        r"\b(?:res\.(?:json|send|end)|console\.\w+|logger\.\w+|"
        r"JSON\.stringify)\(\s*(?:[^();\n]{0,60}[,:]\s*)?process\.env\s*[,)}]|"
        r"\bres(?:\.status\(\d+\))?\.(?:json|send)\([^;\n]{0,60}\b(?:err|error|e)\.stack\b",
        (
            "res.json(process.env);",
            "console.log('settings', process.env);",
            "res.status(500).json({ error: err.stack });",
        ),
        ("console.log(process.env.NODE_ENV);", "res.status(500).json({ error: 'internal' });"),
    ),
    _rule(
        "unsafe_deserialisation",
        "Turns foreign bytes into objects that can run",
        0.85,
        r"\b(?:unserialize|serialize\.unserialize|node-serialize)\b\(?|\byaml\.load\(\s*(?:req|request)\b|"
        r"\bdeserialize\(\s*(?:req|request)\b",
        ("const value = serialize.unserialize(req.cookies.profile);",),
        ("const value = JSON.parse(text);",),
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's JavaScript lets strangers in."""
    yield from _SCANNER.scan(document, outside=document.strings)
