"""Loose ends of JavaScript modules: what is never exported, never defined, never served; and what that loses.

Owns the rules on a module's ties to the rest of the service, and on a central file that is overwritten by a module
without them. Files that do not parse are `files.py`, what is left out of them `stubs.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code import javascript_module as module
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.central_files import Part
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

_ROUTER = "const express = require('express');\nconst router = express.Router();\n"
_APP = "const express = require('express');\nconst app = express();\napp.use(express.json());\n"
_LIST = "router.get('/', (req, res) => res.json([]));\n"

_NOT_EXPORTED = Rule(
    id="incoherent.exports_nothing",
    hazard=Hazard.INCOHERENT,
    title="Is a module that is loaded for what it exports, and exports nothing",
    confidence=0.75,
    examples=(
        in_file("routes/notes.js", _ROUTER + _LIST),
        in_file("middlewares/limits.js", "const limits = (req, res, next) => next();"),
        in_file("models/note.js", "class Note extends Model {}\nNote.init({}, { sequelize });"),
    ),
    lookalikes=(
        in_file("routes/notes.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file("routes/notes.ts", "export const list = (req, res) => res.json([]);"),
        in_file("scripts/run.js", "const notes = require('./notes');\nnotes.run();"),
        in_file(
            "server.js", _APP + "const router = express.Router();\napp.use('/', router);\napp.listen(3000);"
        ),
    ),
)
_UNDEFINED = Rule(
    id="incoherent.undefined_name",
    hazard=Hazard.INCOHERENT,
    title="Calls or exports a name that it neither defines nor imports",
    confidence=0.7,
    examples=(
        in_file("routes/notes.js", _LIST + "module.exports = router;"),
        in_file("config/setup.js", "const express = require('express');\nmodule.exports = app;"),
        in_file("services/notes.js", "exports.list = async () => Note.findAll();"),
        in_file("services/notes.js", "module.exports = {\n  list, // all of them\n  send\n};"),
    ),
    lookalikes=(
        in_file("routes/notes.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file(
            "services/notes.js",
            "import { Note as N } from './note.js';\nexport const list = () => N.findAll();",
        ),
        in_file(
            "services/notes.ts",
            "export class Notes {\n  constructor(private db: Db) {}\n  list({ id }: Query) {\n    id.trim();\n  }\n}",
        ),
        in_file(
            "services/notes.js",
            "const { a, b: c = 1 } = require('./x'), d = a;\nmodule.exports = () => c(d());",
        ),
        in_file(
            "services/notes.js", "const { list, send } = require('./x');\nmodule.exports = { list, send };"
        ),
        in_file("services/notes.js", "export { list, send } from './x.js';"),
        in_file(
            "services/notes.js",
            "const text = 'call router.get() first'; // or app.use()\nmodule.exports = text;",
        ),
        in_file("notes/send.js", "send();"),
        in_file("pages/notes.jsx", "export default () => <p>Notes (all)</p>;"),
    ),
)
_SERVES_NOTHING = Rule(
    id="incoherent.serves_nothing",
    hazard=Hazard.INCOHERENT,
    title="Is the entry of a service and serves nothing",
    confidence=0.75,
    examples=(
        in_file("server.js", _APP + "module.exports = app;"),
        in_file("src/app.js", _APP),
        in_file("server.js", "require('dotenv').config();\nconsole.log('ready');"),
    ),
    lookalikes=(
        in_file("server.js", _APP + "app.use('/notes', require('./routes/notes'));\napp.listen(3000);"),
        in_file("app.js", _APP + "app.get('/', (req, res) => res.send('ok'));\nmodule.exports = app;"),
        in_file("server.js", "import { start } from './src/http.js';\nstart();"),
        in_file("src/App.js", "export default function App() {\n  return null;\n}"),
    ),
)
_LOSES_EXPORTS = Rule(
    id="overwrite.not_exported",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a file that the service cannot do without with one that exports nothing",
    confidence=0.75,
    examples=(
        in_file("routes/users.js", _ROUTER + _LIST),
        in_file("middleware/auth.js", "const auth = (req, res, next) => next();"),
    ),
    lookalikes=(
        in_file("routes/users.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file("routes/notes.js", _ROUTER + _LIST),
        in_file("docs/routes/users.js", _ROUTER + _LIST),
    ),
)
_LOSES_FRAME = Rule(
    id="overwrite.undefined_frame",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a file that the service cannot do without with one that fails on loading: a name is undefined",
    confidence=0.75,
    examples=(
        in_file("routes/users.js", _LIST + "module.exports = router;"),
        in_file("app.js", "app.use('/notes', require('./notes'));\napp.listen(3000);"),
    ),
    lookalikes=(
        in_file("routes/users.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file("routes/users.js", "module.exports = (router) => {\n  " + _LIST + "};"),
        in_file("routes/notes.js", _LIST + "module.exports = router;"),
    ),
)
_LOSES_SERVICE = Rule(
    id="overwrite.serves_nothing",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites the entry of the service with one that serves nothing",
    confidence=0.75,
    examples=_SERVES_NOTHING.examples,
    lookalikes=(*_SERVES_NOTHING.lookalikes, in_file("examples/server.js", _APP)),
)
_LOSES_ROUTES = Rule(
    id="overwrite.narrow_router",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites the router of all routes with those of one feature",
    confidence=0.6,
    examples=(
        in_file("routes/api.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file(
            "routes/index.js",
            _ROUTER + "router.post('/notes', (req, res) => res.end());\nmodule.exports = router;",
        ),
    ),
    lookalikes=(
        in_file("routes/notes.js", _ROUTER + _LIST + "module.exports = router;"),
        in_file(
            "routes/index.js",
            _ROUTER
            + "router.use('/users', require('./users'));\nrouter.use('/notes', require('./notes'));\n"
            + "module.exports = router;",
        ),
        in_file(
            "routes/api.js",
            _ROUTER
            + "".join(f"router.get('/{name}', list);\n" for name in ("users", "notes", "orders", "plans"))
            + "module.exports = router;",
        ),
    ),
)
_LOSES_TO_BROWSER = Rule(
    id="overwrite.code_of_browser",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a file that the service cannot do without with code of a browser",
    confidence=0.75,
    examples=(
        in_file("routes/users.js", "import React from 'react';\nexport default () => null;"),
        in_file("config.js", "const { theme } = require('@mui/material');\nmodule.exports = theme;"),
    ),
    lookalikes=(
        in_file("src/app.js", "import React from 'react';\nexport default () => null;"),
        in_file("pages/users.js", "import React from 'react';\nexport default () => null;"),
        in_file("routes/users.js", _ROUTER + _LIST + "module.exports = router;"),
    ),
)
_LOSES_SIGN_IN = Rule(
    id="overwrite.no_credential",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites the model of accounts with one by which nobody can sign in",
    confidence=0.6,
    examples=(
        in_file(
            "models/user.js",
            "module.exports = (db) => db.define('User', { email: DataTypes.STRING, name: DataTypes.STRING });",
        ),
        in_file(
            "models/User.ts",
            "import { Schema, model } from 'mongoose';\n"
            "export default model('User', new Schema({ email: String, username: String }));",
        ),
    ),
    lookalikes=(
        in_file(
            "models/user.js",
            "module.exports = (db) => db.define('User', { email: DataTypes.STRING, passwordHash: DataTypes.STRING });",
        ),
        in_file(
            "models/user.js",
            "module.exports = (db) => db.define('User', { email: DataTypes.STRING, googleId: DataTypes.STRING });",
        ),
        in_file(
            "models/user.js",
            "module.exports = model('User', new Schema({ sub: { type: String, unique: true }, email: String }));",
        ),
        in_file("models/user.js", "module.exports = require('./account');"),
        in_file(
            "models/index.js",
            "module.exports = (db) => db.define('Note', { email: DataTypes.STRING });",
        ),
    ),
)

RULES: tuple[Rule, ...] = (
    _NOT_EXPORTED,
    _UNDEFINED,
    _SERVES_NOTHING,
    _LOSES_EXPORTS,
    _LOSES_FRAME,
    _LOSES_SERVICE,
    _LOSES_ROUTES,
    _LOSES_TO_BROWSER,
    _LOSES_SIGN_IN,
)

_LOADED_FOR_EXPORTS = compile_pattern(r"(?i)(?:^|/)(?:routes?|routers?|middlewares?|models)/")
_IMPORTED_PARTS = (Part.ROUTER, Part.DOOR, Part.MODELS, Part.DATABASE)
# an entry, and a folder of routes, may be those of a page as well
_OF_SERVER = (Part.DOOR, Part.MODELS, Part.DATABASE)
_NAMED_SERVER = compile_pattern(r"(?i)(?:^|/)server\.\w+$")
_NAMED_USER = compile_pattern(r"(?i)(?:^|/)users?\.\w+$")
_DEFINES_MODEL = compile_pattern(r"\bdefine\s*\(|\bnew\s+(?:\w+\.)?Schema\s*\(|\.\s*init\s*\(")
_HAS_ACCOUNT = compile_pattern(r"(?i)\b(?:e-?mail|user_?name|login)['\"]?\s*:")
_SIGNS_IN_BY = compile_pattern(
    r"(?i)pass(?:word|phrase|key|wd|code)|\bpwd|\bhash|hash['\"]?\s*:|credential|auth|provider|external|\bsso|saml|ldap|"
    r"token|secret|otp\b|google|github|facebook|firebase|clerk|cognito|okta|supabase|plugin|extend|"
    r"\bsub['\"]?\s*:|subject|keycloak|idp|oidc|entra|azure|identity|magic|phone|mobile"
)
_LEAST_RESOURCES = 4
_REPORTED = 3


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's JavaScript modules is tied to nothing, and what is lost with it."""
    for artifact in document.artifacts:
        if artifact.kind is not Kind.FILE or artifact.language != "javascript":
            continue
        if not document.is_another_language(artifact):
            yield from _in_module(document, artifact)


