"""The calls of Go, Java, Kotlin and C# that do something with text.

Owns their patterns; each ends where what it is given begins.
"""

from __future__ import annotations

from gatekeeper.assessment.code.dialects import CSHARP, GO, JAVA
from gatekeeper.assessment.code.flow import ARGUMENTS, FIRST, STATEMENT
from gatekeeper.assessment.code.sinks import Use, sinks_of

SINKS_COMPILED = (
    sinks_of(
        GO,
        (
            Use.SQL,
            FIRST,
            r"\.(?:Query|Exec|QueryRow|Prepare|Queryx|Raw|Where|Select|Get|NamedExec|MustExec|Order|"
            r"Having)\(\s*(?:&\w+,\s*)?|"
            r"\.(?:Query|Exec|QueryRow|Prepare|Select|"
            r"Get)Context\(\s*(?:[\w.]+(?:\(\))?)\s*,\s*(?:&\w+,\s*)?|\.(?:Query|Exec|"
            r"QueryRow)\(\s*ctx\s*,\s*",
        ),
        (Use.STATEMENT_OF_CLIENT, FIRST, r"\.(?:Query|Exec|QueryRow|Raw|Order|Where)\(\s*"),
        (Use.CONDITION, FIRST, r"\.(?:Where|Having|Or|Not)\(\s*"),
        (
            Use.COMMAND,
            FIRST,
            r"\bexec\.Command\(\s*|\bexec\.CommandContext\(\s*[\w.]+(?:\(\))?\s*,\s*|"
            r"\bsyscall\.Exec\(\s*",
        ),
        (
            Use.COMMAND,
            ARGUMENTS,
            r"\bexec\.Command(?:Context)?\([^\"]*\"(?:/bin/)?(?:ba|z)?sh\",\s*\"-c\",\s*",
        ),
        (Use.CODE, FIRST, r"\.Parse\(\s*|\bplugin\.Open\(\s*"),
        (
            Use.FILE,
            ARGUMENTS,
            r"\b(?:os|ioutil)\.(?:Open|OpenFile|ReadFile|WriteFile|Create|Remove|RemoveAll|ReadDir|"
            r"Mkdir\w*)\(\s*|\bhttp\.ServeFile\(\s*\w+,\s*\w+,\s*|"
            r"\bhttp\.Dir\(\s*|\bfilepath\.Join\(\s*|\bc\.(?:File|SendFile)\(\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"\bhttp\.(?:Get|Post|Head|PostForm)\(\s*|"
            r"\bhttp\.NewRequest(?:WithContext)?\([^\"()]*\"[A-Z]+\",\s*|"
            r"\bhttp\.Redirect\(\s*\w+,\s*\w+,\s*|\bc\.Redirect\(\s*(?:[\w.]+,\s*)?|\bclient\.Get\(\s*",
        ),
        (
            Use.PAGE,
            ARGUMENTS,
            r"\bfmt\.Fprintf?\(\s*w\s*,\s*|\bw\.Write\(\s*\[\]byte\(\s*|\btemplate\.(?:HTML|JS|URL|"
            r"HTMLAttr|CSS)\(\s*|\bio\.WriteString\(\s*w\s*,\s*|\bc\.HTML\w*\(\s*",
        ),
        (Use.QUERY, ARGUMENTS, r"\bldap\.NewSearchRequest\(\s*|\bxmlpath\.\w+\(\s*"),
    ),
    sinks_of(
        JAVA,
        (
            Use.SQL,
            FIRST,
            r"\.(?:execute(?:Query|Update|LargeUpdate)?|addBatch|prepareStatement|prepareCall|"
            r"createQuery|createNativeQuery|createSQLQuery|"
            r"queryFor\w+|query|update|batchUpdate|rawQuery|execSQL|newQuery|nativeQuery)\(\s*|"
            r"@Query\(\s*(?:value\s*=\s*)?",
        ),
        (Use.STATEMENT_OF_CLIENT, FIRST, r"\b(?:stmt|statement|st)\.execute(?:Query|Update)?\(\s*"),
        (
            Use.COMMAND,
            ARGUMENTS,
            r"\bgetRuntime\(\)\.exec\(\s*|\b(?:r|rt|runtime)\.exec\(\s*|\bProcessBuilder\(\s*|"
            r"\bpb\.command\(\s*",
        ),
        (
            Use.CODE,
            FIRST,
            r"\.eval\(\s*|\.parseExpression\(\s*|\bClass\.forName\(\s*|\.evaluate\(\s*|"
            r"\.loadClass\(\s*|\bObjectInputStream\(\s*|\bcreateValueExpression\([^,\n]*,\s*|"
            r"\bOgnl\.getValue\(\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"\bnew\s+(?:java\.io\.)?File(?:InputStream|OutputStream|Reader|Writer)?\(\s*|"
            r"\bPaths?\.(?:get|of)\(\s*|\bFiles\.\w+\(\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"\bnew\s+(?:java\.net\.)?UR[LI]\(\s*|\bURI\.create\(\s*|\.sendRedirect\(\s*|"
            r"\brestTemplate\.\w+\(\s*|\bHttpGet\(\s*|\bnew\s+RedirectView\(\s*|"
            r"\breturn\s+\"redirect:\"\s*\+\s*|\bnew\s+ModelAndView\(\s*\"redirect:\"\s*\+\s*|"
            r"\bwebClient\.get\(\)\.uri\(\s*",
        ),
        (
            Use.PAGE,
            ARGUMENTS,
            r"\bgetWriter\(\)\.(?:print(?:ln|f)?|write|append|format)\(\s*|\b(?:out|writer|"
            r"pw)\.(?:print(?:ln)?|write)\(\s*",
        ),
        (Use.QUERY, ARGUMENTS, r"\.search\(\s*|\.(?:evaluate|compile)\(\s*"),
    ),
    sinks_of(
        CSHARP,
        (
            Use.SQL,
            FIRST,
            r"\bnew\s+(?:Sql|MySql|Npgsql|OleDb|Odbc|Sqlite|SQLite|Oracle)(?:Command|"
            r"DataAdapter)\(\s*|\.(?:FromSqlRaw|ExecuteSqlRaw(?:Async)?|ExecuteSqlCommand|"
            r"SqlQuery(?:Raw)?|FromSql|"
            r"Query(?:Async)?|QueryFirst\w*|QuerySingle\w*|Execute(?:Async|Scalar)?|CreateSQLQuery|"
            r"CreateQuery)(?:<[^<>()]*>)?\(\s*",
        ),
        (Use.SQL, STATEMENT, r"\bCommandText\s*=\s*"),
        (Use.COMMAND, ARGUMENTS, r"\bProcess\.Start\(\s*|\bnew\s+ProcessStartInfo\(\s*"),
        (Use.COMMAND, STATEMENT, r"\bArguments\s*=\s*|\bStartInfo\.FileName\s*=\s*|\bFileName\s*=\s*"),
        (
            Use.CODE,
            FIRST,
            r"\bCSharpScript\.\w+(?:<\w+>)?\(\s*|\bAssembly\.Load\w*\(\s*|\.Deserialize\w*\(\s*|"
            r"\bActivator\.CreateInstance\(\s*|\bType\.GetType\(\s*|\bRazor\.Parse\(\s*|"
            r"\bEngine\.Razor\.\w+\(\s*",
        ),
        (
            Use.FILE,
            ARGUMENTS,
            r"\bFile\.\w+\(\s*|\bPath\.Combine\(\s*|\bPhysicalFile\(\s*|\bnew\s+(?:FileStream|"
            r"StreamReader|StreamWriter|FileInfo)\(\s*|\bDirectory\.\w+\(\s*",
        ),
        (
            Use.ADDRESS,
            FIRST,
            r"\b(?:Local)?Redirect(?:Permanent)?\(\s*|\bResponse\.Redirect\(\s*|\.(?:DownloadString|"
            r"DownloadData|OpenRead|GetAsync|GetStringAsync|PostAsync|GetStreamAsync)\(\s*|"
            r"\bWebRequest\.Create\(\s*|\bnew\s+Uri\(\s*|\bnew\s+RestClient\(\s*",
        ),
        (
            Use.PAGE,
            ARGUMENTS,
            r"\bResponse\.Write(?:Async)?\(\s*|\bHtml\.Raw\(\s*|\bContent\(\s*|\bnew\s+HtmlString\(\s*",
        ),
        (
            Use.QUERY,
            ARGUMENTS,
            r"\bDirectorySearcher\(\s*|\bDirectoryEntry\(\s*|\.(?:Select(?:Nodes|SingleNode)?|"
            r"Evaluate|Compile)\(\s*",
        ),
        (Use.QUERY, STATEMENT, r"\bFilter\s*=\s*"),
        (Use.PATTERN, FIRST, r"\bnew\s+Regex\(\s*"),
    ),
)
