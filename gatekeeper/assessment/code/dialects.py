"""How each language writes what a client sends, assigns a name, and puts text together.

Owns these patterns, over bare expressions (`flow.py`) in which every literal is one quote. Refuses to judge calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.assessment.text.reading import Pattern, compile_pattern


@dataclass(frozen=True, slots=True)
class Dialect:
    """One language. `declared` is parameters that a framework fills; `inserted` what a literal of `quotes` takes in."""

    name: str
    inputs: Pattern
    assigned: Pattern
    """Group 1 or 2 is the names; the value follows."""
    joined: Pattern
    declared: Pattern | None = None
    inserted: Pattern | None = None
    quotes: bytes = b"\"'`"
    marker: bytes = b""
    """The prefix that a literal must have to take anything in; none when empty."""
    edges: bytes = b"#${} "
    """What stands around what a literal takes in."""
    dots_join: bool = False
    """Whether a dot puts texts together rather than naming a member."""
    arrows: bool = False
    """Whether `=>` begins the body of a function, which is no part of what a call is given."""


_JOINED_BY_PLUS = (
    r"'\s*\+\s*[\w$@(.]|[\w)\]]\s*\+\s*'|\b(?:util\.format|[sS]printf|printf|String\.format|"
    r"string\.Format|\.format|"
    r"[cC]oncat|formatted)\s*\("
)

JAVASCRIPT = Dialect(
    name="javascript",
    inputs=compile_pattern(
        r"\b(?:req|request|ctx|ctx\.request|context\.request|event|c\.req)\??\.(?:query|params?|"
        r"body|headers?|cookies|url|"
        r"originalUrl|files?|rawBody|queryStringParameters|pathParameters|nextUrl)\b(?:\([^()]*\))?"
        r"|\burl\.parse\([^()]*\breq\.url[^()]*\)|\bawait\s+(?:req|request|c\.req)\.(?:json|"
        r"formData|text)\(\)"
        r"|\b(?:searchParams|urlParams|queryParams|params|nextUrl\.searchParams)\.get\([^()]*\)|"
        r"\bnew\s+URLSearchParams\([^()]*\)"
        r"|\blocation\.(?:hash|search|href)\b|\bdocument\.(?:URL|documentURI|referrer)\b|\bwindow\.name\b"
        r"|\b(?:event|evt|e|message)\.data\b"
    ),
    assigned=compile_pattern(
        r"(?:^|[^\w$.])(\{[^{}=()]*\}|\[[^\[\]=()]*\]|[A-Za-z_$][\w$]*)(?:\s*:\s*[\w<>\[\]| ]+)?\s*\+?="
        r"|\b(?:const|let|var)\s+(\w+)\s+of\b"
    ),
    joined=compile_pattern(_JOINED_BY_PLUS),
    declared=compile_pattern(
        r"@(?:Query|Body|Param|Headers)\([^()]*\)\s*(\w+)(?:\s*:\s*(?:string|any|unknown))?\b"
    ),
    inserted=compile_pattern(r"\$\{(?:[^{}]|\{[^{}]*\})*\}"),
    quotes=b"`",
    arrows=True,
)
PYTHON = Dialect(
    name="python",
    inputs=compile_pattern(
        r"\b(?:flask\.|self\.)?request\.(?:args|form|values|json|data|files|cookies|headers|GET|"
        r"POST|FILES|COOKIES|"
        r"query_params|path_params|body|match_info|params|query)\b(?:\.(?:get|getlist|pop|"
        r"to_dict)\([^()]*\))?"
        r"|\brequest\.(?:get_json|get_data|form|post|text|read)\([^()]*\)|\bself\.get_(?:query_|"
        r"body_)?argument\([^()]*\)"
        r"|\bevent\[[^\[\]]*\]|\bevent\.get\([^()]*\)|\b(?:raw_)?input\([^()]*\)"
    ),
    assigned=compile_pattern(
        r"(?m)^[ \t+]*([A-Za-z_]\w*(?:\s*,\s*\w+)*)(?:\s*:\s*[\w\[\], .]+)?\s*\+?=|\bfor\s+(\w+)\s+in\b"
    ),
    joined=compile_pattern(_JOINED_BY_PLUS + r"|'\s*%\s*[\w(]"),
    declared=compile_pattern(
        r"@\w+\.(?:get|post|put|patch|delete|route)\([^\n]*\)\s*(?:async\s+)?def\s+\w+\(((?:[^()]|"
        r"\([^()]*\))*)\)"
    ),
    inserted=compile_pattern(r"\{[^{}]+\}"),
    marker=b"f",
)
PHP = Dialect(
    name="php",
    inputs=compile_pattern(
        r"\$_(?:GET|POST|REQUEST|COOKIE|FILES)\b|\$(?:this->)?request->(?:input|get|query|post|"
        r"all|cookie|header|file|request|only|"
        r"name|id|email|url|q|search)\b(?:->get)?(?:\([^()]*\))?|\bRequest::(?:input|get|query)\([^()]*\)"
        r"|\brequest\(\)->\w+(?:\([^()]*\))?"
    ),
    assigned=compile_pattern(r"(\$\w+)\s*[.+]?=|\bforeach\s*\([^()\n]*\bas\s+(\$\w+)"),
    joined=compile_pattern(r"'\+|\+'|'\s*\.\s*[\w$(]|[\w)\]]\s*\.\s*'|\bv?sprintf\s*\(|\bimplode\s*\("),
    inserted=compile_pattern(r"\{\$[^{}]*\}|\$[A-Za-z_]\w*(?:\[[^\[\]\n]*\]|->\w+)?"),
    quotes=b'"`',
    edges=b"{} ",
    dots_join=True,
)
GO = Dialect(
    name="go",
    inputs=compile_pattern(
        r"\b(?:r|req|request)\.(?:FormValue|PostFormValue|PathValue|Header\.Get|Referer)\([^()]*\)"
        r"|\b\w+\.URL\.Query\(\)(?:\.Get\([^()]*\))?|\bmux\.Vars\(\w+\)|\bchi\.URLParam\([^()]*\)"
        r"|\b(?:c|ctx)\.(?:Query|Param|Params|PostForm|DefaultQuery|FormValue|QueryParam|"
        r"GetHeader)\([^()]*\)|\b(?:r|req)\.(?:Post)?Form\b"
    ),
    assigned=compile_pattern(
        r"(?m)(?:^|[;{]|\bif\s|\bvar\s)[ \t+]*([A-Za-z_]\w*(?:\s*,\s*\w+)*)(?:\s+string)?\s*(?::|"
        r"\+)?=|\bfor\s+_,\s*(\w+)\s*:=\s*range\b"
    ),
    joined=compile_pattern(_JOINED_BY_PLUS),
)
JAVA = Dialect(
    name="java",
    inputs=compile_pattern(
        r"\b(?:request|req|httpRequest|servletRequest)\.(?:getParameter|getHeader|getQueryString|"
        r"getInputStream|getReader|"
        r"getParameterValues|getPathInfo|getCookies|getPart)\([^()]*\)|\btheCookie\.getValue\(\)|"
        r"\bcall\.(?:parameters|receive)\b"
    ),
    assigned=compile_pattern(r"(?:^|[^\w.])([A-Za-z_]\w*)\s*\+?=|\b([A-Za-z_]\w*)\.(?:add|append)\("),
    joined=compile_pattern(_JOINED_BY_PLUS),
    declared=compile_pattern(
        r"@(?:RequestParam|PathVariable|RequestBody|RequestHeader|QueryParam|PathParam|FormParam|"
        r"CookieValue)\b"
        r"(?:\([^()]*\))?\s*(?:final\s+)?(?:String\s+)?([a-z]\w*)\b"
    ),
    inserted=compile_pattern(r"\$\{[^{}]*\}|\$[A-Za-z_][\w.]*"),
    quotes=b'"',
)
RUBY = Dialect(
    name="ruby",
    inputs=compile_pattern(
        r"\b(?:params|cookies)(?:\.\w+)?\[[^\[\]]*\]|\bparams\.(?:require|permit|fetch|dig|"
        r"to_unsafe_h|slice)\([^()]*\)|"
        r"\brequest\.(?:params|headers|body|query_string|referer|raw_post)\b"
    ),
    assigned=compile_pattern(r"(?m)(?:^|;)[ \t+]*(@?[a-z_]\w*)\s*(?:(?:\|\||\+)?=|<<)|\bfor\s+(\w+)\s+in\b"),
    joined=compile_pattern(r"'\s*(?:\+|<<|%)\s*[\w$@(\[]|[\w)\]]\s*(?:\+|<<)\s*'|\b(?:sprintf|format)\("),
    inserted=compile_pattern(r"#\{(?:[^{}]|\{[^{}]*\})*\}"),
    quotes=b'"`',
)
CSHARP = Dialect(
    name="csharp",
    inputs=compile_pattern(
        r"\b(?:HttpContext\.|this\.)?Request\.(?:QueryString|Query|Form|Params|Cookies|Headers|"
        r"RouteValues|Body)\b"
        r"|\bRequest\[[^\[\]]*\]"
    ),
    assigned=compile_pattern(r"(?:^|[^\w.])([A-Za-z_]\w*)\s*\+?=|\b([A-Za-z_]\w*)\.Append(?:Format|Line)?\("),
    joined=compile_pattern(_JOINED_BY_PLUS + r"|\bConcat\("),
    declared=compile_pattern(
        r"\b(?:IActionResult|ActionResult|IResult|JsonResult|ContentResult|"
        r"FileResult)(?:<[^<>]*>)?>?\s+\w+\(([^()]*)\)"
    ),
    inserted=compile_pattern(r"\{[^{}]+\}"),
    quotes=b'"',
    marker=b"$",
    arrows=True,
)