def _in_module(document: Document, artifact: Artifact) -> Iterator[Finding]:
    code, part = document.running[artifact.start : artifact.end], artifact.part
    yield from _undefined(document, artifact, code)
    if not module.exports_something(code) and _is_imported(artifact, code):
        yield _named(document, _NOT_EXPORTED, artifact)
        if part in _IMPORTED_PARTS:
            yield _named(document, _LOSES_EXPORTS, artifact)
    if part is Part.ENTRY and _serves_nothing(artifact, code):
        yield _named(document, _SERVES_NOTHING, artifact)
        yield _named(document, _LOSES_SERVICE, artifact)
    if part in _OF_SERVER and module.is_of_browser(code):
        yield _named(document, _LOSES_TO_BROWSER, artifact)
    if part is Part.ROUTER and _is_narrow(code):
        yield _named(document, _LOSES_ROUTES, artifact)
    if part is Part.MODELS and _loses_sign_in(artifact, code):
        yield _named(document, _LOSES_SIGN_IN, artifact)


def _undefined(document: Document, artifact: Artifact, code: bytes) -> Iterator[Finding]:
    seen: set[bytes] = set()
    for name, (start, end), exported in module.unbound_names(code):
        place: Span = (artifact.start + start, artifact.start + end)
        if name in seen or document.is_string_at(place[0]):
            continue
        seen.add(name)
        if len(seen) <= _REPORTED:
            yield _UNDEFINED.finding(document, *place)
        if artifact.part is not None and (exported or name in module.FRAME):
            yield _LOSES_FRAME.finding(document, *place)


