"""What a client sends, or text put together from values, where it runs, is queried, opened, called or shown.

Owns what each use of text makes dangerous. What a name holds is `flow.py`, which calls use text `sinks.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code.dialects import Dialect
from gatekeeper.assessment.code.flow import (
    LONGEST_EXPRESSION,
    STATEMENT,
    Expression,
    Holds,
    Names,
    assigned_names,
    bared,
    checked_names,
    words,
)
from gatekeeper.assessment.code.pieces import Piece
from gatekeeper.assessment.code.rules import is_code
from gatekeeper.assessment.code.sinks import Sink, Sinks, Use
from gatekeeper.assessment.code.sinks_compiled import SINKS_COMPILED
from gatekeeper.assessment.code.sinks_scripted import SINKS_SCRIPTED
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import REPORTED_PER_RULE, TOO_MUCH, Rule
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import is_within
from gatekeeper.assessment.text.reading import Match, compile_pattern

MOST_STEPS = 4000
_ALL_SINKS = (*SINKS_SCRIPTED, *SINKS_COMPILED)

_Step = tuple[Match, Expression, Sink | None]
_NO_ASSIGNMENT = (b"=", b">", b"~")
_BUILT_IS_ENOUGH = (Use.SQL, Use.CONDITION, Use.COMMAND, Use.QUERY)


def _rule(
    name: str,
    title: str,
    confidence: float,
    *,
    examples: tuple[tuple[str, str], ...],
    lookalikes: tuple[tuple[str, str], ...],
) -> Rule:
    return Rule(
        id=f"insecure.{name}",
        hazard=Hazard.INSECURE_CODE,
        title=title,
        confidence=confidence,
        examples=tuple(fenced(language, code) for language, code in examples),
        lookalikes=tuple(fenced(language, code) for language, code in lookalikes),
    )


_RULES = {
    Use.SQL: _rule(
        "values_in_sql",
        "Runs SQL that is put together from values, or that the client sent",
        0.8,
        examples=(
            ("js", "const sql = 'SELECT * FROM orders WHERE id = ' + req.params.id;\npool.query(sql, done);"),
            (
                "python",
                "sql = f\"SELECT * FROM users WHERE id = {request.args['id']}\"\ndb.session.execute(sql)",
            ),
            ("php", '<?php\n$id = $_GET["id"];\n$pdo->query("SELECT * FROM users WHERE id = $id");'),
            ("go", 'q := "SELECT * FROM cards WHERE id = " + id\nrows, err := db.QueryContext(ctx, q)'),
            (
                "java",
                'String sql = "SELECT * "\n'
                '    + "FROM accounts WHERE id = \'"\n'
                '    + id + "\'";\n'
                "statement.executeQuery(sql);",
            ),
            ("ruby", 'User.where("email = \'" + params[:email] + "\'")'),
            (
                "csharp",
                "string q = $\"SELECT * FROM Items WHERE Name = '{name}'\";\n"
                "var c = new SqlCommand(q, connection);",
            ),
        ),
        lookalikes=(
            ("js", "const sql = 'SELECT * FROM orders WHERE id = $1';\npool.query(sql, [req.params.id]);"),
            (
                "js",
                "let sql = 'SELECT * FROM orders WHERE true';\n"
                "if (name) sql += ' AND name = $' + values.push(name);\n"
                "pool.query(sql, values);",
            ),
            (
                "js",
                "const id = Number(req.params.id);\n"
                "const sql = `SELECT ${COLUMNS} FROM orders WHERE id = $1`;\n"
                "pool.query(sql, [id]);",
            ),
            ("python", "cursor.execute('SELECT * FROM users WHERE id = %s', (request.args['id'],))"),
            ("go", 'rows, err := db.QueryContext(ctx, "SELECT * FROM cards WHERE id = $1", id)'),
            ("ruby", 'User.where("email = ?", params[:email])'),
        ),
    ),
    Use.COMMAND: _rule(
        "values_in_command",
        "Runs a command that is put together from values, or that the client names",
        0.8,
        examples=(
            ("js", "const cmd = 'ping -c 1 ' + req.query.host;\nexec(cmd, done);"),
            ("python", "host = request.args.get('host')\nos.popen('ping -c 1 ' + host)"),
            ("php", "<?php\n$ip = $_POST['ip'];\n$out = shell_exec('ping ' . $ip);"),
            ("go", 'host := r.FormValue("host")\nout, _ := exec.Command("sh", "-c", "ping "+host).Output()'),
            ("java", 'String cmd = request.getParameter("cmd");\nRuntime.getRuntime().exec(cmd);'),
            ("ruby", 'dir = params[:dir]\nsystem("ls " + dir)'),
            ("csharp", 'Process.Start("cmd.exe", "/c ping " + Request.Query["host"]);'),
        ),
        lookalikes=(
            ("js", "const found = pattern.exec('a' + text);\nexecFile('ping', ['-c', '1', host]);"),
            (
                "js",
                "const host = req.query.host;\n"
                "if (!HOSTS.includes(host)) throw new Error('no');\n"
                "exec('ping ' + host);",
            ),
            ("python", "subprocess.run(['convert', request.args['name']], check=True)"),
            ("go", 'out, err := exec.Command("git", "log", branch).Output()'),
            ("ruby", 'system("ls", params[:dir])'),
        ),
    ),
    Use.CODE: _rule(
        "input_runs",
        "Runs what the client sends as code, as a template or as an object",
        0.85,
        examples=(
            ("js", "const script = req.body.script;\nvm.runInContext(script, context);"),
            ("python", "code = request.form['code']\nexec(code)"),
            ("php", "<?php\n$page = $_GET['page'];\ninclude('pages/' . $page);"),
            ("ruby", "code = params[:code]\neval(code)"),
            ("java", 'engine.eval(request.getParameter("code"));'),
        ),
        lookalikes=(
            ("js", "const page = req.query.page;\nres.render('list', { page });"),
            ("python", "name = request.form['name']\nreturn render_template('a.html', name=name)"),
            ("php", "<?php include('pages/about.php');"),
        ),
    ),
    Use.FILE: _rule(
        "input_names_file",
        "Opens, writes or deletes a file that the client names",
        0.75,
        examples=(
            ("js", "const name = req.query.file;\nfs.readFile('/var/reports/' + name, done);"),
            ("python", "name = request.args.get('file')\nwith open('/reports/' + name) as f:\n    send(f)"),
            ("php", "<?php readfile($_GET['file']);"),
            ("go", 'f, err := os.Open("/uploads/" + r.FormValue("name"))'),
            (
                "java",
                'String name = request.getParameter("file");\n'
                'InputStream in = new FileInputStream("/srv/" + name);',
            ),
            ("ruby", "send_file params[:path]"),
        ),
        lookalikes=(
            ("js", "const name = path.basename(req.query.file);\nfs.readFile('/var/reports/' + name, done);"),
            ("js", "const report = await Report.findById(req.params.id);\nfs.readFile(report.path, done);"),
            ("python", "name = secure_filename(request.args['file'])\nopen('/reports/' + name)"),
        ),
    ),
    Use.ADDRESS: _rule(
        "input_names_address",
        "Fetches, or sends people to, an address that the client names",
        0.75,
        examples=(
            ("js", "const { url } = req.body;\nconst page = await axios.get(url);"),
            ("python", "url = request.args.get('url')\nreturn requests.get(url).text"),
            ("go", 'target := r.URL.Query().Get("url")\nresp, err := http.Get(target)'),
            ("java", 'response.sendRedirect(request.getParameter("url"));'),
            ("ruby", "redirect_to params[:return_to]"),
            ("csharp", 'Response.Redirect(Request.QueryString["url"]);'),
        ),
        lookalikes=(
            ("js", "const page = await axios.get('https://api.example.com/items/' + req.params.id);"),
            (
                "js",
                "const next = req.query.next;\n"
                "if (!next.startsWith('/account')) return res.redirect('/');\n"
                "res.redirect(next);",
            ),
            ("python", "return redirect(url_for('item', id=request.args['id']))"),
        ),
    ),
    Use.MARKUP: _rule(
        "input_in_markup",
        "Puts what the client sends into a page as it is",
        0.7,
        examples=(
            ("js", "const { name } = req.query;\nres.send('<h1>Hello ' + name + '</h1>');"),
            (
                "js",
                "const name = new URLSearchParams(location.search).get('name');\n"
                "box.innerHTML = 'Hello <b>' + name;",
            ),
            ("python", "name = request.args['name']\nreturn make_response(f'<p>{name}</p>')"),
            ("php", '<?php\n$name = $_REQUEST["name"];\necho "Hello : $name";'),
            ("go", 'fmt.Fprintf(w, "<h1>Hello %s</h1>", r.URL.Query().Get("name"))'),
            (
                "java",
                'String q = request.getParameter("q");\nresponse.getWriter().write("Results for " + q);',
            ),
        ),
        lookalikes=(
            ("js", "const { name } = req.query;\nres.send('<h1>Hello ' + escapeHtml(name) + '</h1>');"),
            ("js", "const user = await find(req.query.id);\nres.json({ name: user.name });"),
            ("php", '<?php\n$name = $_REQUEST["name"];\necho "Hello : " . htmlspecialchars($name);'),
        ),
    ),
    Use.QUERY: _rule(
        "values_in_query",
        "Asks a directory or a document by a query that is put together from values",
        0.75,
        examples=(
            ("js", 'const nodes = xpath.select("//user[name=\'" + req.body.name + "\']", doc);'),
            ("python", 'conn.search_s(base, scope, "(uid=%s)" % name)'),
            ("csharp", 'var ds = new DirectorySearcher("(uid=" + user + ")");'),
        ),
        lookalikes=(
            ("js", "const nodes = xpath.select('//user', doc);"),
            ("python", "found = re.search('(uid=.*)' , text)"),
        ),
    ),
    Use.PATTERN: _rule(
        "input_is_pattern",
        "Matches by a pattern that the client sends, which can take for ever",
        0.6,
        examples=(
            ("js", "const pattern = req.query.pattern;\nif (new RegExp(pattern).test(text)) hit();"),
            ("python", "re.match(request.args['pattern'], text)"),
        ),
        lookalikes=(
            ("js", "if (/^[a-z]+$/.test(req.query.name)) hit();"),
            ("js", "const found = new RegExp(escapeRegExp(req.query.name));"),
        ),
    ),
}
_RULES[Use.STATEMENT_OF_CLIENT] = _RULES[Use.CONDITION] = _RULES[Use.SQL]
_RULES[Use.PAGE] = _RULES[Use.MARKUP]

RULES: tuple[Rule, ...] = tuple(dict.fromkeys(_RULES.values()))

_QUERY_LANGUAGE = compile_pattern(r"\(\w+=|//|\bthis\.|^['\"]?/\w+/|\[@?\w+\s*=")
_NOT_TEXT = compile_pattern(r"^\s*(?:\{|\[|function\b|async\b|\(?\w*\)?\s*=>)")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where text that somebody else chose does something."""
    for piece in document.code:
        for sinks in _ALL_SINKS:
            if piece.may_be((sinks.dialect.name,)) and sinks.any.search(
                document.running, piece.start, piece.end
            ):
                yield from _in_piece(document, piece, sinks)


