"""Whether a parsed DELETE, UPDATE or MERGE touches every row, whatever its condition pretends.

Owns the reading of conditions. Refuses cleverness: only conditions that hold for every row by their form alone, or by
what a key always is, count as none.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

_LITERALS = (exp.Literal, exp.Boolean)
_KEYS = frozenset({"id", "rowid", "ctid", "uuid", "pk", "_id"})
_LEAST_KEY = 1
_ALL_MATCH = frozenset({"%", "%%"})


def touches_every_row(node: exp.Expr) -> bool:
    """Tell whether a DELETE or UPDATE has no condition, neither a WHERE nor the ON of a join, that leaves rows out."""
    where = node.args.get("where")
    if where is not None:
        return _always_true(where.this, node)
    return not any(_leaves_out(join, node) for join in _joins(node))


def _joins(node: exp.Expr) -> Iterator[exp.Expr]:
    for part in (node.this, node.args.get("from_"), *(node.args.get("using") or ())):
        if isinstance(part, exp.Expr):
            yield from part.find_all(exp.Join)


def _leaves_out(join: exp.Expr, statement: exp.Expr) -> bool:
    on = join.args.get("on")
    return bool(join.args.get("using")) or (on is not None and not _always_true(on, statement))


def merge_deletes(merge: exp.Expr) -> bool:
    """Tell whether a MERGE deletes what its source does not name, or on a condition that always holds."""
    whens = merge.args.get("whens")
    deleting = [
        when
        for when in (whens.expressions if whens is not None else ())
        if str(when.args.get("then")).upper().strip() == "DELETE" and when.args.get("condition") is None
    ]
    unnamed = any(when.args.get("source") and not when.args.get("matched") for when in deleting)
    condition = merge.args.get("on")
    return unnamed or (bool(deleting) and condition is not None and _always_true(condition, merge))


def _always_true(condition: exp.Expr, statement: exp.Expr) -> bool:
    condition = condition.unnest()
    if isinstance(condition, exp.Or):
        left, right = condition.left.unnest(), condition.right.unnest()
        return _always_true(left, statement) or _always_true(right, statement) or _complement(left, right)
    if isinstance(condition, exp.And):
        return _always_true(condition.left, statement) and _always_true(condition.right, statement)
    if isinstance(condition, exp.Not):
        return _never_true(condition.this.unnest())
    if isinstance(condition, exp.Boolean):
        return bool(condition.this)
    if isinstance(condition, exp.Literal):
        return condition.is_number and _number(condition) not in (None, 0)
    if isinstance(condition, exp.Is):
        return bool(condition.args.get("negate")) and _is_null(condition) and _is_key(condition.this)
    if isinstance(condition, exp.Exists):
        return condition.find(exp.Table) is None
    if isinstance(condition, exp.In):
        return _holds_itself(condition, statement)
    return isinstance(condition, exp.Binary) and _compares_nothing(condition)


def _never_true(condition: exp.Expr) -> bool:
    """Tell whether the negation of a condition holds for every row: FALSE, 1 = 2, a key IS NULL."""
    if isinstance(condition, exp.Boolean):
        return not condition.this
    if isinstance(condition, exp.Is):
        return not condition.args.get("negate") and _is_null(condition) and _is_key(condition.this)
    if isinstance(condition, exp.EQ):
        left, right = condition.left.unnest(), condition.right.unnest()
        return isinstance(left, _LITERALS) and isinstance(right, _LITERALS) and left != right
    return False


def _complement(left: exp.Expr, right: exp.Expr) -> bool:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, exp.Not) and one.this.unnest() == other:
            return True
        if isinstance(one, exp.Is) and isinstance(other, exp.Is) and one.args.get("negate"):
            return bool(one.this == other.this and _is_null(one) and not other.args.get("negate"))
        if isinstance(one, exp.EQ) and isinstance(other, exp.NEQ):
            return bool(one.left == other.left and one.right == other.right)
    return False


def _is_null(condition: exp.Expr) -> bool:
    return isinstance(condition.expression, exp.Null)


def _compares_nothing(condition: exp.Binary) -> bool:
    left, right = condition.left.unnest(), condition.right.unnest()
    if isinstance(condition, exp.Like | exp.ILike):
        return left == right or (isinstance(right, exp.Literal) and right.this in _ALL_MATCH)
    if isinstance(condition, exp.EQ | exp.GTE | exp.LTE | exp.NullSafeEQ) and left == right:
        return True
    if isinstance(condition, exp.NEQ) and isinstance(left, _LITERALS) and isinstance(right, _LITERALS):
        return bool(left != right)
    first, second = _number(left), _number(right)
    if first is not None and second is not None:
        return _holds(condition, first, second)
    if second is None or not _is_key(left):
        return False
    # Keys count from one.
    return _holds(condition, _LEAST_KEY, second) and isinstance(condition, exp.GT | exp.GTE)


def _holds(condition: exp.Binary, left: float, right: float) -> bool:
    if isinstance(condition, exp.LT):
        return left < right
    if isinstance(condition, exp.LTE):
        return left <= right
    if isinstance(condition, exp.GT):
        return left > right
    if isinstance(condition, exp.GTE):
        return left >= right
    return False


def _number(node: exp.Expr) -> float | None:
    sign = -1 if isinstance(node, exp.Neg) else 1
    literal = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(literal, exp.Literal) or literal.is_string:
        return None
    try:
        return sign * float(literal.this)
    except ValueError:
        return None


def _is_key(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name.lower() in _KEYS


def _holds_itself(condition: exp.In, statement: exp.Expr) -> bool:
    """Tell whether `x IN (SELECT x FROM the same table)` leaves nothing out."""
    query = condition.args.get("query")
    select = query.find(exp.Select) if query is not None else None
    target = statement.this.find(exp.Table) if isinstance(statement.this, exp.Expr) else None
    if select is None or target is None:
        return False
    if any(select.args.get(part) for part in ("where", "joins", "having", "limit", "group", "distinct")):
        return False
    tables = [table.name.lower() for table in select.find_all(exp.Table)]
    chosen = [column.name.lower() for column in select.expressions]
    return tables == [target.name.lower()] and chosen == [condition.this.name.lower()]
