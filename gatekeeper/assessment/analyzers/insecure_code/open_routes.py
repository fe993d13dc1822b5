"""Routes that anybody may call: sensitive ones in a file that asks nobody who they are.

Owns what counts as a route, as sensitive and as asking. What a route does with its input is `input_flows.py`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code.pieces import Piece
from gatekeeper.assessment.examples import fenced, in_file
from gatekeeper.assessment.prefilter import RULE_PATTERNS
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import Match, compile_phrase

_OPEN_ROUTE = Rule(
    id="insecure.open_route",
    hazard=Hazard.INSECURE_CODE,
    title="A sensitive route without authentication",
    confidence=0.55,
    examples=(
        in_file(
            "routes/resolve.js",
            "router.post('/resolve', async (req, res) => {\n  await processCharge(req.body);\n  res.end();\n});",
        ),
        in_file(
            "routes/revenue.js",
            "```javascript\nconst read = require('../middlewares/figures');\n"
            "router.get('/revenue', async (req, res) => res.json(await read()));\n```",
        ),
        in_file(
            "routes/admin.js",
            "router.delete('/users/:id', async (req, res) => {\n  await User.remove(req.params.id);\n});",
        ),
        in_file(
            "routes/a.js",
            "router\n  .delete(\n    '/users/:id', // all\n    async ({ params }, res) => { await drop(params); });",
        ),
        in_file("a.js", "router.route('/users/:id').put(async (req, res) => {\n  await save(req);\n});"),
        in_file(
            "a.js",
            "fastify.put('/users/:id', { schema: { body: {} } }, async (request) => {\n  save(request);\n});",
        ),
        in_file(
            "app/api/users/[id]/route.ts",
            "export async function DELETE(request: Request) {\n  await drop();\n}",
        ),
        in_file("routes/a.js", "app.get('/api/transactions', (req, res) => res.json(all));"),
        in_file("app.py", "@app.route('/admin/export')\ndef export():\n    return everything()\n"),
        in_file("routes/money.js", "router.post('/charge', chargeHandler);"),
        in_file(
            "routes/api/self_program.js", "router.post('/', async (req, res) => {\n  await plan(req);\n});"
        ),
        in_file(
            "routes/pay.js",
            "router.post('/orders', async (req, res) => {\n  const checkoutSession = await begin(req.body);\n});",
        ),
        in_file(
            "routes/cart.js",
            "router.delete('/:item', (req, res) => {\n  req.session.cart.remove(req.params.item);\n});\n"
            "router.get('/orders', (req, res) => {\n  res.json(all());\n});",
        ),
        in_file(
            "routes/users.js",
            "router.put('/:id', check, async (req, res) => {\n  res.json(await save(req.params.id));\n});",
        ),
        in_file(
            "routes/trips.js",
            "router.post('/book', (req, res) => {\n  book(req.user);\n});\n"
            "router.delete('/:trip', (req, res) => {\n  drop(req.params.trip);\n});",
        ),
        in_file(
            "routes/staff.js",
            "router.post('/employees', [check('name').exists()], upload.single('photo'), wrap(async (req, res) => {\n"
            "  await hire(req.body);\n}));",
        ),
        fenced(
            "java",
            '@DeleteMapping("/users/{id}")\npublic void delete(@PathVariable Long id) { repo.deleteById(id); }',
        ),
        fenced(
            "go", 'mux.HandleFunc("/admin/users", func(w http.ResponseWriter, r *http.Request) { list(w) })'
        ),
        fenced("php", "Route::delete('/admin/users/{id}', [UserController::class, 'destroy']);"),
        fenced(
            "ruby",
            "class Admin::UsersController < ApplicationController\n  def destroy\n    find.destroy\n  end\nend",
        ),
        fenced("csharp", 'app.MapDelete("/users/{id}", async (int id, Db db) => { await db.Remove(id); });'),
        in_file(
            "routes/api/invoices.js",
            "router.get('/', async (req, res) => {\n  res.json(await createInvoice(req));\n});",
        ),
    ),
    lookalikes=(
        in_file("routes/admin.js", "router.delete('/users/:id', requireAdmin, remove);"),
        in_file(
            "routes/admin.js",
            "router.use(authenticate);\nrouter.delete('/users/:id', (req, res) => remove(req, res));",
        ),
        in_file("routes/users.js", "router.get('/users', (req, res) => {\n  // later\n});"),
        in_file("styles/users.css", "router.get('/users', (req, res) => {\n  // later\n});"),
        in_file("routes/a.js", "router.post('/carts', cartHandler);"),
        in_file(
            "routes/orders.js",
            "router.get('/orders', isLoggedIn, async (req, res) => {\n  res.json(await of(res.locals.id));\n});",
        ),
        in_file(
            "routes/cart.js",
            "router.delete('/:item', (req, res) => {\n  req.session.cart.remove(req.params.item);\n});",
        ),
        in_file(
            "admin.py",
            "@app.route('/admin/users')\n@roles_required('admin')\ndef users():\n    return rows()\n",
        ),
        in_file(
            "admin.js",
            "router.use(mustBeStaff);\nrouter.get('/export', async (ctx) => {\n  ctx.body = rows();\n});",
        ),
        in_file(
            "a.js",
            "fastify.put('/users/:id', { preHandler: isStaff }, async (request) => {\n  save(request);\n});",
        ),
        in_file(
            "app/api/notes/[id]/route.ts",
            "export async function DELETE(request: Request) {\n  await drop();\n}",
        ),
        in_file("mocks.js", "http.delete('/users/:id', (req, res) => {\n  res(204);\n});"),
        in_file("api.js", "export const dump = (body) => axios.post('/admin/export', body);"),
        in_file(
            "routes/a.js",
            "router.post('/employees', verifyToken('staff'), async (req, res) => {\n  hire(req);\n});",
        ),
        in_file(
            "routes/a.js", "router.delete('/:trip', (req, res) => {\n  drop(req.user, req.params.trip);\n});"
        ),
        in_file(
            "routes/a.js",
            "router.get('/plans', async (req, res) => {\n  res.json(await stripe.prices.list());\n});",
        ),
        in_file("routes/a.js", "app.post('/carts', (req, res) => {\n  res.json(addToCart(req.body));\n});"),
        fenced(
            "java",
            '@PreAuthorize("isAdmin()")\n@DeleteMapping("/users/{id}")\npublic void delete(Long id) { }',
        ),
        fenced(
            "java",
            '@GetMapping("/users/{id}")\npublic User one(@PathVariable Long id) { return repo.find(id); }',
        ),
        fenced("go", 'mux.Handle("/admin/users", requireAuth(list))'),
        fenced(
            "php",
            "Route::middleware('auth')->delete('/admin/users/{id}', [UserController::class, 'destroy']);",
        ),
        in_file("routes/a.js", "app.post('/users/login', (req, res) => login(req, res));"),
        in_file("routes/a.js", "app.post('/webhooks/payments', (req, res) => receive(req, res));"),
        in_file("routes/a.js", "app.get('/api/weather', (req, res) => res.json(all));"),
        in_file(
            "app.py", "@app.route('/admin/export')\n@login_required\ndef export():\n    return everything()\n"
        ),
    ),
)

_AUTHENTICATION_REMOVED = Rule(
    id="insecure.authentication_removed",
    hazard=Hazard.INSECURE_CODE,
    title="Removes what asks callers who they are",
    confidence=0.7,
    examples=(
        fenced("diff", " app.use(helmet());\n-app.use(authenticate);\n app.use('/api/accounts', accounts);"),
        fenced(
            "diff", '-        [Authorize(Roles = "Admin")]\n         public IActionResult DeleteUser(int id)'
        ),
        fenced("diff", "@@ -1,3 +1,2 @@\n-  before_action :authenticate_user!\n   def index"),
    ),
    lookalikes=(
        fenced(
            "diff",
            "-router.delete('/users/:id', requireAuth, remove);\n+router.delete('/users/:id', requireAdmin, remove);",
        ),
        fenced("diff", "-const auth = require('./auth');\n-// authenticate first\n+run();"),
        fenced("diff", "+app.use(authenticate);\n app.use('/api/accounts', accounts);"),
    ),
)

RULES: tuple[Rule, ...] = (_OPEN_ROUTE, _AUTHENTICATION_REMOVED)

# routes that are guarded, if at all, where they are declared: what stands in the last group is the address
_ROUTE = RULE_PATTERNS.add(
    r"\b[\w$]+\s*\.\s*(?:(?:get|post|put|patch|all|(delete))\(\s*[\"'`](/[^\"'`\n]{0,200})[\"'`]\s*,|"
    r"route\(\s*[\"'`](/[^\"'`\n]{0,200})[\"'`]\s*\)\s*\.\s*(?:get|post|put|patch|all|delete)\()\s*"
    r"(?:(?:[\w$.]+(?:\([^()\n]*\)[\w.]*)*|\[[^\[\]\n]*\]|"
    r"\{[^();]*?\})\s*,\s*)*(?:\w+\(\s*)?(?:async\s*)?"
    r"(?:function\b[^(\n]{0,40})?\(?\s*(?:_?(?:req|request|ctx|context|c|q|rq)\b|\{[^{}]*\}\s*,\s*_?(?:res|"
    r"response|reply)\b)"
    r"|@\w+\.(?:route|get|post|put|patch|delete|api_route)\(\s*[\"']([^\"'\n]{1,200})[\"']"
    r"|\bexport\s+(?:async\s+)?function\s+DELETE\("
)
# routes that may be guarded elsewhere too: only what is most sensitive counts
_MANAGED_ROUTE = RULE_PATTERNS.add(
    r"@(Delete|Post|Put|Patch|Get|Request)Mapping\(\s*(?:value\s*=\s*|path\s*=\s*)?\"([^\"\n]{1,200})\"|"
    r"@(Delete|Post|Put|Patch|Controller)\(\s*[\"'`]([^\"'`\n]{1,200})[\"'`]\s*\)|"
    r"\[(?:Http)?(Delete|Post|Put|Patch|Route)\(\s*\"([^\"\n]{1,200})\"|"
    r"\.Map(Delete|Post|Put|Patch|Get)\(\s*\"([^\"\n]{1,200})\"|"
    r"\bRoute::(delete|post|put|patch|get|resource)\(\s*[\"']([^\"'\n]{1,200})[\"']|"
    r"\b(?:HandleFunc|Handle|GET|POST|PUT|"
    r"PATCH)()\(\s*\"(?:[A-Z]+ )?([^\"\n]{1,200})\"\s*,\s*(?:func\b|\w+(?:\.\w+)*\s*\))|"
    r"\b(DELETE)\(\s*\"([^\"\n]{1,200})\"\s*,\s*(?:func\b|\w+(?:\.\w+)*\s*\))|"
    r"\bclass ()(Admin::\w+|Admin\w*Controller) < ApplicationController|"
    r"\bpath()\(\s*[\"']((?:api/)?admin/[^\"'\n]{1,200})[\"']\s*,\s*(?:views\.)?\w+|"
    r"\b[\w$]+\.(get|post|put|patch|delete)\(\s*[\"'`](/[^\"'`\n]{1,200})[\"'`]\s*,\s*[\w$]+(?:\.[\w$]+)*\s*\)"
)
_SENSITIVE = compile_phrase(
    r"(?i)(?:^|[/_-])(?:admin|users?|accounts?|customers?|profiles?|employees?|patients?|payroll|salar(?:y|ies)|kyc|"
    r"withdraw\w*|payments?|billing|invoices?|"
    r"transactions?|revenue|income|sales(?:/|$)|orders?|refunds?|"
    r"payouts?|charges?|subscriptions?|wallets?|balances?|settings|config|environment|debug|"
    r"migrations?|migrate|schemas?|"
    r"export|secrets?|keys|tokens?|exec|execute|deploy|self[-_]?program\w*|sql|backups?|roles?|"
    r"permissions?)(?:[/_:?.-]|$)"
)
_OPEN_BY_NATURE = compile_phrase(
    r"(?i)log-?in|log-?out|sign-?(?:up|in|out)|register|registration|webhooks?|health|"
    r"password|verify|callback|oauth|public"
)
_ASKS = compile_phrase(
    r"(?i)\b\w*(?:auth\w*|jwt|passport|protect|guard|require_?(?:user|admin|role|login)|"
    r"is_?admin|login_required|"
    r"verify_?(?:token|user|jwt|key|api)\w*|check_?(?:token|user|role|permission)\w*|"
    r"(?:logged|signed)_?in\b|logged_?in_?(?:only|user)|(?:admins?|staff|owners?|members?|users?)_?only|"
    r"must_?be_?(?:log|sign|auth|admin|staff|user|owner|member)|"
    r"(?:roles?|permissions?|scopes?|staff|admin|session|sign_?in)_required|"
    r"ensure_?(?:log|auth|admin|user|role|perm|sign|owner|token)\w*|permission_classes|pre_?handler|on_?request|"
    r"api_?key|session\.user|(?:req|request|ctx)\.session\.(?:cart|basket|destroy|account|customer|member|owner|"
    r"admin|logged|"
    r"signed|uid)|req\.user|locals\.(?:me\b|\w*(?:user|session|account))|current_\w*user|bearer|before_action|"
    r"RolesAllowed|Secured|Principal|Depends|"
    r"staff_member|superuser|get_?(?:server_?)?session|policy)\w*"
    r"|\b(?:require|need|ensure|check|restrict|allow|has|is)s?_?(?:to_?)?(?:sign|log_?in|session|staff|owner|"
    r"member|scope|roles?\b|"
    r"permission)\w*"
)
# what a handler asks for itself alone, or says to whom it refuses
_ASKS_IN_HANDLER = compile_phrase(
    r"(?i)^(?:\w+\.)?\w*(?:session\.\w*|req\.user|locals\.\w+|current_\w*user)\w*$|^(?:un)?(?:authenticated|"
    r"authori[sz]ed)$"
)
_MOST_SENSITIVE = compile_phrase(
    r"(?i)(?:^|[/_:-])(?:admin\w*|roles?|permissions?|export\w*|transfers?|refunds?|payouts?|"
    r"impersonat\w*|debug|exec\w*|sql|charges?|self[-_]?program\w*|"
    r"backups?|secrets?)(?:[/_:?.-]|$)"
)
# a handler that takes money is sensitive, whatever its address
_TAKES_MONEY = compile_phrase(
    r"(?i)\bstripe\w*(?:\.\w+){0,3}\.(?:create|confirm|capture|update|pay|cancel|del|refund|transfer)\w*\(|"
    r"\b(?:process|capture|create|make|perform|handle)\w{0,20}(?:charge|payment|revenue|refund|payout)\w*\("
    r"|\b(?:charge|refund)(?:customer|card|user|account)?\(|credit_?card|card_?number"
)
_EMPTY_BODY = compile_phrase(r"^[^{}\n]*\{(?:\s|//[^\n]*)*\}")
_CALLS = compile_phrase(
    r"(?i)(?:http|rest|nock|mock\w*|msw|axios\w*|\$?http\w*|\w*client|fetch\w*|got|ky|superagent|requests?|"
    r"agent|cy|page)\."
)
_REMOVED = compile_phrase(r"(?m)^-(?:[^-\n][^\n]*|)$")
_ADDED = compile_phrase(r"(?m)^\+[^+\n][^\n]*$")
_HUNK = compile_phrase(r"(?m)^@@[^\n]*$")
_ASKS_IN_LINE = compile_phrase(
    r"(?i)\b(?:require_?(?:auth\w*|admin|user|login|role\w*)|\w*authenticate\w*|"
    r"is_?authenticated|is_?admin|login_required|"
    r"ensure_?(?:logged\w*|auth\w*)|verify_?(?:token|jwt|session)\w*|pre_?authorize|secured|"
    r"rolesallowed|authorize\w*|"
    r"permission_classes|use_?guards|check_?(?:role|permission|auth)\w*|get_current_\w*user|"
    r"protect)\b|[\"']auth(?:[:\"'])|"
    r"\b(?:app|router)\.use\(\s*\w*auth\w*"
)
_IDLE_LINE = compile_phrase(
    r"^-\s*(?://|#(?:\s|$)|\*|import\b|from\b|using\b|(?:const|let|var) [^=]*= require\()"
)
MOST_LINES = 2000
_HANDLER = 1500
_AUTHORS = compile_phrase(r"(?i)^\w*authors?(?:id|name)?$")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the first open route of each piece of code, and what a diff removes that asked."""
    for piece in document.code:
        route = _open_route(document, piece)
        if route is not None:
            yield _OPEN_ROUTE.finding(document, *route)
        if piece.language == "diff":
            yield from _removed(document, piece)


