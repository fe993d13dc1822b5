"""Insecure JavaScript and TypeScript: input that becomes code, markup, a query or an address.

Owns the rules on single expressions; input that flows through names is `input_flows.py`, protections that are switched
off `unguarded_javascript.py`, routes without authentication `open_routes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

# what a client sends, in the frameworks that are in use
_INPUT = (
    r"(?:(?:req|request|ctx|ctx\.request|event)\."
    r"(?:query|params?|body|headers|cookies|url|queryStringParameters)\b)"
)

_CODE_RULES = (
    insecure(
        "sql_injection",
        "Builds SQL from values instead of passing them as parameters",
        0.85,
        language="js",
        pattern=r"(?i)\.(?:query|execute|exec|raw|\$queryRawUnsafe|\$executeRawUnsafe|all|run|"
        r"whereRaw)\(\s*(?:"
        r"`\s*(?:select|insert|update|delete|with|drop|alter)\b[^`]{0,400}\$\{|"
        r"[\"']\s*(?:select|insert|update|delete|with|drop|"
        r"alter)\b[^\"'\n;]{0,300}(?:'[^\"'\n]{0,40})?[\"']\s*\+\s*[\w.\[\]]+)"
        r"|=\s*`\s*(?:select\b[^`]{1,300}\bfrom\b|insert\s+into\b|update\b[^`]{1,200}\bset\b|"
        r"delete\s+from\b)[^`]{0,300}"
        r"'?\$\{\s*(?:req|request|ctx|input|user[A-Z_]?\w*|params|body|query)\b",
        examples=(
            "const rows = await db.query(`SELECT * FROM users WHERE name = '${name}'`);",
            'db.query("SELECT * FROM users WHERE id = " + req.params.id, done);',
            "const sql = `DELETE FROM orders WHERE id = ${req.body.id}`;",
        ),
        lookalikes=(
            "const rows = await db.query('SELECT * FROM users WHERE name = $1', [name]);",
            "const rows = await sql`SELECT * FROM users WHERE name = ${name}`;",
            "// db.query(`SELECT * FROM users WHERE name = '${name}'`)\nrun();",
            "logger.info(`selected ${rows.length} rows`);",
        ),
    ),
    insecure(
        "command_injection",
        "Runs a shell command that is put together from values",
        0.8,
        language="js",
        pattern=r"(?m)(?:^|[^.\w\n])(?:exec|execSync|child_process\.exec|cp\.exec|shell\.exec|execAsync|"
        r"shelljs\.exec)\(\s*(?:`[^`]{0,300}\$\{|"
        r"[\"'][^\"'\n]{0,200}[\"']\s*\+\s*\w|" + _INPUT + r")"
        r"|\b(?:spawn|execFile)(?:Sync)?\([^;]{0,200}\bshell\s*:\s*true",
        examples=(
            "const { exec } = require('child_process');\nexec(`convert ${file} out.png`);",
            "execSync('git log ' + branch);",
            "exec(req.body.command, done);",
            "spawn(command, args, { shell: true });",
        ),
        lookalikes=(
            "execFile('convert', [file, 'out.png']);",
            "exec('npm run build');",
            "const match = pattern.exec(`a ${text}`.trim());\nspawn('ls', ['-l']);",
        ),
    ),
    insecure(
        "evaluates_text",
        "Runs text as code",
        0.8,
        language="js",
        pattern=r"(?m)\b(?:globalThis|window|global|self|this)\s*(?:\?\.)?\[\s*[\"'`](?:eval|Function)[\"'`]\s*\]"
        r"|(?:^|[^.\w\n])eval\(\s*[^)\s\"'`]|(?:^|[^.\w\n])eval\(\s*`[^`]*\$\{|(?:^|"
        r"[^.\w\n])eval\(\s*[\"'][^\"'\n]*[\"']\s*\+|\bnew\s+Function\(\s*[^)\s]|"
        r"\bvm\.run\w*\(\s*[^)\s\"']|\bset(?:Timeout|Interval)\(\s*(?:[\"'`]\w|" + _INPUT + r")",
        examples=(
            "const result = eval(formula);",
            "const result = globalThis['ev' + 'al'](formula);",
            "const f = new Function('a', body);",
            "vm.runInNewContext(script, {});",
            "setTimeout('refresh()', 100);",
        ),
        lookalikes=(
            "const result = evaluate(formula);",
            "await page.$eval('#a', (node) => node.id);",
            "setTimeout(() => refresh(), 100);",
            "const text = 'never use eval(x)';",
        ),
    ),
    insecure(
        "cross_site_scripting",
        "Puts values into markup without escaping them",
        0.7,
        language="js",
        pattern=r"\.(?:innerHTML|outerHTML)\s*\+?=\s*(?:`[^`]{0,400}\$\{|[^;\n\"'`]{0,80}(?:"
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
        examples=(
            "list.innerHTML += `<li>${item.title}</li>`;",
            "document.write(location.hash);",
            "const a = <div dangerouslySetInnerHTML={{ __html: text }} />;",
            "res.send('<h1>' + req.query.name + '</h1>');",
        ),
        lookalikes=(
            "list.innerHTML = '';",
            "item.textContent = `${title}`;",
            "res.json({ name: req.query.name });",
            "const a = <div title={text} />;",
        ),
    ),
    insecure(
        "reaches_for_input_path",
        "Opens a file or an address that the client names",
        0.75,
        language="js",
        pattern=r"\b(?:fs(?:\.promises)?\.\w+|readFile(?:Sync)?|createReadStream|sendFile|download|"
        r"unlink(?:Sync)?|"
        r"path\.join|require|"
        r"fetch|axios(?:\.\w+)?|got(?:\.\w+)?|http\.get|https\.get|redirect)\(\s*(?:[^();\n]{0,80}[,+]\s*|"
        r"`[^`\n]{0,80}\$\{\s*)?" + _INPUT,
        examples=(
            "res.sendFile(path.join(root, req.params.name));",
            "const text = fs.readFileSync(`uploads/${req.query.file}`);",
            "const page = await fetch(req.query.url);",
            "res.redirect(req.query.next);",
        ),
        lookalikes=(
            "res.sendFile(path.join(root, 'index.html'));",
            "const page = await fetch(`${BASE}/orders`);",
            "res.redirect('/login');",
        ),
    ),
    insecure(
        "takes_the_whole_body",
        "Stores whatever members the client sends",
        0.6,
        language="js",
        pattern=r"\b[A-Z]\w*\.(?:create|update|updateOne|findByIdAndUpdate|findOneAndUpdate|insertMany|"
        r"bulkCreate|"
        r"upsert|build)\("
        r"\s*(?:[^();\n]{0,60},\s*)?(?:req|request|ctx\.request)\.body\s*[,)]"
        r"|\bnew\s+[A-Z]\w*\(\s*req\.body\s*\)|\bObject\.assign\(\s*\w+,\s*req\.body\b|"
        r"\b_\.merge\([^;\n]{0,60}req\.body\b"
        r"|\.(?:insert|values|create|update)\(\s*(?:\{\s*data\s*:\s*)?req\.body\s*\}?\s*\)|"
        r"\.\.\.req\.body\s*\}",
        examples=(
            "const user = await User.create(req.body);",
            "await Order.findByIdAndUpdate(req.params.id, req.body);",
            "await prisma.user.create({ data: req.body });",
            "Object.assign(account, req.body);",
        ),
        lookalikes=(
            "const user = await User.create({ name: req.body.name });",
            "const input = schema.parse(req.body);",
            "await queue.publish(event);",
        ),
    ),
    insecure(
        "query_by_input_object",
        "Lets the client write the database query",
        0.7,
        language="js",
        pattern=r"\$where[\"']?\s*:\s*(?:`[^`]*\$\{|[^\"'`\s]|\"[^\"\n]*\"\s*\+|'[^'\n]*'\s*\+)|\b(?:find|"
        r"findOne|deleteMany|"
        r"deleteOne|aggregate|where)\(\s*"
        r"(?:req|request)\.(?:body|query)\s*\)|\b(?:findOne|"
        r"find)\(\s*\{[^{}]*\bpassword\s*:\s*req\.body\.password\b|"
        r"\.collection\([^()]*\)\.(?:find|findOne|deleteMany|"
        r"deleteOne)\(\s*\{[^{}]*:\s*req\.(?:body|query)\.|"
        r"\bwhere\s*:\s*(?:\{\s*\.{3}\s*)?(?:req|request)\.(?:body|query)\s*(?:\bas\s+\w+\s*)?[,})]|"
        r"\b(?:filters?|criteria|conditions|where|q)\s*\}?\s*=\s*(?:req|request)(?:\.(?:body|"
        r"query))?\s*[;\n](?s:.{0,300}?)"
        r"(?:\bwhere\s*:\s*|\.(?:find\w*|count\w*|delete\w*)\(\s*|\{\s*)(?:filters?|criteria|conditions|where|"
        r"q)\s*[,})]",
        examples=(
            "const found = await Users.find(req.query);",
            "const rows = await Trip.findAll({ where: req.query, limit: 50 });",
            "const rows = await Trip.findAll({ where: { ...req.query } });",
            "const where = req.query;\nconst rows = await Trip.findAll({ where });",
            "const { query: filters } = req;\nconst rows = await Trip.findAll({ where: filters });",
            "db.users.find({ $where: `this.name == '${name}'` });",
        ),
        lookalikes=(
            "const found = await Users.find({ name: String(req.query.name) });",
            "const filters = { owner: req.user.id };\nconst rows = await Trip.findAll({ where: filters });",
        ),
    ),
    insecure(
        "unsafe_deserialisation",
        "Turns foreign bytes into objects that can run",
        0.85,
        language="js",
        pattern=r"\bserialize\.unserialize\(|\bnode-serialize\b|(?m:^|[^\w.>$])unserialize\(\s*(?:req|str|"
        r"data|body|cookie)|\byaml\.load\(\s*(?:req|request)\b|"
        r"\bdeserialize\(\s*(?:req|request)\b",
        examples=("const value = serialize.unserialize(req.cookies.profile);",),
        lookalikes=("const value = JSON.parse(text);",),
    ),
    insecure(
        "unescaped_markup",
        "Switches a template's or a framework's escaping off",
        0.65,
        language="js",
        pattern=r"\bbypassSecurityTrust\w+\(\s*[A-Za-z_$]|<%-\s*[A-Za-z_]\w*(?:\.\w+)*\s*%>|"
        r"\{\{\{\s*(?:[ac-zA-Z_]\w*|b[a-np-z]\w*)(?:\.\w+)*\s*\}\}\}|"
        r"\$\([^()\n]*\)\.(?:html|append|prepend|after|before)\(\s*(?:[a-z]\w*\.\w[\w.]*\s*\)|"
        r"[\"'][^\"'\n]*<[^\"'\n]*[\"']\s*\+\s*\w)|"
        r"\binsertAdjacentHTML\([^,\n]*,\s*[\"'][^\"'\n]*[\"']\s*\+|"
        r"\bdocument\.write(?:ln)?\(\s*[\"'][^\"'\n]*[\"']\s*\+|"
        r"\bserialize\([^()\n]*\bunsafe\s*:\s*true|\btrustAs(?:Html|Js|"
        r"ResourceUrl)?\(\s*[\w$.]*(?:input|user|comment|req)\w*|\bnoEscape\s*:\s*true\b|"
        r"\bautoescape\s*:\s*false\b",
        examples=(
            "this.text = this.sanitizer.bypassSecurityTrustHtml(this.comment);",
            "const page = <p><%- user.name %></p>;",
            "$('#results').append('<li>' + item.title + '</li>');",
            "nunjucks.configure('views', { autoescape: false });",
        ),
        lookalikes=(
            "const page = <p><%= user.name %></p>;",
            "const page = <div><%- include('header') %></div>;",
            "$('#results').append(node);",
            "$('#results').text(item.title);",
        ),
    ),
    insecure(
        "pollutes_prototypes",
        "Lets the client name the properties that are written",
        0.65,
        language="js",
        pattern=r"\[\s*req\.(?:body|query|params)[\w.]*\s*\](?:\s*\[[^\]\n]*\])?\s*=[^=>]|\b(?:_|lodash|"
        r"\$)\.(?:merge|mergeWith|defaultsDeep|set|setWith|extend)\([^;\n]*\b(?:req|"
        r"request)\.(?:body|query)\b|"
        r"\bmerge\w*\([^;\n]*\bJSON\.parse\(|\$\.extend\(\s*true\s*,[^;\n]*JSON\.parse\(",
        examples=("settings[req.body.key] = req.body.value;", "_.merge(config, req.body);"),
        lookalikes=(
            "settings.theme = req.body.theme;",
            "_.merge(config, defaults);",
            "if (seen[req.params.id] === 1) { next(); }",
        ),
    ),
    insecure(
        "follows_entities",
        "Reads XML and follows the entities that it names, or YAML and makes what it names",
        0.8,
        language="js",
        pattern=r"\bnoent\s*:\s*true\b|\bDEFAULT_FULL_SCHEMA\b|\bfuncster\b|\bdeepDeserialize\(|"
        r"\bloadExternalSubset\s*:\s*true\b",
        examples=(
            "const doc = libxmljs.parseXml(text, { noent: true });",
            "yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });",
        ),
        lookalikes=("const doc = libxmljs.parseXml(text, { noent: false });", "yaml.load(text);"),
    ),
    insecure(
        "keeps_foreign_files",
        "Keeps uploaded or unpacked files where and as the client names them",
        0.65,
        language="js",
        pattern=r"\bmulter\(\s*\{\s*dest\s*:\s*[\"'](?:\./)?(?:public|static|www)\b|"
        r"\.mv\(\s*[^;\n]*\.name\b|\bpath\.(?:join|resolve)\([^;\n]*\b\w+\.(?:entryName|"
        r"originalname)\b|"
        r"\bserveIndex\(",
        unless=r"\bfileFilter\b|\bstartsWith\(|\bpath\.basename\(",
        examples=(
            "const upload = multer({ dest: 'public/uploads/' });",
            "await write(path.join('out', entry.entryName), entry.getData());",
            "app.use('/files', serveIndex('uploads'));",
        ),
        lookalikes=(
            "const upload = multer({ dest: '/var/tmp/uploads', limits, fileFilter });",
            "await write(path.join('out', path.basename(entry.entryName)), entry.getData());",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("javascript",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's JavaScript lets strangers in."""
    yield from _SCANNER.scan(document)
