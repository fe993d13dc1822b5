"""Tokens of clouds and of the places where programs and databases run."""

from __future__ import annotations

from gatekeeper.assessment.secrets.checksums import names_aws_account
from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex, made_up_upper, token

_AWS_FORM = r"[A-Za-z0-9/+]{39}[A-Za-z0-9/+=]"
_GOOGLE_FORM = "GOCSPX-" + made_up(28)

FORMATS = (
    token(
        "aws_key",
        "An AWS access key",
        r"\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?:[^A-Za-z0-9+/=_-]|$)",
        "AKIA" + made_up_upper(16),
        "AKIA" + "IOSFODNN7EXAMPLE is the documented example",
        "AKIA is a prefix",
        "AKIA" + "7ZZZ7XKPW5MVB2RD names no account that there could be",
        "the data set ASIA" + made_up_upper(16).lower(),
        holds=names_aws_account,
    ),
    token(
        "aws_secret_key",
        "An AWS secret access key",
        rf"(?i)\b(?:aws|amazon|s3|minio)?[_.-]?secret[_.-]?(?:access[_.-]?)?key[\"']?\s*(?:=>|:=|"
        rf"[:=])?\s*[\"'`]?(?-i:({_AWS_FORM}))"
        r"(?:[\s\"'`,;\\]|$)",
        "aws_secret_access_key = '" + made_up(20) + "/" + made_up(19) + "'",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY",
        "aws_secret_access_key = var.secret",
    ),
    token(
        "aws_bedrock_key",
        "An Amazon Bedrock key",
        r"\bABSK[A-Za-z0-9+/]{109,269}={0,2}",
        "ABSK" + made_up(112),
        "ABSK is a prefix",
    ),
    token(
        "google_key",
        "A Google API key",
        r"\bAIza[0-9A-Za-z_-]{35}(?:[^0-9A-Za-z_-]|$)",
        "AIza" + made_up(35),
        "AIza" + "X" * 35,
        "AIza" + made_up(12),
    ),
    token(
        "google_oauth",
        "A Google OAuth secret or token",
        r"\b(?:GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{60,}|1//0[A-Za-z0-9_-]{50,})",
        _GOOGLE_FORM,
        "GOCSPX-your-client-secret-goes-here",
        "the client 407408718192.apps.googleusercontent.com",
    ),
    token(
        "azure_storage_key",
        "An Azure storage or service bus key",
        r"(?i)\b(?:account_?key|shared_?access_?key|storage_?(?:account_?)?key|primary_?key|"
        r"access_?key)[\"']?\s*[:=]\s*[\"']?(?-i:([A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=))"
        r"(?:[^A-Za-z0-9+/=]|$)",
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=" + made_up(86) + "==",
        "AccountKey=...;EndpointSuffix=core.windows.net",
        "AccountKey=" + "A" * 86 + "==",
    ),
    token(
        "azure_signature",
        "A signed Azure address",
        r"[?&;]s[eprvt]+=[^\s\"'`]{0,300}&(?:amp;)?sig=([A-Za-z0-9%+/]{40,100}={0,2})",
        "https://shop.blob.core.windows.net/a?sv=2024-05-04&se=2030-01-01&sp=r&sig=" + made_up(43) + "%3D",
        "https://shop.blob.core.windows.net/a?sv=2024-05-04&sig=<signature>",
    ),
    token(
        "azure_client_secret",
        "An Azure client secret",
        r"(?:^|[\s\"'`>=:(,])([A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34})(?:[\s\"'`<),;]|$)",
        "aB38Q~" + made_up(34),
        "aB38Q~" + "x" * 34,
        "http://shop.example/list~VARA_101375237~mh17-het-verdriet.html",
    ),
    token(
        "azure_devops_token",
        "An Azure DevOps token",
        r"\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b",
        made_up(76) + "AZDOq4Z1",
        "AZDO is a signature",
    ),
    token(
        "digitalocean_token",
        "A DigitalOcean token",
        r"\bdo[opr]_v1_[a-f0-9]{64}\b",
        "dop_v1_" + made_up_hex(64),
        "dop_v1_" + "x" * 64,
        "dop_v1_ is a prefix",
    ),
    token(
        "heroku_key",
        "A Heroku key",
        r"(?i)\bHRKU-[A-Za-z0-9_-]{36,64}|\bheroku[\w.-]{0,20}(?:key|token|auth)[\"']?\s*(?:=>|[:=])\s*[\"']?"
        r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        "HEROKU_API_KEY=3f7a1c52-9be4-4d08-a6f1-5c72e80b9d34",
        "HEROKU_APP_ID=3f7a1c52-9be4-4d08-a6f1-5c72e80b9d34",
    ),
    token(
        "fly_token",
        "A Fly.io token",
        r"\b(?:fo1_[A-Za-z0-9_-]{43}|fm1[ar]_[A-Za-z0-9+/]{100,}={0,3}|fm2_[A-Za-z0-9+/]{100,}={0,3})",
        "FlyV1 fm2_" + made_up(120),
        "fo1_" + "x" * 43,
        "fm2_ is how it begins",
    ),
    token(
        "supabase_key",
        "A Supabase key",
        r"\bsbp_[a-f0-9]{40}\b|\bsb_secret_[A-Za-z0-9_-]{22,44}",
        "sbp_" + made_up_hex(40),
        "sb_publishable_" + made_up(31),
    ),
    token(
        "planetscale_password",
        "A PlanetScale password or token",
        r"\bpscale_(?:pw|tkn|oauth)_[A-Za-z0-9_.=-]{32,64}",
        "pscale_pw_" + made_up(43),
        "pscale_pw_your_password_stands_right_here",
    ),
    token(
        "databricks_token",
        "A Databricks token",
        r"\bdapi[a-f0-9]{32}(?:-[0-9])?\b|\bdkea[a-f0-9]{32}\b",
        "dapi" + made_up_hex(32),
        "dapi" + "0" * 32,
    ),
    token(
        "alibaba_key",
        "An Alibaba Cloud key",
        r"\bLTAI[A-Za-z0-9]{20}\b",
        "LTAI" + made_up(20),
        "LTAI" + "x" * 20,
    ),
    token(
        "vercel_token",
        "A Vercel or Netlify token",
        r"\bnfp_[A-Za-z0-9]{36}\b|\bvc[pikar]_[A-Za-z0-9]{24,60}\b",
        "nfp_" + made_up(36),
        "nfp_" + "x" * 36,
    ),
    token(
        "cloudflare_key",
        "A Cloudflare key",
        r"\bv1\.0-[a-f0-9]{24}-[a-f0-9]{146}\b|(?i)\b(?:cloudflare|cf)[\w.-]{0,20}(?:token|key)[\"']?\s*(?:=>|"
        r"[:=])\s*[\"']?"
        r"(?-i:([A-Za-z0-9_-]{40}|[a-f0-9]{37}))(?:[\s\"'`,;]|$)",
        "CLOUDFLARE_API_TOKEN=" + made_up(40),
        "CLOUDFLARE_ZONE=" + made_up_hex(32),
        "CLOUDFLARE_API_TOKEN=$CLOUDFLARE_API_TOKEN",
    ),
)
