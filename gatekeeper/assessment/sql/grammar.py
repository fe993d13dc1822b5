"""The grammar of SQL statements by their first words: definitions, locks, rights and commands, in any dialect.

Owns the effects and the patterns that name them; `commands.py` reads statements by them. Patterns are made for
skeletons, in which comments and the contents of strings are blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatekeeper.assessment.text.reading import Pattern, compile_pattern


class Effect(StrEnum):
    """What a statement does that cannot be waved through, or that excuses another statement."""

    DROP_DATABASE = "drop_database"
    DROP_SCHEMA = "drop_schema"
    DROP_TABLE = "drop_table"
    DROP_PARTITION = "drop_partition"
    DROP_WITH_DATA = "drop_with_data"
    TRUNCATE = "truncate"
    DELETE_ALL = "delete_all"
    UPDATE_ALL = "update_all"
    OVERWRITE_TABLE = "overwrite_table"
    DROP_COLUMN = "drop_column"
    DISCARD_COPIES = "discard_copies"
    CHANGE_TYPE = "change_type"
    REQUIRE_COLUMN = "require_column"
    RENAME = "rename"
    CHECK_ROWS = "check_rows"
    DROP_CONSTRAINT = "drop_constraint"
    BLOCKING_INDEX = "blocking_index"
    DROP_INDEX = "drop_index"
    DROP_OBJECT = "drop_object"
    REWRITE = "rewrite"
    LOCK = "lock"
    MOVE_PARTITION = "move_partition"
    ALTER_TABLE = "alter_table"
    CHANGE_OWNER = "change_owner"
    ALTER_TYPE = "alter_type"
    CHECKS_OFF = "checks_off"
    ROW_SECURITY_OFF = "row_security_off"
    TRIGGERS_OFF = "triggers_off"
    AUDIT_OFF = "audit_off"
    GRANT_BROADLY = "grant_broadly"
    RAISE_ROLE = "raise_role"
    ALTER_SERVER = "alter_server"
    END_SESSIONS = "end_sessions"
    RUN_PROGRAM = "run_program"
    REACH_FILES = "reach_files"
    DEFINER_RIGHTS = "definer_rights"
    CREATE_TABLE = "create_table"
    CREATE_TABLE_IF_MISSING = "create_table_if_missing"
    CREATE_TEMPORARY = "create_temporary"
    CREATE_OBJECT = "create_object"


@dataclass(frozen=True, slots=True)
class SqlEffect:
    """An effect and the tables (or "kind name" of other objects) it touches. `parsed` is false when it was guessed."""

    effect: Effect
    tables: tuple[str, ...]
    parsed: bool
    columns: tuple[str, ...] = ()


_PART = r"(?:[#@]{0,2}[A-Za-z_][\w$#]*|\"[^\"\n]+\"|`[^`\n]+`|\[[^\]\n]+\]|\$?\{\{?[^}\n]*\}\}?|%[sI]|\?)"
NAME = rf"({_PART}(?:\s*\.\s*{_PART})*)"
_LIST = rf"({_PART}(?:\s*\.\s*{_PART})*(?:\s*,\s*{_PART}(?:\s*\.\s*{_PART})*)*)"
_END = r"\s*(?:\z|[;,)/*|+'\n]|--|CASCADE\b|RESTRICT\b|PURGE\b|ON\b)"
_IF_EXISTS = r"(?:IF\s+EXISTS\s*)?"
_KINDS = (
    r"(MATERIALIZED\s+VIEW|VIEW|INDEX|SEQUENCE|TYPE|DOMAIN|FUNCTION|PROC(?:EDURE)?|ROUTINE|AGGREGATE|EXTENSION|TRIGGER|"
    r"EVENT\s+TRIGGER|POLICY|RULE|ROLE|USER|LOGIN|PUBLICATION|SUBSCRIPTION|SERVER|STAGE|STREAM|EVENT|SYNONYM|PACKAGE|"
    r"OPERATOR|COLLATION|STATISTICS)"
)
WITH_DATA = ("TYPE", "DOMAIN", "EXTENSION", "USER", "SERVER")
WATCHING = compile_pattern(
    r"(?i)audit|_log(?:s|ger|ging)?\b|log_|history|track|immutab|append_only|protect|guard|no_delete"
)
AUDIT_EXTENSION = compile_pattern(r"(?i)audit")
TEMPLATE = compile_pattern(r"\{\{|\$\{|%s|\?\s*$")


def _heads(*pairs: tuple[Effect, str]) -> tuple[tuple[Effect, Pattern], ...]:
    return tuple((effect, compile_pattern(r"(?is)\A" + head)) for effect, head in pairs)


# by first word, in the order of trial; group 1, where there is one, names what is touched
HEADS: dict[bytes, tuple[tuple[Effect, Pattern], ...]] = {
    b"drop": _heads(
        (Effect.DROP_DATABASE, rf"DROP\s+DATABASE\s+{_IF_EXISTS}{NAME}"),
        (Effect.DROP_SCHEMA, rf"DROP\s+SCHEMA\s+{_IF_EXISTS}{_LIST}"),
        (
            Effect.DROP_TABLE,
            rf"DROP\s+(?:FOREIGN\s+|EXTERNAL\s+)?TABLE\s+{_IF_EXISTS}(?:{_LIST}{_END}|\z|'|\|\|)",
        ),
        (
            Effect.DROP_WITH_DATA,
            r"DROP\s+OWNED\s+BY\b|DROP\s+TABLESPACE\s.*\bINCLUDING\s+CONTENTS\b|DROP\s+STAGE\s",
        ),
        (Effect.AUDIT_OFF, r"DROP\s+(?:AUDIT\s+POLICY|SERVER\s+AUDIT|DATABASE\s+AUDIT)\b"),
    ),
    b"truncate": _heads(
        (Effect.TRUNCATE, rf"TRUNCATE\s+TABLE\s+{_IF_EXISTS}(?:ONLY\s+)?(?:{_LIST}|\z|')"),
        (
            Effect.TRUNCATE,
            rf"TRUNCATE\s+{_IF_EXISTS}(?:ONLY\s+)?{_LIST}\s*(?:\*|;|\z|\n|'|RESTART\b|CASCADE\b|CONTINUE\b|RESTRICT\b)",
        ),
    ),
    b"create": _heads(
        (Effect.OVERWRITE_TABLE, rf"CREATE\s+OR\s+REPLACE\s+(?:TRANSIENT\s+)?TABLE\s+{NAME}"),
        (
            Effect.CREATE_TEMPORARY,
            rf"CREATE\s+(?:(?:GLOBAL\s+|LOCAL\s+)?TEMP(?:ORARY)?\s+)TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{NAME}",
        ),
        (Effect.CREATE_TEMPORARY, r"CREATE\s+TABLE\s+(#[\w$#]+)"),
        (Effect.CREATE_TABLE_IF_MISSING, rf"CREATE\s+(?:UNLOGGED\s+)?TABLE\s+IF\s+NOT\s+EXISTS\s+{NAME}"),
        (Effect.CREATE_TABLE, rf"CREATE\s+(?:UNLOGGED\s+)?TABLE\s+{NAME}"),
        (
            Effect.BLOCKING_INDEX,
            r"CREATE\s+(?:UNIQUE\s+|CLUSTERED\s+|NONCLUSTERED\s+|FULLTEXT\s+|SPATIAL\s+|BITMAP\s+)*INDEX\s+"
            rf"(?:IF\s+NOT\s+EXISTS\s+)?(?:{_PART}(?:\s*\.\s*{_PART})*\s+)?ON\s+(?:ONLY\s+)?{NAME}",
        ),
        (
            Effect.RUN_PROGRAM,
            r"CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?\"?pl(?:python\d?u|perlu|sh|rubyu)\b",
        ),
        (Effect.RAISE_ROLE, r"CREATE\s+(?:ROLE|USER)\s.*\b(?:SUPERUSER|BYPASSRLS|CREATEROLE|REPLICATION)\b"),
        (Effect.ROW_SECURITY_OFF, r"CREATE\s+POLICY\s.*\b(?:USING|CHECK)\s*\(\s*(?:TRUE|1\s*=\s*1)\s*\)"),
    ),
    b"grant": _heads(
        (
            Effect.GRANT_BROADLY,
            r"GRANT\s.*\bTO\s+(?:.*,\s*)?(?:PUBLIC|\"?anon\"?)\b|GRANT\s.*\bWITH\s+(?:GRANT|ADMIN)\s+OPTION\b"
            r"|GRANT\s+ALL\b.*\bON\s+(?:ALL\s+\w+\s+IN\s+SCHEMA\b|\*\s*\.\s*\*)"
            r"|GRANT\s+(?:DBA|SYSADMIN|SECURITYADMIN|ACCOUNTADMIN|postgres|rds_superuser|cloudsqlsuperuser|"
            r"pg_(?:execute_server_program|write_server_files|read_server_files|write_all_data)|"
            r"CONTROL\s+SERVER|IMPERSONATE|ALTER\s+ANY\s+\w+|ALL\s+PRIVILEGES\s+TO)\b",
        ),
    ),
    b"disable": _heads((Effect.TRIGGERS_OFF, r"DISABLE\s+TRIGGER\b")),
    b"noaudit": _heads((Effect.AUDIT_OFF, r"NOAUDIT\s")),
    b"set": _heads(
        (
            Effect.TRIGGERS_OFF,
            r"SET\s+(?:SESSION\s+|LOCAL\s+)?session_replication_role\s*(?:=|TO)\s*(?:'\s|replica\b|local\b)",
        ),
        (
            Effect.AUDIT_OFF,
            r"SET\s+(?:GLOBAL|PERSIST|@@GLOBAL\.)\s*(?:general_log|audit_log\w*|server_audit\w*|sql_log_bin)\b",
        ),
        (
            Effect.CHECKS_OFF,
            r"SET\s+(?:SESSION\s+|GLOBAL\s+|@@)?(?:FOREIGN_KEY_CHECKS|UNIQUE_CHECKS|SQL_SAFE_UPDATES)\s*=\s*(?:0|OFF)\b",
        ),
    ),
    b"pragma": _heads(
        (
            Effect.CHECKS_OFF,
            r"PRAGMA\s+(?:foreign_keys|ignore_check_constraints)\s*[=(]\s*(?:OFF|0|FALSE|NO)\b",
        ),
        (
            Effect.CHECKS_OFF,
            r"PRAGMA\s+(?:ignore_check_constraints|writable_schema)\s*[=(]\s*(?:ON|1|TRUE|YES)\b",
        ),
    ),
    b"insert": _heads(
        (Effect.OVERWRITE_TABLE, rf"INSERT\s+OVERWRITE\s+(?:TABLE\s+|INTO\s+|LOCAL\s+DIRECTORY\s+)?{NAME}")
    ),
    b"rename": _heads((Effect.RENAME, rf"RENAME\s+TABLE\s+{NAME}\s+TO\b")),
    b"reindex": _heads(
        (Effect.REWRITE, rf"REINDEX\s+(?:\(.*\)\s*)?(?:TABLE|INDEX|SCHEMA|DATABASE|SYSTEM)\s+{NAME}")
    ),
    b"vacuum": _heads(
        (
            Effect.REWRITE,
            rf"VACUUM\s+(?:FULL\b|\([^)]*\bFULL\b[^)]*\))(?:\s+(?:ANALYZE\s+|VERBOSE\s+)*{NAME})?",
        )
    ),
    b"cluster": _heads(
        (Effect.REWRITE, rf"CLUSTER\s+(?:VERBOSE\s+)?{NAME}(?:\s+USING\s+\S+)?\s*(?:;|\z|\n)")
    ),
    b"optimize": _heads((Effect.REWRITE, rf"OPTIMIZE\s+TABLE\s+{NAME}")),
    b"refresh": _heads((Effect.REWRITE, rf"REFRESH\s+MATERIALIZED\s+VIEW\s+{NAME}")),
    b"lock": _heads(
        (Effect.LOCK, rf"LOCK\s+TABLES?\s+(?:ONLY\s+)?{NAME}"),
        (Effect.LOCK, rf"LOCK\s+{NAME}\s+IN\s.*\bMODE\b"),
    ),
    b"copy": _heads(
        (Effect.RUN_PROGRAM, r"COPY\s.*\b(?:TO|FROM)\s+PROGRAM\b"),
        (Effect.REACH_FILES, r"COPY\s.*\b(?:TO|FROM)\s+E?'"),
    ),
    b"load": _heads((Effect.REACH_FILES, r"LOAD\s+DATA\s+(?:LOW_PRIORITY\s+|CONCURRENT\s+)?INFILE\b")),
    b"purge": _heads(
        (Effect.DISCARD_COPIES, r"PURGE\s+(?:RECYCLEBIN|DBA_RECYCLEBIN|BINARY\s+LOGS|MASTER\s+LOGS|TABLE)\b")
    ),
    b"reset": _heads((Effect.DISCARD_COPIES, r"RESET\s+(?:MASTER|BINARY\s+LOGS)\b")),
    b"exec": _heads(
        (Effect.RUN_PROGRAM, r"EXEC(?:UTE)?\s+(?:\w+\s*\.\s*)*xp_cmdshell\b"),
        (Effect.RENAME, r"EXEC(?:UTE)?\s+(?:\w+\s*\.\s*)*sp_rename\b"),
        (Effect.RAISE_ROLE, r"EXEC(?:UTE)?\s+(?:\w+\s*\.\s*)*sp_(?:addsrvrolemember|addrolemember)\b"),
    ),
    b"alter": _heads(
        (
            Effect.RAISE_ROLE,
            r"ALTER\s+(?:ROLE|USER|GROUP)\s.*\b(?:SUPERUSER|BYPASSRLS|CREATEROLE|REPLICATION)\b",
        ),
        (Effect.RAISE_ROLE, r"ALTER\s+SERVER\s+ROLE\s+\S+\s+ADD\s+MEMBER\b"),
        (Effect.AUDIT_OFF, r"ALTER\s+(?:SERVER|DATABASE)\s+AUDIT\s.*\bSTATE\s*=\s*OFF\b"),
        (
            Effect.AUDIT_OFF,
            r"ALTER\s+SYSTEM\s+SET\s+(?:log_\w+|logging_collector|ssl|pgaudit\.\w+|row_security|archive_mode)\b",
        ),
        (
            Effect.TRIGGERS_OFF,
            r"ALTER\s+(?:EVENT\s+)?TRIGGER\s+\S+\s+DISABLE\b|ALTER\s.*\bSET\s+session_replication_role\b",
        ),
        (
            Effect.ALTER_SERVER,
            r"ALTER\s+SYSTEM\s+(?:SET|RESET|KILL)\b|ALTER\s+DATABASE\s+\S+\s+(?:SET|RENAME|OWNER|CONNECTION)\b",
        ),
        (Effect.RENAME, r"ALTER\s+(?:SCHEMA|VIEW|MATERIALIZED\s+VIEW)\s.*\bRENAME\s+(?:TO|COLUMN)\b"),
        (Effect.ALTER_TYPE, r"ALTER\s+(?:TYPE|DOMAIN)\s+\S+\s+(?:ADD|RENAME|ALTER|DROP|SET)\b"),
        (Effect.REWRITE, r"ALTER\s+INDEX\s.*\bREBUILD\b"),
    ),
}
FIRST_WORD = compile_pattern(r"[A-Za-z]+")
ALIASES = {b"execute": b"exec"}

ALTER_TABLE = compile_pattern(
    rf"(?is)\AALTER\s+(?:FOREIGN\s+)?TABLE\s+{_IF_EXISTS}(?:ONLY\s+)?{NAME}(?:\s+\*)?(?:\s+ON\s+CLUSTER\s+\S+)?(\s+|\z)"
)
DROP_OBJECT = compile_pattern(
    rf"(?is)\ADROP\s+{_KINDS}\s+(?:CONCURRENTLY\s+)?{_IF_EXISTS}{_LIST}(\s*\(|{_END}|\s)"
)
CASCADE = compile_pattern(r"(?i)\bCASCADE\b")
CREATE_OBJECT = compile_pattern(
    r"(?is)\ACREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:UNIQUE\s+|CONSTRAINT\s+|RECURSIVE\s+)?"
    rf"{_KINDS}\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?{NAME}"
)
DEFINER = compile_pattern(r"(?i)\bSECURITY\s+DEFINER\b")
SEARCH_PATH = compile_pattern(r"(?i)\bSET\s+\"?search_path\b")
CONCURRENTLY = compile_pattern(r"(?i)\bCONCURRENTLY\b|\bONLINE\s*=\s*ON\b")
READS_ONLY = compile_pattern(r"(?is)\bFOR\s+SELECT\b")

# what stands anywhere in a statement and reaches beyond the database, whatever the statement is
ANYWHERE: tuple[tuple[Effect, Pattern], ...] = tuple(
    (effect, compile_pattern("(?i)" + pattern))
    for effect, pattern in (
        (Effect.RUN_PROGRAM, r"\bxp_cmdshell\b|\bsys_(?:exec|eval)\s*\("),
        (
            Effect.REACH_FILES,
            r"\b(?:pg_read_(?:binary_)?file|pg_ls_dir|lo_export|lo_import|LOAD_FILE|dblink_connect|pg_file_write)\s*\(|"
            r"\bINTO\s+(?:OUT|DUMP)FILE\b|\bUTL_FILE\s*\.",
        ),
        (Effect.DISCARD_COPIES, r"\b(?:pg_drop_replication_slot|lo_unlink)\s*\("),
        (Effect.END_SESSIONS, r"\bpg_terminate_backend\s*\("),
    )
)
MAY_REACH = compile_pattern(
    r"(?i)\b(?:xp_cmdshell|sys_exec|sys_eval|pg_(?:read|ls|file|drop|terminate)_|lo_(?:export|import|unlink)|load_file|"
    r"dblink_connect|outfile|dumpfile|utl_file)"
)

ACTIONS = tuple(
    (effect, compile_pattern(r"(?is)\A\s*" + head))
    for effect, head in (
        (Effect.DROP_PARTITION, r"DROP\s+(?:IF\s+EXISTS\s+)?(?:SUB)?PARTITION\b"),
        (Effect.TRUNCATE, r"TRUNCATE\s+(?:SUB)?PARTITION\b"),
        (Effect.DROP_CONSTRAINT, r"DROP\s+(?:CONSTRAINT|PRIMARY\s+KEY|FOREIGN\s+KEY|CHECK)\b"),
        (Effect.DROP_INDEX, r"DROP\s+(?:INDEX|KEY)\b"),
        (Effect.DROP_COLUMN, rf"DROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?(?:{_PART}|\()|SET\s+UNUSED\b"),
        (Effect.DROP_CONSTRAINT, rf"ALTER\s+(?:COLUMN\s+)?{_PART}\s+DROP\s+(?:NOT\s+NULL|DEFAULT)\b"),
        (Effect.CHECK_ROWS, rf"ALTER\s+(?:COLUMN\s+)?{_PART}\s+SET\s+NOT\s+NULL\b"),
        (
            Effect.ALTER_TABLE,
            rf"ALTER\s+(?:COLUMN\s+)?{_PART}\s+(?:SET\s+(?:DEFAULT|STATISTICS|STORAGE|\()|ADD\b|RESET\b|SET\s+GENERATED)",
        ),
        (Effect.ALTER_TABLE, r"ALTER\s+(?:CONSTRAINT|INDEX)\b"),
        (
            Effect.CHANGE_TYPE,
            rf"ALTER\s+(?:COLUMN\s+)?{_PART}\s+(?:(?:SET\s+DATA\s+)?TYPE\s+)?[\w\[]|MODIFY\b",
        ),
        (Effect.RENAME, r"CHANGE\s+(?:COLUMN\s+)?\S+\s+\S+"),
        (Effect.RENAME, r"RENAME\b"),
        (Effect.BLOCKING_INDEX, r"ADD\s+(?:UNIQUE\s+|FULLTEXT\s+|SPATIAL\s+)?(?:INDEX|KEY)\b"),
        (
            Effect.CHECK_ROWS,
            rf"(?:WITH\s+CHECK\s+)?ADD\s+(?:CONSTRAINT\s+{_PART}\s+)?(?:UNIQUE|PRIMARY|FOREIGN|CHECK|EXCLUDE)\b",
        ),
        (Effect.ROW_SECURITY_OFF, r"DISABLE\s+ROW\s+LEVEL\s+SECURITY\b|NO\s+FORCE\s+ROW\b"),
        (Effect.TRIGGERS_OFF, r"DISABLE\s+(?:TRIGGER|RULE|ALL\s+TRIGGERS)\b"),
        (Effect.CHANGE_OWNER, r"OWNER\s+TO\b"),
        (Effect.MOVE_PARTITION, r"(?:DETACH|ATTACH|SWITCH|EXCHANGE)\b"),
        (Effect.REWRITE, r"SET\s+(?:TABLESPACE|LOGGED|UNLOGGED)\b|ENGINE\s*=|CONVERT\s+TO\b|MOVE\b"),
    )
)
HARMLESS_ACTION = compile_pattern(
    r"(?is)\A\s*(?:(?:ENABLE|FORCE)\s|VALIDATE\s+CONSTRAINT\b|CLUSTER\s+ON\b|SET\s+\(|RESET\s+\(|REPLICA\s+IDENTITY\b|"
    r"(?:WITH\s+NOCHECK\s+)?CHECK\s+CONSTRAINT\b)"
)
DEFERRED = compile_pattern(r"(?i)\bNOT\s+VALID\b|\bUSING\s+INDEX\b|\bNOCHECK\b")
ADDS_COLUMN = compile_pattern(rf"(?is)\A\s*ADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?\(?\s*({_PART})\s+\w")
REQUIRED = compile_pattern(r"(?i)\bNOT\s+NULL\b|\bPRIMARY\s+KEY\b")
FILLED = compile_pattern(
    r"(?i)\bDEFAULT\b|\bGENERATED\b|\bIDENTITY\b|\b(?:BIG|SMALL)?SERIAL\b|\bAUTO_?INCREMENT\b"
)
VOLATILE = compile_pattern(
    r"(?i)\bDEFAULT\s+(?:gen_random_uuid|uuid_generate_v\d\w*|random|clock_timestamp|nextval|newid)\s*\("
    r"|\bGENERATED\s+ALWAYS\s+AS\s*\([^)]*\)\s*STORED\b|\bSERIAL\b"
)