def _in_piece(document: Document, piece: Piece, sinks: Sinks) -> Iterator[Finding]:
    calls = _calls(document, piece, sinks)
    if not calls:
        return
    assignments = list(islice(_assignments(document, piece, sinks.dialect), MOST_STEPS))
    if len(calls) == MOST_STEPS or len(assignments) == MOST_STEPS:
        yield TOO_MUCH.finding(document, piece.start, piece.end)
    names = Names(sinks.dialect, checked_names(document.running, piece.start, piece.end))
    for parameters in _declared(document, piece, sinks):
        names.declare(parameters.group(1))
    steps = [*_needed(document, piece, sinks.dialect, assignments, calls), *calls]
    reported: dict[str, int] = {}
    for match, expression, sink in sorted(steps, key=lambda step: step[0].end()):
        if sink is None:
            names.assign(match, expression)
            continue
        rule = _RULES[sink.use]
        if reported.get(rule.id, 0) < REPORTED_PER_RULE and _is_dangerous(names, sink.use, expression):
            end = match.end() + len(document.running[match.end() : piece.end].partition(b"\n")[0])
            if is_code(document, piece, match.start(), end):
                reported[rule.id] = reported.get(rule.id, 0) + 1
                yield rule.finding(document, match.start(), end)


def _calls(document: Document, piece: Piece, sinks: Sinks) -> list[_Step]:
    """Return the calls that are given more than literals, of the uses that can be dangerous in this piece."""
    running, span = document.running, (piece.start, piece.end)
    fed = sinks.dialect.inputs.search(running, *span) is not None or any(_declared(document, piece, sinks))
    found: list[_Step] = []
    for sink in sinks.sinks:
        if not fed and sink.use not in _BUILT_IS_ENOUGH:
            continue
        for match in islice(sink.pattern.finditer(running, *span), MOST_STEPS - len(found)):
            text = running[match.end() : min(piece.end, match.end() + LONGEST_EXPRESSION)]
            expression = bared(text, sink.shape, sinks.dialect)
            if any(words(expression.bare)) and _NOT_TEXT.search(expression.bare) is None:
                found.append((match, expression, sink))
    return found


