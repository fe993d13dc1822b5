"""SQL that changes a live schema, or blocks those who use it: the rules, by effect.

Owns their examples and lookalikes; what a statement does is `commands.py` and `effects.py`.
"""

from __future__ import annotations

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.sql.grammar import Effect

SCHEMA_RULES: dict[Effect, Rule] = {
    Effect.CHANGE_TYPE: Rule(
        "sql.change_type",
        Hazard.SCHEMA_MIGRATION,
        "Changes the type of a live column",
        0.9,
        (
            in_file("migrations/9.sql", "ALTER TABLE users ALTER COLUMN age TYPE smallint;"),
            "```sql\nALTER TABLE users MODIFY COLUMN name VARCHAR(10);\n```",
        ),
        (in_file("migrations/9.sql", "ALTER TABLE users ALTER COLUMN age SET DEFAULT 0;"),),
    ),
    Effect.REQUIRE_COLUMN: Rule(
        "sql.require_column",
        Hazard.SCHEMA_MIGRATION,
        "Adds a required column without a default",
        0.9,
        (in_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN age int NOT NULL;"),),
        (
            in_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;"),
            in_file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS pets (id int NOT NULL);"),
        ),
    ),
    Effect.ALTER_TABLE: Rule(
        "sql.alter_table",
        Hazard.SCHEMA_MIGRATION,
        "Changes a live table",
        0.9,
        (in_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN IF NOT EXISTS note text;"),),
        (
            in_file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS notes (id int);"),
            "We alter table layouts in the app.",
            in_file("migrations/9.sql", "CREATE TABLE notes (id int);\nALTER TABLE notes ADD UNIQUE (id);"),
        ),
    ),
    Effect.RENAME: Rule(
        "sql.rename",
        Hazard.SCHEMA_MIGRATION,
        "Renames what running code still calls by its old name",
        0.9,
        (
            "```sql\nALTER TABLE users RENAME TO customers;\n```",
            "```sql\nALTER TABLE users RENAME COLUMN name TO full_name;\n```",
            "```sql\nEXEC sp_rename 'dbo.Users.Name', 'FullName', 'COLUMN';\n```",
        ),
        (
            "```sql\nCREATE TABLE a (id int);\nALTER TABLE a RENAME TO b;\n```",
            "```sql\nSELECT name AS full_name FROM users;\n```",
        ),
    ),
    Effect.CHECK_ROWS: Rule(
        "sql.check_rows",
        Hazard.SCHEMA_MIGRATION,
        "Holds a lock on a live table while every row is checked",
        0.85,
        (
            "```sql\nALTER TABLE users ALTER COLUMN name SET NOT NULL;\n```",
            "```sql\nALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);\n```",
            "```sql\nALTER TABLE users ADD UNIQUE (email);\n```",
        ),
        (
            "```sql\nALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;\n```",
            "```sql\nALTER TABLE orders VALIDATE CONSTRAINT fk;\n```",
            "```sql\nALTER TABLE users ADD CONSTRAINT users_email UNIQUE USING INDEX users_email_idx;\n```",
        ),
    ),
    Effect.DROP_CONSTRAINT: Rule(
        "sql.drop_constraint",
        Hazard.SCHEMA_MIGRATION,
        "Drops what kept rows sound",
        0.85,
        (
            "```sql\nALTER TABLE users DROP CONSTRAINT users_email_key;\n```",
            "```sql\nALTER TABLE users ALTER COLUMN name DROP NOT NULL;\n```",
        ),
        ("```sql\nALTER TABLE users ALTER COLUMN plan SET DEFAULT 'free';\n```",),
    ),
    Effect.BLOCKING_INDEX: Rule(
        "sql.blocking_index",
        Hazard.SCHEMA_MIGRATION,
        "Builds an index while writes to a live table wait",
        0.8,
        (
            "```sql\nCREATE INDEX idx_orders_user ON orders (user_id);\n```",
            "```sql\ncreate unique index users_email on users (lower(email))\n```",
        ),
        (
            "```sql\nCREATE INDEX CONCURRENTLY idx_orders_user ON orders (user_id);\n```",
            (
                "```sql\nCREATE TABLE IF NOT EXISTS notes (id int);\n"
                "CREATE INDEX IF NOT EXISTS notes_id ON notes (id);\n```"
            ),
        ),
    ),
    Effect.DROP_INDEX: Rule(
        "sql.drop_index",
        Hazard.SCHEMA_MIGRATION,
        "Drops an index that queries of a live table may need",
        0.8,
        (
            "```sql\nDROP INDEX idx_orders_user;\n```",
            "```sql\nALTER TABLE orders DROP INDEX idx_user;\n```",
        ),
        (
            "```sql\nCREATE TABLE b (c int);\nALTER TABLE b DROP INDEX c;\n```",
            "```sql\nSELECT 'DROP INDEX a';\n```",
        ),
    ),
    Effect.DROP_OBJECT: Rule(
        "sql.drop_object",
        Hazard.SCHEMA_MIGRATION,
        "Drops a view, routine, sequence or other object that code may use",
        0.8,
        (
            "```sql\nDROP VIEW active_users;\n```",
            "```sql\nDROP FUNCTION calculate_total(integer);\n```",
            "```sql\nDROP SEQUENCE IF EXISTS order_id_seq;\n```",
        ),
        (
            "```sql\nDROP VIEW IF EXISTS active_users;\nCREATE VIEW active_users AS SELECT 1;\n```",
            (
                "```sql\nDROP TRIGGER IF EXISTS touch ON notes;\n"
                "CREATE TRIGGER touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();\n```"
            ),
        ),
    ),
    Effect.REWRITE: Rule(
        "sql.rewrite_table",
        Hazard.SCHEMA_MIGRATION,
        "Rewrites a live table while nobody can use it",
        0.85,
        (
            "```sql\nVACUUM FULL orders;\n```",
            "```sql\nREINDEX TABLE orders;\n```",
            "```sql\nCLUSTER orders USING orders_pkey;\n```",
            "```sql\nREFRESH MATERIALIZED VIEW sales;\n```",
            "```sql\nALTER TABLE orders SET TABLESPACE fast;\n```",
        ),
        (
            "```sql\nVACUUM ANALYZE orders;\n```",
            "```sql\nREINDEX TABLE CONCURRENTLY orders;\n```",
            "```sql\nREFRESH MATERIALIZED VIEW CONCURRENTLY sales;\n```",
        ),
    ),
    Effect.LOCK: Rule(
        "sql.lock_table",
        Hazard.SCHEMA_MIGRATION,
        "Locks a live table",
        0.85,
        ("```sql\nLOCK TABLE orders IN ACCESS EXCLUSIVE MODE;\n```",),
        (
            "```sql\nSET lock_timeout = '2s';\n```",
            "```sql\nSELECT id FROM orders FOR UPDATE;\n```",
        ),
    ),
    Effect.MOVE_PARTITION: Rule(
        "sql.move_partition",
        Hazard.SCHEMA_MIGRATION,
        "Detaches, attaches or swaps a partition of a live table",
        0.85,
        ("```sql\nALTER TABLE events DETACH PARTITION events_2023;\n```",),
        ("```sql\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM (1) TO (2);\n```",),
    ),
    Effect.ALTER_TYPE: Rule(
        "sql.alter_type",
        Hazard.SCHEMA_MIGRATION,
        "Changes a type that live columns have",
        0.85,
        (
            "```sql\nALTER TYPE mood ADD VALUE 'meh';\n```",
            "```sql\nALTER DOMAIN positive DROP CONSTRAINT above_zero;\n```",
        ),
        ("```sql\nCREATE TYPE mood AS ENUM ('sad', 'ok');\n```",),
    ),
    Effect.CHANGE_OWNER: Rule(
        "sql.change_owner",
        Hazard.SCHEMA_MIGRATION,
        "Gives a table to a role that may not exist",
        0.7,
        ("```sql\nALTER TABLE users OWNER TO shop_admin;\n```",),
        ("```sql\nSELECT tableowner FROM pg_tables;\n```",),
    ),
    Effect.CHECKS_OFF: Rule(
        "sql.checks_off",
        Hazard.SCHEMA_MIGRATION,
        "Switches off what checks that rows fit together",
        0.7,
        (
            "```sql\nPRAGMA foreign_keys = OFF;\n```",
            "```sql\nSET FOREIGN_KEY_CHECKS = 0;\n```",
        ),
        (
            "```sql\nPRAGMA foreign_keys = ON;\n```",
            "```sql\nSET statement_timeout = 0;\n```",
        ),
    ),
}
