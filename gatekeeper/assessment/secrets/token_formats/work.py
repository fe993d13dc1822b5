"""Tokens of model providers and of tools that people work with."""

from __future__ import annotations

from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex, token

FORMATS = (
    token(
        "openai_key",
        "An OpenAI key",
        r"\bsk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}|"
        r"\bsk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}\b|"
        r"\bsk-proj-[A-Za-z0-9_-]{48,}",
        "sk-proj-" + made_up(74) + "T3BlbkFJ" + made_up(74),
        "sk-proj-your-key-goes-here-and-nowhere-else-please-today-ok",
        "class risk-based-approach-to-all-of-the-things-we-do",
    ),
    token(
        "anthropic_key",
        "An Anthropic key",
        r"\bsk-ant-(?:api|admin|oat|sid)[0-9]{2}-[A-Za-z0-9_-]{80,110}",
        "sk-ant-api03-" + made_up(93) + "AA",
        "sk-ant-api03-your-key",
        "sk-ant-api03-" + "x" * 93 + "AA",
    ),
    token(
        "model_provider_key",
        "A key of a model provider",
        r"\bsk-(?:ant-|or-v1-|lf-)?[A-Za-z0-9]{32,}(?:[^A-Za-z0-9-]|$)|\bgsk_[A-Za-z0-9]{52}\b|"
        r"\bpplx-[A-Za-z0-9]{48,56}\b|\br8_[A-Za-z0-9]{37}\b|"
        r"\bxai-[A-Za-z0-9]{80}\b|\blsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}\b|\btgp_v1_[A-Za-z0-9_-]{43}",
        "gsk_" + made_up(52),
        "gsk_" + "x" * 52,
        "sk-your-key",
    ),
    token(
        "huggingface_token",
        "A Hugging Face token",
        r"\b(?:hf|api_org)_[A-Za-z]{34}\b|\bhf_[A-Za-z0-9]{34,37}\b",
        "hf_" + made_up(34),
        "hf_" + "x" * 34,
    ),
    token(
        "linear_key",
        "A Linear key",
        r"\blin_(?:api|oauth)_[A-Za-z0-9]{40,64}\b",
        "lin_api_" + made_up(40),
        "lin_api_key",
    ),
    token(
        "notion_key",
        "A Notion key",
        r"\bntn_[0-9]{9,12}[A-Za-z0-9]{34,38}\b|\bsecret_[A-Za-z0-9]{43}\b",
        "ntn_" + "48207351964" + made_up(35),
        "secret_" + "x" * 43,
        "secret_name_of_the_customer",
    ),
    token(
        "figma_token",
        "A Figma token",
        r"\bfig(?:d|u|or)_[A-Za-z0-9_-]{38,44}",
        "figd_" + made_up(40),
        "figd_ is a prefix",
    ),
    token(
        "airtable_token",
        "An Airtable token",
        r"\bpat[A-Za-z0-9]{14}\.[a-f0-9]{64}\b",
        "pat" + made_up(14) + "." + made_up_hex(64),
        "path.to.the.file",
    ),
    token(
        "postman_key",
        "A Postman key",
        r"\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b",
        "PMAK-" + made_up_hex(24) + "-" + made_up_hex(34),
        "PMAK-your-key",
    ),
    token(
        "asana_token",
        "An Asana, ClickUp, Contentful, Typeform or Dropbox token",
        r"\b[0-9]/[0-9]{16}(?:/[0-9]{16})?:[a-f0-9]{32}\b|\bpk_[0-9]{7,9}_[A-Z0-9]{32}\b|"
        r"\bCFPAT-[A-Za-z0-9_-]{43}|\btfp_[A-Za-z0-9_-]{40,60}|"
        r"\bsl\.(?:u\.)?[A-Za-z0-9_-]{130,}",
        "CFPAT-" + made_up(43),
        "CFPAT-your-token",
    ),
    token(
        "mapbox_token",
        "A secret Mapbox token",
        r"\b(?i:sk)\.eyJ[A-Za-z0-9_-]{40,}\.[A-Za-z0-9_-]{22}",
        "sk.eyJ" + made_up(70) + "." + made_up(22),
        "pk.eyJ" + made_up(70) + "." + made_up(22),
    ),
    token(
        "readme_key",
        "A ReadMe, Frame.io, Scalingo, Infracost, Shippo or Sourcegraph key",
        r"\brdme_[a-z0-9]{70}\b|\bfio-u-[A-Za-z0-9_=-]{64}|\btk-us-[A-Za-z0-9_-]{48}|\bico-[A-Za-z0-9]{32}\b|"
        r"\bshippo_live_[a-f0-9]{40}\b|"
        r"\bsgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}\b",
        "shippo_live_" + made_up_hex(40),
        "shippo_test_" + made_up_hex(40),
    ),
)
