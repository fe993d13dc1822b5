"""The calls of JavaScript, Python, PHP and Ruby that do something with text.

Owns their patterns; each ends where what it is given begins.
"""

from __future__ import annotations

from gatekeeper.assessment.code.dialects import JAVASCRIPT, PHP, PYTHON, RUBY
from gatekeeper.assessment.code.flow import ARGUMENTS, FIRST, STATEMENT
from gatekeeper.assessment.code.sinks import Use, sinks_of

_DATABASE = (
    r"\b(?:db|pool|client|conn|connection|knex|sequelize|mysql|pg|database|cursor|cur|stmt|statement|tx|trx)"
)

SINKS_SCRIPTED = (
    sinks_of(
        JAVASCRIPT,
        (
            Use.SQL,
            FIRST,
            r"\.(?:query|execute|raw|\$queryRawUnsafe|\$executeRawUnsafe|all|run|prepare|whereRaw|"
            r"orderByRaw|"
            r"havingRaw|joinRaw|each|unsafe|literal|one|any|none|manyOrNone|oneOrNone|exec)\(\s*",
        ),
        (
            Use.STATEMENT_OF_CLIENT,
            FIRST,
            _DATABASE + r"\.(?:query|execute|raw|\$queryRawUnsafe|unsafe|whereRaw)\(\s*",
        ),
        (Use.CONDITION, FIRST, r"\.(?:whereRaw|orderByRaw|havingRaw|joinRaw)\(\s*"),
        (
            Use.COMMAND,
            FIRST,
            r"(?m)(?:^|[^.\w])(?:exec|execSync|execAsync|execPromise|execFile|execFileSync|spawn|"
            r"spawnSync|fork|"
            r"execa|execaCommand|\$\$)\(\s*|\b(?:child_process|childProcess|cp|shell|shelljs|ssh|"
            r"execa)\.(?:exec\w*|spawn\w*|command\w*)\(\s*",
        ),
        (
            Use.COMMAND,
            ARGUMENTS,
            r"\bspawn(?:Sync)?\(\s*['\"](?:/bin/)?(?:ba|z)?sh['\"],\s*\[\s*['\"]-c['\"],\s*",
        ),
        (
            Use.CODE,
            FIRST,
            r"(?m)(?:^|[^.\w])(?:eval|Function|setTimeout|setInterval|setImmediate|execScript|require|"
            r"import)\(\s*|"
            r"\bvm\.\w+\(\s*|\bnew\s+(?:vm\.Script|Function|VMScript)\(\s*|\bvm2?\.run\(\s*|"
            r"\b(?:handlebars|Handlebars|pug|jade|ejs|nunjucks|"
            r"_|doT|mustache|Mustache|dot|swig|Twig|velocity)\.(?:compile|render|renderString|"
            r"template)\(\s*|\bpage\.(?:evaluate|setContent)\(\s*|"
            r"\bres\.render\(\s*|\b(?:unserialize|deserialize|deepDeserialize)\(\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"\b(?:fs|fsp|fse|fsPromises|fs\.promises)\.\w+\(\s*|(?m)(?:^|[^.\w])(?:readFile|"
            r"readFileSync|writeFile|"
            r"writeFileSync|createReadStream|createWriteStream|unlink|unlinkSync|rm|readdir)\(\s*|"
            r"\bres\.(?:sendFile|sendfile|download)\(\s*|"
            r"\bpath\.(?:join|resolve)\(\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"(?m)(?:^|[^.\w])(?:fetch|axios|got|request|needle|superagent|nodeFetch|open)\(\s*|"
            r"\b(?:axios|got|needle|superagent|"
            r"request|https?|urllib|\$)\.(?:get|post|put|head|request|stream|delete|ajax)\(\s*|"
            r"\baxios\(\{[^{}]*\burl:\s*|"
            r"\bpage\.goto\(\s*|\b(?:res|reply|response|ctx)\.redirect\(\s*(?:30\d,\s*)?|"
            r"\bLocation['\"]?\s*[:,]\s*|"
            r"\blocation(?:\.href)?\s*=\s*|\blocation\.(?:replace|assign)\(\s*|\bwindow\.open\(\s*",
        ),
        (
            Use.PAGE,
            ARGUMENTS,
            r"\bres(?:\.status\(\d+\))?\.(?:send|write|end)\(\s*|\breply\.send\(\s*|"
            r"\bdocument\.write(?:ln)?\(\s*",
        ),
        (
            Use.MARKUP,
            ARGUMENTS,
            r"\.insertAdjacentHTML\([^,\n]*,\s*|\.(?:html|append|prepend|after|before|"
            r"replaceWith)\(\s*|\bc\.html\(\s*|\bnew\s+Response\(\s*",
        ),
        (Use.MARKUP, STATEMENT, r"\.(?:innerHTML|outerHTML|srcdoc)\s*\+?=\s*|\bctx\.body\s*=\s*"),
        (
            Use.QUERY,
            ARGUMENTS,
            r"\bxpath\.(?:select\w*|evaluate|parse)\(\s*|\bclient\.search\(\s*|\.evaluate\(\s*|"
            r"\bfilter:\s*",
        ),
        (Use.PATTERN, FIRST, r"\bRegExp\(\s*"),
    ),
    sinks_of(
        PYTHON,
        (
            Use.SQL,
            FIRST,
            r"\.(?:execute|executemany|executescript|raw|read_sql|read_sql_query|fetch|fetchrow|"
            r"fetchval|exec_driver_sql|"
            r"mogrify|extra|query)\(\s*|\b(?:text|RawSQL|read_sql|sql\.SQL)\(\s*|\bwhere\s*=\s*\[\s*",
        ),
        (Use.STATEMENT_OF_CLIENT, FIRST, _DATABASE + r"\.execute\(\s*"),
        (Use.CONDITION, FIRST, r"\bwhere\s*=\s*\[\s*|\bRawSQL\(\s*"),
        (
            Use.COMMAND,
            FIRST,
            r"\bos\.(?:system|popen\w*|exec[lv]\w*|spawn\w+|startfile)\(\s*|\bcommands\.get\w+\(\s*|"
            r"\bsubprocess\.get(?:status)?output\(\s*|"
            r"\bsubprocess\.\w+\(\s*|\bPopen\(\s*|\basyncio\.create_subprocess_\w+\(\s*|"
            r"\.exec_command\(\s*|\bpexpect\.(?:spawn|run)\(\s*",
        ),
        (
            Use.COMMAND,
            ARGUMENTS,
            r"\bsubprocess\.\w+\(\s*\[\s*['\"](?:/bin/)?(?:ba|z)?sh['\"],\s*['\"]-c['\"],\s*",
        ),
        (
            Use.CODE,
            FIRST,
            r"(?m)(?:^|[^.\w])(?:eval|exec|compile|__import__|render_template_string|Template)\(\s*|"
            r"\bimportlib\.import_module\(\s*|"
            r"\b(?:c?[pP]ickle|dill|marshal|jsonpickle|yaml|joblib)\.(?:loads?|decode)\(\s*|"
            r"\.from_string\(\s*|\bgetattr\(\s*\w+\s*,\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"(?m)(?:^|[^.\w])(?:open|send_file|Path|FileResponse)\(\s*|\bos\.(?:remove|unlink|rmdir|"
            r"listdir|makedirs|rename|mkdir)\(\s*|"
            r"\bos\.path\.join\(\s*|\bshutil\.\w+\(\s*|\bio\.open\(\s*|\bcodecs\.open\(\s*|\bshelve\.open\(\s*",
        ),
        (Use.FILE, ARGUMENTS, r"\b\w+\.save\(\s*"),
        (
            Use.ADDRESS,
            FIRST,
            r"\b(?:requests|httpx|session|client|urllib3|http)\.(?:get|post|put|delete|head|patch|"
            r"request|stream)\(\s*(?:['\"][A-Z]+['\"],\s*)?|"
            r"\burlopen\(\s*|\burlretrieve\(\s*|(?m)(?:^|[^.\w])(?:redirect|HttpResponseRedirect|"
            r"RedirectResponse)\(\s*(?:url\s*=\s*)?|\bself\.redirect\(\s*|\bHTTPConnection\(\s*",
        ),
        (
            Use.MARKUP,
            ARGUMENTS,
            r"\b(?:make_response|HttpResponse|HTMLResponse|Markup|mark_safe|Response|SafeString|"
            r"format_html|literal)\(\s*|\bself\.write\(\s*",
        ),
        (Use.MARKUP, STATEMENT, r"(?m)^[ \t+]+return[ \t]+"),
        (
            Use.QUERY,
            ARGUMENTS,
            r"\.search(?:_s|_ext_s)?\(\s*|\.xpath\(\s*|\.find(?:all|_one|text)?\(\s*|"
            r"\$where['\"]\s*:\s*",
        ),
        (Use.PATTERN, FIRST, r"\bre\.(?:compile|match|search|sub|findall|fullmatch)\(\s*"),
    ),
    sinks_of(
        PHP,
        (
            Use.SQL,
            FIRST,
            r"->(?:query|exec|prepare|get_results|get_var|get_row|get_col|multi_query|executeQuery|"
            r"createQuery|whereRaw|selectRaw|orderByRaw|"
            r"havingRaw|rawQuery|createCommand|fetchAll|fetchAssoc\w*|executeStatement)\(\s*|"
            r"\b(?:mysql_query|pg_query|mssql_query|sqlsrv_query|"
            r"mysqli?_\w*query)\((?:\s*\$\w+\s*,)?\s*|"
            r"\bDB::(?:select|statement|unprepared|raw|insert|update|delete)\(\s*|::(?:whereRaw|"
            r"selectRaw|orderByRaw|fromQuery)\(\s*",
        ),
        (
            Use.STATEMENT_OF_CLIENT,
            FIRST,
            r"->(?:query|whereRaw|selectRaw|orderByRaw|orderBy|pluck|addSelect|exec)\(\s*|"
            r"\bDB::(?:raw|unprepared)\(\s*|\b(?:mysql_query|pg_query)\(\s*",
        ),
        (Use.CONDITION, FIRST, r"(?:->|::)(?:whereRaw|orWhereRaw|orderByRaw|havingRaw)\(\s*"),
        (
            Use.COMMAND,
            FIRST,
            r"(?m)(?:^|[^\w>:$])(?:system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec)\(\s*",
        ),
        (Use.CODE, STATEMENT, r"\b(?:include|include_once|require|require_once)\b[\s(]*"),
        (
            Use.CODE,
            FIRST,
            r"(?m)(?:^|[^\w>:$])(?:eval|assert|unserialize|create_function|call_user_func(?:_array)?|"
            r"extract|mb_ereg_replace|parse_str)\(\s*|\bnew\s+ReflectionClass\(\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"(?m)(?:^|[^\w>:$])(?:fopen|readfile|file|unlink|file_put_contents|copy|rename|rmdir|"
            r"mkdir|show_source|highlight_file|scandir|opendir)\(\s*|"
            r"\bmove_uploaded_file\([^,\n]*,\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"\b(?:file_get_contents|curl_init|fsockopen|get_headers|simplexml_load_file|"
            r"Http::get)\(\s*|\bCURLOPT_URL,\s*|\bredirect\(\s*|"
            r"->redirect\(\s*|->away\(\s*|\bRedirectResponse\(\s*|\bheader\(\s*['\"]Location:\s*['\"]\s*\.\s*",
        ),
        (Use.PAGE, STATEMENT, r"(?m)(?:^|[^\w$>])(?:echo|print)\b[\s(]*|<\?=\s*|\{!!\s*"),
        (Use.QUERY, ARGUMENTS, r"\bldap_search\(\s*|->(?:xpath|evaluate)\(\s*"),
    ),
    sinks_of(
        RUBY,
        (
            Use.SQL,
            FIRST,
            r"\.(?:where|find_by_sql|count_by_sql|execute|exec_query|select_all|exec|exec_params|"
            r"query|order|group|having|joins|pluck|select|from|find_by|exists\?|"
            r"delete_all|destroy_all|update_all|last|first|reorder|lock|calculate|sum|minimum|maximum|"
            r"average|async_exec)[( ]\s*\[?\s*|:(?:conditions|order|group|having|joins|select|from|"
            r"lock)\s*=>\s*\[?\s*|\bArel\.sql\(",
        ),
        (
            Use.STATEMENT_OF_CLIENT,
            FIRST,
            r"\.(?:order|reorder|group|having|joins|pluck|select|from|find_by_sql|execute|lock|sum|"
            r"calculate)[( ]\s*|:(?:order|group|having|joins|select|from|lock)\s*=>\s*",
        ),
        (
            Use.CONDITION,
            FIRST,
            r"\.(?:where|find_by|exists\?|having|joins|delete_all|destroy_all|update_all|last|"
            r"first)[( ]\s*\[?\s*|"
            r":(?:conditions|order|group|having|joins|select|from|lock)\s*=>\s*\[?\s*|\b(?:where|having)\s*\(",
        ),
        (
            Use.COMMAND,
            FIRST,
            r"(?m)(?:^|[^.\w:])(?:Kernel\.)?(?:system|exec|spawn|syscall)[( ]\s*|\bIO\.popen[( ]\s*|"
            r"\bOpen3\.\w+[( ]\s*|\bProcess\.spawn[( ]\s*|(?:^|[^.\w])%x",
        ),
        (
            Use.CODE,
            FIRST,
            r"(?m)(?:^|[^.\w])eval[( ]\s*|\.?\b(?:instance_eval|class_eval|module_eval|send|"
            r"public_send|__send__|try|const_get|method)[( ]\s*|\b(?:Marshal|YAML|Oj|CSV|"
            r"Psych)\.(?:load|unsafe_load|restore)[( ]\s*|"
            r"\brender[( ]\s*(?:(?:inline|file|template|text|html|partial|action):\s*|:(?:inline|file|"
            r"template|text|partial)\s*=>\s*)?|\bERB\.new[( ]\s*|\bObject\.const_get[( ]\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"\bsend_file[( ]\s*|\b(?:File|IO|Dir|Pathname)\.(?:read|open|new|write|delete|readlines|"
            r"binread|join|glob|entries|foreach)[( ]\s*|(?m)(?:^|[^.\w])open[( ]\s*|"
            r"\bFileUtils\.\w+[( ]\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"\bredirect_to[( ]\s*|\bNet::HTTP\.\w+[( ]\s*|\bURI\.open[( ]\s*|\bURI(?:\.parse)?\(\s*|"
            r"\b(?:HTTParty|Faraday|RestClient|Excon|Typhoeus)\.\w+[( ]\s*|\bredirect[( ]\s*",
        ),
        (Use.MARKUP, STATEMENT, r"\braw[( ]\s*|<%==\s*|\brender[( ]\s*html:\s*"),
        (Use.PATTERN, FIRST, r"\bRegexp\.new[( ]\s*"),
    ),
)