def _open_route(document: Document, piece: Piece) -> tuple[int, int] | None:
    """Return where the first sensitive route stands that asks nobody, None where all of them ask."""
    running, span = document.running, (piece.start, piece.end)
    artifact = None if piece.said else document.artifact_at(piece.start)
    path = b"" if artifact is None else artifact.path.encode("ascii").rpartition(b".")[0]
    routes, managed = _matches(document, _ROUTE, span), _matches(document, _MANAGED_ROUTE, span)
    words = _asking_words(document, piece) if routes or managed else []
    if any(_ASKS_IN_HANDLER.match(word.group()) is None for word in words):
        return None
    asked = [word.start() for word in words]
    ends = [*(each.start() for each in routes[1:]), piece.end]
    for route, end in zip(routes, ends, strict=False):
        handler = (route.end(), min(end, route.end() + _HANDLER))
        address = next((each for each in route.groups()[1:] if each is not None), b"")
        where = path + address if address[1:2] in (b"", b":") else address
        sensitive = (
            _is_sensitive(where) or route.start(1) >= 0 or _TAKES_MONEY.search(running, *handler) is not None
        )
        does_nothing = _EMPTY_BODY.search(running[slice(*handler)]) is not None
        asked_before = bisect_left(asked, routes[0].start()) > 0
        guarded = asked_before or bisect_left(asked, route.start()) < bisect_left(asked, end)
        if sensitive and not (guarded or does_nothing or _is_open_by_nature(where) or _is_call(route)):
            return route.span()
    if asked:
        return None
    for route in managed:
        verb, address = _verb_and_address(route)
        if _is_call(route) or not _is_sensitive(address):
            continue
        if verb.lower() == b"delete" or _MOST_SENSITIVE.search(address):
            return route.span()
    return None