def _is_imported(artifact: Artifact, code: bytes) -> bool:
    if module.listens(code) or artifact.inert:
        return False
    if artifact.part in _IMPORTED_PARTS or _LOADED_FOR_EXPORTS.search(artifact.path.encode()) is not None:
        return True
    return module.makes_router(code) and not module.makes_app(code)


def _serves_nothing(artifact: Artifact, code: bytes) -> bool:
    if not module.makes_app(code):
        named_server = _NAMED_SERVER.search(artifact.path.encode()) is not None
        return named_server and not module.listens(code) and not module.leans_on_own_modules(code)
    if not module.listens(code) and not module.exports_something(code):
        return True
    return not (module.resources(code) or module.mounts(code) or module.leans_on_own_modules(code))


def _is_narrow(code: bytes) -> bool:
    answered = module.resources(code)
    return 0 < len(answered) < _LEAST_RESOURCES and module.mounts(code) < 2


def _loses_sign_in(artifact: Artifact, code: bytes) -> bool:
    if _NAMED_USER.search(artifact.path.encode()) is None or _DEFINES_MODEL.search(code) is None:
        return False
    return _HAS_ACCOUNT.search(code) is not None and _SIGNS_IN_BY.search(code) is None


def _named(document: Document, rule: Rule, artifact: Artifact) -> Finding:
    return rule.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
