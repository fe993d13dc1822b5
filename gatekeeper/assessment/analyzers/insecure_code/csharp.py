"""C# that switches protections off, runs foreign objects, or keeps secrets badly.

Owns the rules on single expressions; where input flows to is `input_flows.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.code.rules import CodeScanner, insecure
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document

_CODE_RULES = (
    insecure(
        "csharp_unguarded",
        "Switches a protection off, or trusts everybody",
        0.75,
        language="csharp",
        pattern=r"\bValidateInput\(\s*false|\bvalidateRequest\s*=\s*\"false\"|"
        r"\brequestValidationMode\s*=\s*\"2|\bDangerousAcceptAnyServerCertificateValidator\b|"
        r"\bServer(?:Certificate(?:Custom)?|"
        r"CertificateCustom)Validation(?:Callback)?\s*\+?=\s*(?:delegate\s*(?:\([^)]*\)\s*)?\{\s*r"
        r"eturn true|\([^)]*\)\s*=>\s*(?:\{\s*return\s+)?true)|"
        r"\[AllowAnonymous\]\s*(?:\[[^\]]*\]\s*)*public\s+(?:class\s+\w*(?:Admin|Account|User|"
        r"Payment|Billing|Order)\w*|[\w<>]+\s+\w*(?:Delete|Remove|Admin|Role|Grant|Transfer|"
        r"Refund)\w*)|"
        r"\[AllowAnonymous\]\s*\[Http(?:Delete|Put)|\bValidate(?:IssuerSigningKey|"
        r"Lifetime)\s*=\s*false\b|\bRequire(?:SignedTokens|ExpirationTime|"
        r"HttpsMetadata)\s*=\s*false\b|"
        r"\bSetIsOriginAllowed\(\s*\w+\s*=>\s*true|\bAllowAnyOrigin\(\)|"
        r"\bIgnoreAntiforgeryToken\b|\bHttpOnly\s*=\s*false\b|\bHtml\.Raw\(\s*(?:Model|ViewBag|"
        r"ViewData|Request|item|@?[a-z]\w*)\b[^)\n]*\)",
        unless=r"\bHtml\.Raw\(\s*Json\b",
        examples=(
            "[ValidateInput(false)]\npublic ActionResult Save(string html) { return View(); }",
            "ServicePointManager.ServerCertificateValidationCallback = (sender, cert, chain, errors) => true;",
            "[AllowAnonymous]\npublic class AdminController : Controller { }",
            "var p = new TokenValidationParameters { ValidateIssuerSigningKey = false };",
            "<p>@Html.Raw(Model.Comment)</p>",
        ),
        lookalikes=(
            "[ValidateInput(true)]\npublic ActionResult Save(string html) { return View(); }",
            "ServicePointManager.ServerCertificateValidationCallback = Check;",
            "[AllowAnonymous]\npublic class LoginController : Controller { }",
            "var p = new TokenValidationParameters { ValidateIssuerSigningKey = true };",
            "<p>@Model.Comment</p>",
        ),
    ),
    insecure(
        "csharp_error_page",
        "Shows everybody the insides of its errors",
        0.55,
        language="csharp",
        pattern=r"\bUseDeveloperExceptionPage\(",
        unless=r"\bIsDevelopment\(|\bIsEnvironment\(|\bEnvironmentName\b",
        examples=("app.UseDeveloperExceptionPage();",),
        lookalikes=("if (env.IsDevelopment()) { app.UseDeveloperExceptionPage(); }",),
    ),
    insecure(
        "csharp_redirects_anywhere",
        "Sends people to an address that the client names",
        0.6,
        language="csharp",
        pattern=r"\breturn (?:this\.)?Redirect\(\s*(?:returnUrl|redirectUrl|url|next|returnUri)\s*\)",
        unless=r"\bIsLocalUrl\(",
        examples=("return Redirect(returnUrl);",),
        lookalikes=(
            "if (Url.IsLocalUrl(returnUrl)) { return Redirect(returnUrl); }",
            'return Redirect("/home");',
        ),
    ),
    insecure(
        "csharp_runs_foreign_objects",
        "Turns foreign bytes into objects that can run, or follows what XML names",
        0.8,
        language="csharp",
        pattern=r"\bnew (?:BinaryFormatter|LosFormatter|NetDataContractSerializer|SoapFormatter|"
        r"ObjectStateFormatter|SimpleTypeResolver)\(|"
        r"\bTypeNameHandling\.(?:All|Auto|Objects|Arrays)\b|"
        r"\bXmlResolver\s*=\s*new XmlUrlResolver\(|\bDtdProcessing\.Parse\b|"
        r"\bProhibitDtd\s*=\s*false\b",
        examples=(
            "BinaryFormatter formatter = new BinaryFormatter();",
            "var s = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All };",
            "var s = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse };",
        ),
        lookalikes=(
            "var order = JsonSerializer.Deserialize<Order>(text);",
            "var s = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.None };",
            "var s = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };",
        ),
    ),
    insecure(
        "csharp_weak_secrets",
        "Makes or keeps secrets in a way that can be guessed",
        0.7,
        language="csharp",
        pattern=r"\b(?:MD5|SHA1)(?:CryptoServiceProvider|Managed)?\b[^}]{0,200}\b(?:password|passwd|"
        r"pwd)\b|\bnew (?:DES|RC2)CryptoServiceProvider\(|\b(?:DES|RC2)\.Create\(|"
        r"\bCipherMode\.ECB\b|"
        r"(?i:\b\w*(?:token|secret|password|otp|session_?id|"
        r"api_?key)\w*\s*=[^;\n]{0,60}\b(?:new Random\(|random\.Next|rnd\.Next|rand\.Next))",
        examples=(
            "byte[] h = MD5.Create().ComputeHash(Encoding.UTF8.GetBytes(password));",
            "aes.Mode = CipherMode.ECB;",
            "var token = new Random().Next(100000, 999999).ToString();",
        ),
        lookalikes=(
            "byte[] h = MD5.Create().ComputeHash(file);",
            "aes.Mode = CipherMode.CBC;",
            "var delay = new Random().Next(100);",
        ),
    ),
)

RULES: tuple[Rule, ...] = _CODE_RULES
_SCANNER = CodeScanner(("csharp",), _CODE_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's C# lets strangers in."""
    yield from _SCANNER.scan(document)