def _matches(document: Document, number: int, span: Span) -> list[Match]:
    if not document.may_match(number):
        return []
    return list(islice(RULE_PATTERNS.pattern(number).finditer(document.running, *span), MOST_LINES))


def _is_call(route: Match) -> bool:
    """Tell whether it is a request that is sent, or answered in place of a server by a test, and no route."""
    return _CALLS.match(route.group()) is not None


def _verb_and_address(route: Match) -> tuple[bytes, bytes]:
    group = next(group for group in range(2, 21, 2) if route.start(group) >= 0)
    return route.group(group - 1), route.group(group)


def _is_sensitive(address: bytes) -> bool:
    return _SENSITIVE.search(address) is not None and not _is_open_by_nature(address)


def _is_open_by_nature(address: bytes) -> bool:
    return _OPEN_BY_NATURE.search(address) is not None


def _asking_words(document: Document, piece: Piece) -> list[Match]:
    """Return the words by which the piece asks who is calling, or lets something else ask."""
    words = _ASKS.finditer(document.running, piece.start, piece.end)
    return [word for word in islice(words, MOST_LINES) if _AUTHORS.search(word.group()) is None]


def _removed(document: Document, piece: Piece) -> Iterator[Finding]:
    """Yield the first line of each hunk that asked who is calling, when no added line of the hunk asks."""
    reading = document.reading
    starts = [
        piece.start,
        *(hunk.end() for hunk in islice(_HUNK.finditer(reading, piece.start, piece.end), MOST_LINES)),
    ]
    for start, end in pairwise([*starts, piece.end]):
        added = islice(_ADDED.finditer(reading, start, end), MOST_LINES)
        if any(_ASKS_IN_LINE.search(line.group()) is not None for line in added):
            continue
        for line in islice(_REMOVED.finditer(reading, start, end), MOST_LINES):
            if _ASKS_IN_LINE.search(line.group()) and _IDLE_LINE.search(line.group()) is None:
                yield _AUTHENTICATION_REMOVED.finding(document, *line.span())
                break
