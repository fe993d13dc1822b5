"""A backup of the gate's whole database as one file: every row of every table, the same for SQLite and PostgreSQL.

Gzipped lines of JSON: a header with the schema, the rows table by table, an end with their number. Owns that form.
A backup is read in one transaction, and restored in one into an empty database or not at all.
"""

from __future__ import annotations

import gzip
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, LargeBinary, Select, Table, delete, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.types import TypeEngine

from gatekeeper.clock import from_rfc3339, rfc3339
from gatekeeper.errors import ConflictError, InvalidInputError
from gatekeeper.storage.database import Database
from gatekeeper.storage.revision import latest_revision
from gatekeeper.storage.schema import METADATA, Moment

VERSION = 1
_BATCH_ROWS = 500
_INITIAL_TABLES = frozenset({"log_head"})
Row = dict[str, Any]


def write_backup(database: Database, path: Path, at: datetime) -> int:
    """Write every row as of one moment; returns how many. The file must not exist; only its owner may read it."""
    path.touch(mode=0o600, exist_ok=False)
    count = 0
    with database.read() as connection, gzip.open(path, "wb") as file:
        if not database.is_sqlite:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        schema = latest_revision()
        file.write(_line({"gatekeeper_backup": VERSION, "schema": schema, "at": rfc3339(at)}))
        for table in METADATA.sorted_tables:
            for row in connection.execution_options(yield_per=_BATCH_ROWS).execute(_whole(table)):
                file.write(_line({"table": table.name, "row": _row_to_json(row._asdict())}))
                count += 1
        file.write(_line({"rows": count}))
    return count


def restore_backup(database: Database, path: Path) -> int:
    """Bring an empty database to what a backup holds; returns how many rows.

    Raises ConflictError when the database is not empty, InvalidInputError when the file is no whole backup.
    """
    with database.write() as connection:
        _require_empty(connection)
        try:
            with gzip.open(path, "rb") as file:
                count = _restore(connection, file)
        except (EOFError, gzip.BadGzipFile, orjson.JSONDecodeError, KeyError, ValueError) as error:
            raise _no_backup(f"it cannot be read to its end: {error}") from error
        except (IntegrityError, DataError) as error:
            raise _no_backup("its rows do not fit together") from error
        if not database.is_sqlite:
            _advance_sequences(connection)
    return count


def _restore(connection: Connection, lines: Iterable[bytes]) -> int:
    reading = iter(lines)
    header = orjson.loads(next(reading, b"null"))
    if not isinstance(header, dict) or header.get("gatekeeper_backup") != VERSION:
        raise _no_backup("it has no header of one")
    if header.get("schema") != latest_revision():
        found = header.get("schema")
        raise _no_backup(
            f"it has schema {found}, this program {latest_revision()}; "
            "restore it with the version that made it, then upgrade"
        )
    count, end = 0, None
    for table, rows, stated in _batches(reading):
        end = stated
        if table is not None:
            if table.name in _INITIAL_TABLES:
                connection.execute(delete(table))
            connection.execute(insert(table), _parents_first(table, rows))
            count += len(rows)
    if end != count:
        raise _no_backup(f"it must have {end} rows and has {count}")
    return count


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[Table | None, list[Row], int | None]]:
    """Rows of one table at a time; at last no table and the stated number of rows."""
    table: Table | None = None
    rows: list[Row] = []
    for line in lines:
        value = orjson.loads(line)
        if "rows" in value:
            yield table, rows, value["rows"]
            return
        named = METADATA.tables[value["table"]]
        refers_to_itself = (
            any(key.column.table is table for key in table.foreign_keys) if table is not None else False
        )
        if table is not None and (named is not table or (len(rows) >= _BATCH_ROWS and not refers_to_itself)):
            yield table, rows, None
            rows = []
        table = named
        rows.append(_row_from_json(table, value["row"]))


def _parents_first(table: Table, rows: Sequence[Row]) -> list[Row]:
    """Rows that refer to others of the same table after those."""
    links = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    ordered: list[Row] = []
    waiting = list(rows)
    while waiting and links:
        present = [{row[target] for row in ordered} for _, target in links]
        free = [
            row
            for row in waiting
            if all(
                row[name] is None or row[name] in known
                for (name, _), known in zip(links, present, strict=True)
            )
        ]
        if not free:
            break
        ordered += free
        waiting = [row for row in waiting if row not in free]
    return [*ordered, *waiting]


def _require_empty(connection: Connection) -> None:
    for table in METADATA.sorted_tables:
        if table.name in _INITIAL_TABLES:
            continue
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise ConflictError(
                f"The database is not empty (table {table.name}); a backup replaces nothing.",
                code="not_empty",
            )


def _advance_sequences(connection: Connection) -> None:
    """Numbers that PostgreSQL counts up itself go on after those restored."""
    for table in METADATA.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            highest = connection.execute(select(func.max(column))).scalar()
            sequence = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            ).scalar()
            if highest is not None and sequence is not None:
                connection.execute(
                    text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
                )


def _whole(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns)


def _row_to_json(row: Row) -> Row:
    return {str(name): _to_json(value) for name, value in row.items()}


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return rfc3339(value)
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _row_from_json(table: Table, row: Row) -> Row:
    return {name: _from_json(table.columns[name].type, value) for name, value in row.items()}


def _from_json(kind: TypeEngine[Any], value: Any) -> Any:
    if value is not None and isinstance(kind, Moment):
        return from_rfc3339(value)
    if value is not None and isinstance(kind, LargeBinary):
        return b64decode(value, validate=True)
    return value


def _line(value: Row) -> bytes:
    return orjson.dumps(value) + b"\n"


def _no_backup(detail: str) -> InvalidInputError:
    return InvalidInputError(f"This is not a whole backup of a gate: {detail}.", code="not_a_backup")