def _declared(document: Document, piece: Piece, sinks: Sinks) -> Iterator[Match]:
    pattern = sinks.dialect.declared
    return iter(()) if pattern is None else pattern.finditer(document.running, piece.start, piece.end)


def _assignments(document: Document, piece: Piece, dialect: Dialect) -> Iterator[Match]:
    running = document.running
    for match in dialect.assigned.finditer(running, piece.start, piece.end):
        if running[match.end() : match.end() + 1] not in _NO_ASSIGNMENT:
            yield match


def _needed(
    document: Document, piece: Piece, dialect: Dialect, assignments: list[Match], calls: list[_Step]
) -> list[_Step]:
    """Return the assignments that what the calls are given can depend on."""
    wanted = {word for _, expression, _ in calls for word in words(expression.bare)}
    found: list[_Step] = []
    for match in reversed(assignments):
        if wanted.isdisjoint(assigned_names(match)):
            continue
        if not piece.said and is_within(document.strings, match.end() - 1):
            continue
        text = document.running[match.end() : min(piece.end, match.end() + LONGEST_EXPRESSION)]
        expression = bared(text, STATEMENT, dialect)
        wanted.update(words(expression.bare))
        found.append((match, expression, None))
    return found


def _is_dangerous(names: Names, use: Use, expression: Expression) -> bool:
    holds = names.judge(expression)
    match use:
        case Use.SQL:
            return Holds.SQL in holds
        case Use.COMMAND:
            return bool(holds & (Holds.FOREIGN | Holds.BUILT))
        case Use.ADDRESS | Use.PATTERN | Use.STATEMENT_OF_CLIENT:
            return Holds.LEADS in holds
        case Use.CONDITION:
            return Holds.BUILT in holds and (Holds.FOREIGN in holds or b"=" in expression.literal)
        case Use.MARKUP:
            return Holds.FOREIGN in holds and bool(holds & (Holds.MARKUP | Holds.LEADS))
        case Use.QUERY:
            return bool(holds & (Holds.FOREIGN | Holds.BUILT)) and _speaks_query(expression)
        case _:
            return Holds.FOREIGN in holds


def _speaks_query(expression: Expression) -> bool:
    return _QUERY_LANGUAGE.search(expression.literal) is not None
