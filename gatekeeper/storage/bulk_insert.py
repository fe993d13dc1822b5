"""Many rows at once: by COPY on PostgreSQL, where a statement for each of hundreds of rows takes twice as long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError

_MANY = 16


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns, inside the caller's transaction.

    Raises DBAPIError as any insert does: none of the rows is there then.
    """
    if connection.dialect.name == "postgresql" and len(rows) >= _MANY:
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), rows)


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    import psycopg  # here, or every command would load it to start
    from psycopg import sql

    names, dialect = list(rows[0]), connection.dialect
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    binds = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    try:
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                values = zip(binds, row.values(), strict=True)
                copy.write_row([bind(value) if bind else value for bind, value in values])
    except psycopg.Error as error:
        raise DBAPIError.instance(
            f"COPY {table.name}", None, error, psycopg.Error, dialect=dialect
        ) from error
