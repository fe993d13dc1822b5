"""Code that destroys data without SQL: calls of query builders, models, document stores, caches and object stores.

Owns the rules on calls that nobody can take back. What a deployment does not run (a migration's way down) is left out;
statements of SQL in strings are `sql.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rollback import ways_down
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_phrase

_FOLDER = (
    r"(?:/|[A-Z]:[\\/]|~)(?:(?:var|srv|home|etc|opt|usr|root|data|mnt|boot|lib|bin|backups?|Users|Windows)\b"
    r"[^\"'`\n]*)?"
)
_PATTERN_RULES = (
    PatternRule(
        id="code.drops_tables",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Drops or rebuilds tables from code",
        confidence=0.85,
        examples=(
            "```js\nawait knex.schema.dropTable('users');\n```",
            "```js\nawait sequelize.sync({ force: true });\n```",
            "```python\ndef upgrade():\n    op.drop_table('users')\n```",
            "```python\noperations = [migrations.DeleteModel(name='Order')]\n```",
            "```php\nSchema::dropIfExists('users');\n```",
            "```ruby\ncreate_table :users, force: :cascade do |t|\nend\n```",
            "```js\nawait mongoose.connection.dropDatabase();\n```",
        ),
        lookalikes=(
            "```js\nexports.down = (knex) => knex.schema.dropTable('users');\n```",
            "```python\ndef downgrade():\n    op.drop_table('users')\n```",
            "```js\n// await sequelize.sync({ force: true });\nawait sequelize.sync();\n```",
            "```php\npublic function down(): void\n{\n    Schema::dropIfExists('users');\n}\n```",
            "```js\nelement.addEventListener('drop', onDrop);\n```",
        ),
        pattern=r"\.drop(?:Table(?:IfExists)?|Schema(?:IfExists)?|Database|AllTables|AllSchemas)\(|\bop\.drop_table\(|"
        r"\.sync\(\s*\{[^}\n]*\bforce\s*:\s*true|\bdrop_table(?: |\():\w|\.drop_(?:all|database)\(|"
        r"\bmigrations\.DeleteModel\(|\bSchema::drop(?:IfExists|AllTables)?\(|\.Migrator\(\)\.DropTable\(|"
        r"\bcreate_table(?: |\():\w+,[^\n]*\bforce: (?::cascade|true)|\bsequelize\.drop\(|\.synchronize\(\s*true|"
        r"\bdropSchema\s*:\s*true\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.drops_columns",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Drops a column and what it holds from code",
        confidence=0.85,
        examples=(
            "```js\nexports.up = (knex) => knex.schema.alterTable('users', (t) => t.dropColumn('email'));\n```",
            "```python\ndef upgrade():\n    op.drop_column('users', 'email')\n```",
            "```ruby\ndef change\n  remove_column :users, :email\nend\n```",
            "```python\noperations = [migrations.RemoveField(model_name='user', name='email')]\n```",
        ),
        lookalikes=(
            "```js\nexports.down = (knex) => knex.schema.alterTable('users', (t) => t.dropColumn('email'));\n```",
            "```python\nframe = frame.drop(columns=['email'])\n```",
        ),
        pattern=r"\.(?:dropColumns?|removeColumn|dropTimestamps)\(|->drop(?:Column|Timestamps|SoftDeletes)\(|"
        r"\bop\.drop_column\(|\bbatch_op\.drop_column\(|"
        r"\bremove_(?:columns?|reference|timestamps)(?: |\():\w|\bmigrations\.RemoveField\(",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.deletes_everything",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Deletes every row from code",
        confidence=0.85,
        examples=(
            "```js\nawait User.deleteMany({});\n```",
            "```js\nawait User.destroy({ where: {} });\n```",
            "```python\nUser.objects.all().delete()\n```",
            "```js\nawait knex('users').del();\n```",
            "```python\nsession.query(User).delete()\n```",
            "```php\nDB::table('users')->truncate();\n```",
            "```ruby\nUser.delete_all\n```",
        ),
        lookalikes=(
            "```js\nawait User.deleteMany({ expired: true });\n```",
            "```js\nawait User.destroy({ where: { id } });\n```",
            "```js\nawait knex('users').where({ id }).del();\n```",
            "```ruby\nUser.where(id: id).delete_all\n```",
            "```python\nsession.query(User).filter(User.id == uid).delete()\n```",
            "```js\nconst short = text.truncate(40);\n```",
        ),
        pattern=r"\.delete(?:Many|_many)\(\s*(?:\{\s*\}\s*)?\)|\b[A-Z]\w*\.remove\(\s*\{\s*\}\s*\)|"
        r"\.destroy\(\s*\{[^}\n]*(?:truncate\s*:\s*true|where\s*:\s*\{\s*\})|"
        r"\.objects\.all\(\)\.delete\(\)|\.query\(\s*\w+\s*\)\.delete\(|\b[A-Z]\w*\.(?:delete|destroy)_all\b|"
        r"\b(?:knex|db|trx)\(\s*['\"`]\w+['\"`]\s*\)\.(?:del|delete|truncate)\(\s*\)|"
        r"\bDB::table\([^)\n]*\)->(?:truncate|delete)\(\s*\)|\b[A-Z]\w*::truncate\(\s*\)|"
        r"\b\w*[rR]epo(?:sitory)?\.(?:clear|deleteAll|deleteAllInBatch)\(\s*\)|\.clearTable\(|"
        r"\bdb\.delete\(\s*\w+\s*\)\s*(?:;|$)|\bcall_command\(\s*['\"]flush['\"]",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.deletes_folders",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Deletes a folder of the machine it runs on",
        confidence=0.8,
        examples=(
            "```python\nshutil.rmtree('/var/lib/postgresql')\n```",
            "```js\nfs.rmSync('/', { recursive: true, force: true });\n```",
            "```js\nawait fs.promises.rm(`/srv/uploads`, { recursive: true });\n```",
            "```ruby\nFileUtils.rm_rf('/srv/customers')\n```",
            '```go\nos.RemoveAll("/var/lib/mysql")\n```',
        ),
        lookalikes=(
            "```python\nshutil.rmtree('/tmp/build')\nshutil.rmtree('build')\n```",
            "```js\nfs.rmSync('dist', { recursive: true, force: true });\n```",
            "```js\nfs.rmSync('/etc/a.pid');\n```",
            "```python\n# shutil.rmtree('/var/lib/postgresql')\nrun()\n```",
        ),
        pattern=rf"\brmtree\(\s*[\"']{_FOLDER}[\"']|\b(?:rm|rmdir)(?:Sync)?\(\s*[\"'`]{_FOLDER}[\"'`]\s*,"
        rf"\s*\{{[^}}\n]*\brecursive\s*:\s*true|\b(?:rm_rf|rm_r|remove_dir|remove_entry_secure)[\s(]+[\"']{_FOLDER}[\"']"
        rf"|\bRemoveAll\(\s*\"{_FOLDER}\"|\bremove_dir_all\(\s*\"{_FOLDER}\"|\brimraf(?:\.sync)?\(\s*[\"'`]{_FOLDER}[\"'`]",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.empties_a_store",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Empties a collection, cache, search index or bucket from code",
        confidence=0.85,
        examples=(
            "```js\nawait db.collection('users').drop();\n```",
            "```python\nr.flushall()\n```",
            "```js\nawait client.indices.delete({ index: 'orders' });\n```",
            "```js\nawait s3.send(new DeleteBucketCommand({ Bucket: 'prod-uploads' }));\n```",
            "```python\nboto3.client('dynamodb').delete_table(TableName='orders')\n```",
        ),
        lookalikes=(
            "```js\nawait redis.del(`session:${id}`);\n```",
            "```js\nitems.drop(3);\n_.drop([1, 2, 3], 2);\n```",
            "```js\nawait s3.deleteObject({ Bucket: 'uploads', Key: key });\n```",
            "```js\nawait client.indices.create({ index: 'orders' });\n```",
        ),
        pattern=r"\.collection\([^)\n]*\)\.drop\(\s*\)|\bdb\.\w+\.drop\(\s*\)|\bdb\[[^\]\n]*\]\.drop\(\s*\)|"
        r"(?i:\.flush_?(?:all|db)\()|\.indices\.delete\(|\bDelete(?:Bucket|Table|DBInstance|DBCluster)Command\(|"
        r"\.delete(?:Bucket|Table|DBInstance|DBCluster)\(\s*\{|\.delete_(?:bucket|table|db_instance|db_cluster)\(|"
        r"\.(?:objects|object_versions)(?:\.all\(\))?\.delete\(\s*\)|\.bucket\([^)\n]*\)\.(?:delete|deleteFiles)\(",
        where=Where.CODE,
    ),
    PatternRule(
        id="code.resets_database",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Resets a database by a command of its framework",
        confidence=0.85,
        examples=(
            "```sh\nnpx prisma migrate reset --force\n```",
            "```sh\nphp artisan migrate:fresh --force\n```",
            "```sh\nredis-cli FLUSHALL\n```",
            "```sh\ncurl -X DELETE http://localhost:9200/orders\n```",
        ),
        lookalikes=(
            "```sh\nnpx prisma migrate deploy\n```",
            "```sh\nphp artisan migrate\n```",
            "```sh\ncurl -X GET http://localhost:9200/orders/_search\n```",
            "Never run `prisma migrate reset` on production.",
        ),
        pattern=r"\bprisma (?:migrate reset|db push [^\n]*--(?:force-reset|accept-data-loss))|"
        r"\bartisan (?:migrate:(?:fresh|refresh|reset)|db:wipe)|"
        r"\b(?:rails|rake) [^\n]*\bdb:(?:drop|reset|purge|schema:load)\b|"
        r"\bmanage\.py (?:flush|reset_db)\b|\bredis-cli [^\n]*(?i:flush(?:all|db))|\bflask db downgrade base\b|"
        r"\bcurl [^\n]*-X\s*DELETE [^\n]*:9200/[\w*]+(?:[\s'\"?]|$)|\bsequelize(?:-cli)? db:drop\b|"
        r"\btypeorm [^\n]*schema:drop\b|\balembic downgrade base\b|\bsupabase db reset [^\n]*--linked\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="schema.changed_in_code",
        hazard=Hazard.SCHEMA_MIGRATION,
        title="Changes a live table by a migration in code",
        confidence=0.8,
        examples=(
            "```js\nawait queryInterface.renameColumn('Users', 'name', 'fullName');\n```",
            "```python\ndef upgrade():\n    op.add_column('users', sa.Column('age', sa.Integer()))\n```",
            "```ruby\ndef change\n  add_index :users, :email\nend\n```",
            "```python\noperations = [migrations.RenameField('user', 'name', 'full_name')]\n```",
            "```ruby\ndef change\n  create_table :notes do |t|\n  end\n  add_index :users, :title\nend\n```",
            "```js\nawait sequelize.sync({ alter: true });\n```",
        ),
        lookalikes=(
            "```js\nexports.down = (knex) => knex.schema.alterTable('users', (t) => t.renameColumn('a', 'b'));\n```",
            "```js\nexports.up = (knex) => knex.schema.createTable('notes', (t) => t.increments());\n```",
            "```python\noperations = [migrations.CreateModel(name='Note', fields=[])]\n```",
            "```ruby\ndef change\n  create_table :notes do |t|\n  end\n  add_index :notes, :title\nend\n```",
            "```python\ndef upgrade():\n    op.create_table('notes')\n    op.create_index('i', 'notes', 'a')\n```",
            "```js\nawait sequelize.sync();\n```",
        ),
        pattern=r"\b(?:queryInterface|queryRunner)\.(?:sequelize\.)?(?:add|rename|change)"
        r"(?:Columns?|Fields?|Table|Index|Constraint)\(|\.sync\(\s*\{[^}\n]*\balter\s*:\s*true|"
        r"\bqueryRunner\.create(?:Index|ForeignKey|UniqueConstraint)\(|\.schema\.(?:alterTable|table|renameTable)\(|"
        r"\bop\.(?:add_column|alter_column|create_index|create_foreign_key|create_unique_constraint|rename_table|"
        r"drop_constraint|drop_index|batch_alter_table)\(|"
        r"\bmigrations\.(?:AddField|AlterField|RenameField|RenameModel|AddIndex|RemoveIndex|AddConstraint|"
        r"AlterUniqueTogether|AlterModelTable)\(|"
        r"(?m:^\s*(?:add_column|rename_column|rename_table|change_column(?:_null|_default)?|add_index|add_reference|"
        r"add_foreign_key|remove_index|change_table)(?: |\():\w)|\bSchema::(?:table|rename)\(|"
        r"\bpgm\.(?:addColumns?|alterColumn|renameColumn|renameTable|createIndex|addConstraint|alterTable)\(",
        where=Where.CODE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_CREATED = compile_phrase(r"(?i)\bcreate_?table[ (]+[:\"'`]*(\w+)")
_INDEXED = compile_phrase(
    r"(?i)\A\s*(?:\w+\.)?(?:add_?index|create_?index|add_?reference)[ (]+[:\"'`]*(\w+)[\"'`]*(?: ?, ?[:\"'`]*(\w+))?"
)
_MOST_TABLES = 64
_LONGEST_CALL = 200


def _is_of_new_table(document: Document, start: int, end: int) -> bool:
    """Tell whether an index is put on a table that the same text creates: no row of it is live yet."""
    indexed = _INDEXED.search(document.running[start : end + _LONGEST_CALL])
    if indexed is None:
        return False
    created = islice(_CREATED.finditer(document.running), _MOST_TABLES)
    return not {indexed.group(1), indexed.group(2)}.isdisjoint(each.group(1) for each in created)


_SCANNER = Scanner(_PATTERN_RULES, _is_of_new_table)
# One word at least of every pattern: most texts have none of them.
_MAY_FIND = SIGNS.add(
    r"(?i)\.drop|drop[TS]|dropC|dropI|dropA|drop_|DeleteModel|force|synchroni[sz]e|dropschema|remove_?c|remove_[rt]|RemoveField|"
    r"delete_?many|\.remove\(|destroy|truncate|delete\(\s*\)|delete_all|\.del\(|deleteAll|\.clear\(|clearTable|"
    r"db\.delete|flush|indices|delete_?(?:bucket|table|db)|object|bucket|migrate|prisma|artisan|manage\.py|:9200|db:|"
    r"schema|alembic|downgrade|supabase|(?:add|rename|change|alter)_?(?:column|table|index|constraint|reference|field)|"
    r"\.sync\(|queryRunner|queryInterface|op\.|migrations\.|add_foreign|remove_index|pgm\.|rmtree|rm_r|RemoveAll|remove_dir|rimraf|"
    r"recursive"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what a proposal's code would destroy once it runs."""
    if document.shows(_MAY_FIND) and _SCANNER.may_find(document):
        yield from _SCANNER.scan(document, outside=ways_down(document))
