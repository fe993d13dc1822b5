"""What a JavaScript or TypeScript file offers and what it leans on, read without a parser.

Owns the marks of exporting, listening, routing and mounting, and which names a file uses and never binds. Errs towards
calling a name bound. It takes code whose comments are blanked; what stands in strings is the caller's to skip.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

_EXPORTS = compile_pattern(r"\bexports\b|(?m:^[ \t]*export\b)")
_ROUTER = compile_pattern(r"\bexpress\s*\.\s*Router\s*\(|(?:^|[^.\w])Router\s*\(\s*\)")
_APP = compile_pattern(r"\bexpress\s*\(\s*\)")
_LISTENS = compile_pattern(
    r"\blisten\s*\(|\bcreateServer\s*\(|\bserve(?:rless)?\s*\(|\bDeno\b|\bBun\b|\bbootstrap\s*\("
)
_ROUTE = compile_pattern(r"\.\s*(?:get|post|put|patch|delete|all|route)\s*\(\s*(?:['\"`]/?([\w-]*)|\[|/)")
_MOUNT = compile_pattern(
    r"\.\s*use\s*\(\s*['\"`]/|\.\s*use\s*\(\s*(?:require\s*\(\s*)?['\"`]?\.{0,2}/?\w*[Rr]out\w*"
)
_OWN_MODULE = compile_pattern(r"\brequire\s*\(\s*['\"`]\.|\bfrom\s+['\"]\.|\bimport\s*\(?\s*['\"]\.")
_FRONT_END = compile_pattern(
    r"(?:\bfrom\s+|\brequire\s*\(\s*)['\"`](?:react|react-dom|vue|svelte|@angular/\w+|@mui/\w+|@material-ui/\w+)\b"
)
_MARKUP = compile_pattern(r"</|/>")

_NAME = compile_pattern(r"[A-Za-z_$][\w$]*")
_BINDS = compile_pattern(
    r"\b(?:const|let|var|import)\s+((?:[\w$*\s,]*\{[^}]*\})|\[[^\]]*\]|[^=;\n]*)"
    r"|\b(?:function\s*\*?|class|enum|interface|type|namespace)\s+([\w$]+)"
    r"|([\w$]*\s*\([^()]*(?:\([^()]*\)[^()]*)*\))\s*(?::[^;{}()=]*)?(?:=>|\{)"
    r"|([\w$]+)\s*=>"
    r"|(?:^|[;{},\n])\s*([\w$]+)\s*=[^=>]"
)
_USES = compile_pattern(r"(?:^|[^.\w$'\"`/@])([A-Za-z_$][\w$]*)(?:\.[A-Za-z_$][\w$]*)*\s*\(")
_EXPORTED_NAME = compile_pattern(
    r"\bmodule\s*\.\s*exports\s*=\s*([A-Za-z_$][\w$]*)\s*(?:;|\n|\z)|\bexport\s+default\s+([A-Za-z_$][\w$]*)\s*(?:;|\n|\z)"
)
_EXPORTED_NAMES = compile_pattern(
    r"\b(?:module\s*\.\s*exports\s*=|export(?:\s+default)?)\s*\{\s*([\w$]+(?:\s*,\s*[\w$]+)*)\s*,?\s*\}\s*(?:;|\n|\z)"
)
_GIVEN = frozenset(
    b"""Array ArrayBuffer BigInt Boolean Buffer Date Error EvalError Function Infinity Intl JSON Map Math NaN Number
    Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError URL
    URLSearchParams WeakMap WeakRef WeakSet AbortController AbortSignal Blob Event EventTarget FormData Headers Request
    Response TextDecoder TextEncoder Uint8Array WebSocket XMLHttpRequest atob btoa clearInterval clearTimeout console
    crypto decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval fetch global globalThis isFinite isNaN
    module exports parseFloat parseInt performance process queueMicrotask require setImmediate setInterval setTimeout
    structuredClone unescape window document navigator location localStorage sessionStorage history alert confirm self
    customElements HTMLElement Image Audio File FileReader MutationObserver IntersectionObserver requestAnimationFrame
    describe it test expect jest beforeEach afterEach beforeAll afterAll before after cy vi suite Deno Bun gtag
    arguments async await break case catch class const continue debugger default delete do else export extends false
    finally for function get if import in instanceof let new null of return set static super switch this throw true try
    typeof undefined var void while with yield abstract as constructor declare interface type private protected public
    readonly angular jQuery React Vue google define addEventListener postMessage importScripts caches clients
    Stripe $ _ $$""".split()
)
# what everything else in a module of Express hangs from
FRAME = (b"app", b"router", b"express", b"server")
MOST_NAMES = 400


def exports_something(code: bytes) -> bool:
    """Tell whether anything leaves the module."""
    return _EXPORTS.search(code) is not None


def makes_router(code: bytes) -> bool:
    """Tell whether the module makes a router of Express."""
    return _ROUTER.search(code) is not None


def makes_app(code: bytes) -> bool:
    """Tell whether the module makes an application of Express."""
    return _APP.search(code) is not None


def listens(code: bytes) -> bool:
    """Tell whether the module starts a server."""
    return _LISTENS.search(code) is not None


def mounts(code: bytes) -> int:
    """Return at how many places routers are mounted, two at most counted."""
    found = 0
    for _ in _MOUNT.finditer(code):
        found += 1
        if found == 2:
            break
    return found


def leans_on_own_modules(code: bytes) -> bool:
    """Tell whether the module loads another one of the same service."""
    return _OWN_MODULE.search(code) is not None


def is_of_browser(code: bytes) -> bool:
    """Tell whether the module builds on a library that only runs in a browser."""
    return _FRONT_END.search(code) is not None


def resources(code: bytes) -> frozenset[bytes]:
    """Return the first steps of the paths that the module answers itself."""
    found: set[bytes] = set()
    for number, route in enumerate(_ROUTE.finditer(code)):
        if number == MOST_NAMES:
            break
        found.add((route.group(1) or b"").lower())
    return frozenset(found)


def unbound_names(code: bytes) -> Iterator[tuple[bytes, Span, bool]]:
    """Yield the names that are exported whole (True) or called, and bound nowhere in the module, with their places.

    None where markup is mixed in. A snippet that binds nothing at all is only asked for the frame of a service.
    """
    if _MARKUP.search(code) is not None:
        return
    bound = _bound_names(code)
    if bound is None:
        return
    for place, exported in (*_exported_names(code), *_called_names(code)):
        name = code[slice(*place)]
        if name not in bound and name not in _GIVEN and (bound or exported or name in FRAME):
            yield name, place, exported


def _exported_names(code: bytes) -> Iterator[tuple[Span, bool]]:
    for use in islice(_EXPORTED_NAME.finditer(code), MOST_NAMES):
        yield use.span(1 if use.start(1) >= 0 else 2), True
    for several in islice(_EXPORTED_NAMES.finditer(code), MOST_NAMES):
        for each in islice(_NAME.finditer(code, *several.span(1)), MOST_NAMES):
            yield each.span(), True


def _called_names(code: bytes) -> Iterator[tuple[Span, bool]]:
    for use in islice(_USES.finditer(code), MOST_NAMES):
        yield use.span(1), False


def _bound_names(code: bytes) -> set[bytes] | None:
    """The names that something in the module may bind; None when there are too many to tell."""
    bound: set[bytes] = set()
    for number, binding in enumerate(_BINDS.finditer(code)):
        if number == MOST_NAMES:
            return None
        for group in range(1, 6):
            start, end = binding.span(group)
            if start >= 0:
                bound.update(name.group() for name in _NAME.finditer(code, start, end))
    return bound
