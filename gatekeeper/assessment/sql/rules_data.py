"""SQL that destroys rows, or what rows could be restored from: the rules, by effect.

Owns their examples and lookalikes; what a statement does is `commands.py` and `effects.py`.
"""

from __future__ import annotations

from gatekeeper.assessment.assessment import Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.sql.grammar import Effect

DATA_RULES: dict[Effect, Rule] = {
    Effect.DROP_DATABASE: Rule(
        "sql.drop_database",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a whole database",
        0.95,
        (in_file("migrations/9.sql", "DROP DATABASE shop;"), "```sql\ndrop  database if exists shop;\n```"),
        (
            "We will never DROP DATABASE anything.",
            in_file("migrations/9.sql", "-- DROP DATABASE shop;\nSELECT 1;"),
        ),
    ),
    Effect.DROP_SCHEMA: Rule(
        "sql.drop_schema",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a whole schema",
        0.95,
        (
            in_file("migrations/9.sql", "DROP SCHEMA public CASCADE;"),
            "```sql\nDROP/**/SCHEMA IF EXISTS a;\n```",
        ),
        (in_file("migrations/9.sql", "INSERT INTO notes VALUES ('DROP SCHEMA public');"),),
    ),
    Effect.DROP_TABLE: Rule(
        "sql.drop_table",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a table",
        0.95,
        (
            in_file("migrations/9.sql", "DROP TABLE users;"),
            "```sql\ndRoP /* now */\n\tTaBlE IF EXISTS public.users CASCADE\n```",
            "```js\nawait db.query('DROP TABLE sessions');\n```",
            in_file("migrations/9.sql", "DO $$ BEGIN DROP TABLE users; END $$;"),
            in_file("migrations/9.sql", "DROP TABLE {{ target }};"),
            "Then run `DROP TABLE users` on production.",
            "Run this:\n\nDROP TABLE users;\n",
            "Run this:\n\nDROP TABLE users\n",
            "The job executes DROP TABLE users; and then restarts.",
            "```sql\nDROP TABLE [dbo].[Customers]\nGO\n```",
            "```sql\nDROP TABLE `shop`.`orders`;\n```",
            "```sql\nEXEC('DROP TABLE Customers');\n```",
            "```sql\nDO $$ BEGIN EXECUTE format('DROP TABLE %I', 'users'); END $$;\n```",
            "```sql\nBEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE customers PURGE';\nEND;\n/\n```",
        ),
        (
            "Drop table stakes from the pricing page.",
            "Never run `DROP TABLE users` on production.",
            "The filter rejects input such as DROP TABLE users; as it should.",
            "```js\n// DROP TABLE users;\ndb.query('SELECT 1');\n```",
            "```js\nconsole.log('drop table finished');\n```",
            in_file("migrations/9.sql", "CREATE TEMP TABLE scratch (id int); DROP TABLE scratch;"),
            in_file("migrations/9.sql", "/* outer /* inner */ DROP TABLE users; */ SELECT 1;"),
            in_file("docs/sql.md", "The syntax is:\n\n```sql\nDROP TABLE name;\n```"),
            "```sql\nCREATE FUNCTION f() RETURNS void AS $$ BEGIN DROP TABLE t; END $$ LANGUAGE plpgsql;\n```",
            "```sql\nCREATE TABLE #t (id int);\nDROP TABLE #t;\n```",
        ),
    ),
    Effect.TRUNCATE: Rule(
        "sql.truncate",
        Hazard.DESTRUCTIVE_DATA,
        "Empties a table",
        0.95,
        (
            in_file("migrations/9.sql", "TRUNCATE users;"),
            "```sql\nTRUNCATE TABLE orders, items RESTART IDENTITY CASCADE;\n```",
            '```ts\nawait db.query("TRUNCATE TABLE users")\n```',
            in_file(
                "migrations/9.sql",
                "// a stray remark\nTRUNCATE TABLE users;\nCREATE TABLE users (r ENUM('a'));",
            ),
            "```python\ncursor.execute('''\n  truncate table users\n''')\n```",
            "```sql\nCREATE FUNCTION f() RETURNS void AS $$ TRUNCATE users $$ LANGUAGE sql;\nSELECT f();\n```",
        ),
        (
            "TRUNCATE long titles in the list view.",
            "We truncate the users table name after 40 characters.",
            "```js\nconst short = truncate(title, 40);\n```",
            "```css\n.title { /* TRUNCATE TABLE users; */ overflow: hidden }\n```",
            in_file("migrations/9.sql", "SELECT 'TRUNCATE users;';"),
        ),
    ),
    Effect.DELETE_ALL: Rule(
        "sql.delete_all",
        Hazard.DESTRUCTIVE_DATA,
        "Deletes every row of a table",
        0.95,
        (
            in_file("migrations/9.sql", "DELETE FROM orders;"),
            "```sql\ndelete from orders where 1 = 1;\n```",
            "```sql\nWITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone;\n```",
            "```js\npool.query(`DELETE FROM orders WHERE id = id`)\n```",
            "```sql\nDELETE t FROM orders t;\n```",
            "```sql\nDELETE FROM orders WHERE note LIKE '%';\n```",
            "```sql\nMERGE INTO a USING b ON a.id = b.id WHEN NOT MATCHED BY SOURCE THEN DELETE;\n```",
            "```sql\nCREATE EVENT purge ON SCHEDULE EVERY 1 DAY DO DELETE FROM logs;\n```",
        ),
        (
            "```sql\nDELETE FROM orders WHERE created_at < now() - interval '7 years';\n```",
            "Users can delete from the cart without a page reload.",
            "```js\npool.query('DELETE FROM orders WHERE id = $1', [id])\n```",
            "```sql\nDELETE s FROM sessions s JOIN users u ON u.id = s.user_id;\n```",
            "```sql\nEXPLAIN DELETE FROM orders;\n```",
            "```sql\nDELETE FROM orders WHERE deleted_at IS NOT NULL;\n```",
        ),
    ),
    Effect.UPDATE_ALL: Rule(
        "sql.update_all",
        Hazard.DESTRUCTIVE_DATA,
        "Overwrites every row of a table",
        0.95,
        (
            in_file("migrations/9.sql", "UPDATE users SET plan = 'free'; -- reset"),
            "```sql\nUPDATE users SET plan = 'free' WHERE TRUE OR id = 3;\n```",
        ),
        (
            "```sql\nUPDATE users SET plan = 'free' WHERE id = 3;\n```",
            "Update users set by the operator in the settings page.",
            "```sql\nINSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2;\n```",
        ),
    ),
    Effect.DROP_COLUMN: Rule(
        "sql.drop_column",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a column and what it holds",
        0.95,
        (
            in_file("migrations/9.sql", "ALTER TABLE users DROP COLUMN email;"),
            "```sql\nalter table users drop email\n```",
            "```sql\nALTER TABLE [dbo].[Users] DROP COLUMN [Email], [Phone]\nGO\n```",
        ),
        (in_file("migrations/9.sql", "ALTER TABLE users DROP CONSTRAINT users_email_key;"),),
    ),
    Effect.DROP_PARTITION: Rule(
        "sql.drop_partition",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a partition and what it holds",
        0.9,
        ("```sql\nALTER TABLE events DROP PARTITION p2023;\n```",),
        ("```sql\nALTER TABLE events DETACH PARTITION events_2023;\n```",),
    ),
    Effect.DROP_WITH_DATA: Rule(
        "sql.drop_with_data",
        Hazard.DESTRUCTIVE_DATA,
        "Drops what columns or tables hang on, and those with it",
        0.8,
        (
            "```sql\nDROP TYPE mood CASCADE;\n```",
            "```sql\nDROP OWNED BY app_user CASCADE;\n```",
            "```sql\nDROP TABLESPACE old_data INCLUDING CONTENTS AND DATAFILES;\n```",
        ),
        ("```sql\nDROP TYPE mood;\n```", "```sql\nDROP VIEW active_users CASCADE;\n```"),
    ),
    Effect.OVERWRITE_TABLE: Rule(
        "sql.overwrite_table",
        Hazard.DESTRUCTIVE_DATA,
        "Puts other rows in the place of all that a table holds",
        0.85,
        (
            "```sql\nINSERT OVERWRITE TABLE sales SELECT * FROM staging;\n```",
            "```sql\nCREATE OR REPLACE TABLE customers AS SELECT * FROM staging;\n```",
        ),
        (
            "```sql\nINSERT INTO sales SELECT * FROM staging;\n```",
            "```sql\nCREATE OR REPLACE VIEW customers AS SELECT * FROM staging;\n```",
        ),
    ),
    Effect.DISCARD_COPIES: Rule(
        "sql.discard_copies",
        Hazard.DESTRUCTIVE_DATA,
        "Discards what lost rows could be restored from",
        0.85,
        ("```sql\nPURGE RECYCLEBIN;\n```", "```sql\nSELECT pg_drop_replication_slot('standby');\n```"),
        ("```sql\nSELECT slot_name FROM pg_replication_slots;\n```",),
    ),
}
