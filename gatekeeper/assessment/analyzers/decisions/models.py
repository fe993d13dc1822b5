"""The models themselves, in words: which one decides, from what it learns, by what and where it draws the line.

Owns the rules on replaced, retrained and tuned models. What a model then decides is `words.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document

_PROTECTED = (
    r"(?:age|gender|sex|race|ethnicity|ethnic origin|religion|nationality|disability|marital status|pregnancy|"
    r"(?:zip|postal)\s*codes?|postcodes?|skin colou?r|sexual orientation|first names?|surnames?)"
)
_PROVIDERS = (
    r"(?:gpt[-\s]*\w[\w.-]*|claude[\w .-]{0,12}|gemini[\w .-]{0,10}|llama[\w .-]{0,8}|mistral\w*|openai|"
    r"anthropic|deepseek\w*|"
    r"qwen\w*|phi-?\d\S*|mixtral)"
)
_DECIDING = (
    r"(?:scoring|ranking|fraud(?: detection)?|risk|credit|pricing|churn|moderation|hiring|screening|"
    r"recommendation|triage|"
    r"approval|matching|underwriting|eligibility|deciding|decision|claims|lead|loan|premium)"
)

_PATTERN_RULES = (
    PatternRule(
        id="ai.protected_attribute",
        hazard=Hazard.AI_DECISION,
        title="Feeds a model with what people must not be judged by",
        confidence=0.7,
        examples=(
            "Add gender and age as features of the credit model.",
            "The score takes the applicant's zip code into account.",
        ),
        lookalikes=(
            "Remove gender from the features of the model.",
            "Ask for the age of the account on the form.",
            "The zip code is printed on the parcel.",
        ),
        pattern=rf"(?i)\b(?:add|use|us|includ|feed|incorporat|consider|"
        rf"tak)\w* (?:[a-z']+ ){{0,3}}?{_PROTECTED}\b[^.\n]{{0,60}}\b(?:"
        r"features?|inputs?|predictors?|signals?|into account|scor\w+|(?:the |our )?(?:model|classifier|ranking))\b"
        rf"|\b(?:scor\w*|rank\w*|model|classifier|premiums?|approv\w*)\b[^.\n]{{0,40}}\b(?:by|on|with|using|"
        rf"takes?|uses?|considers?)"
        rf" (?:[a-z']+ ){{0,3}}?{_PROTECTED}\b(?: (?:of|into|as|and|to)\b|[.,;]|$)",
        where=Where.PLAN,
    ),
    PatternRule(
        id="ai.moves_threshold",
        hazard=Hazard.AI_DECISION,
        title="Moves the score at which a model decides",
        confidence=0.65,
        examples=(
            "Lower the approval threshold from 0.8 to 0.6.",
            "The fraud score cutoff is raised to 0.95.",
        ),
        lookalikes=(
            "Lower the CPU alert threshold from 80 to 60.",
            "The approval threshold is documented.",
            "Raise the coverage threshold of the tests.",
        ),
        pattern=r"(?i)\b(?:lower|rais|chang|adjust|mov|set|reduc|increas|relax|tighten|"
        r"loosen)\w* (?:[a-z]+ ){0,3}?(?:approval|fraud|"
        r"risk|credit|score|scoring|rejection|moderation|ban|eligibility|confidence|toxicity|decision|"
        r"acceptance|churn|match)"
        r"(?: score| model)? (?:threshold|cut-?off|limit)s?\b"
        r"|\b(?:approval|fraud|risk|credit|score|scoring|rejection|moderation|ban|eligibility|confidence|"
        r"toxicity|decision|"
        r"churn)(?: score| model)? (?:threshold|cut-?off)s? (?:(?:is|are|will be|should be|goes|drops|moves) )"
        r"(?:lowered|raised|changed|set|reduced|increased|moved|down|up|from|to)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.retrains_itself",
        hazard=Hazard.AI_DECISION,
        title="Lets a model retrain or rewrite itself",
        confidence=0.7,
        examples=(
            "The system automatically updates the AI models from feedback.",
            "Reinforcement learning adjusts model parameters after every task.",
            "Add continuous training for the scoring models.",
            "Fine-tune the scoring models every night without review.",
            "The self-programming endpoint receives automated updates.",
            "Enhance AI algorithms to continuously learn from past errors.",
            "Its weights are updated continuously from what users say.",
            "The model adjusts its own parameters from what became of each case.",
        ),
        lookalikes=(
            "Update the data model diagram.",
            "Do not retrain the models automatically.",
            "Set a schedule for updating the models with the team.",
            "The team continuously learns from past incidents.",
            "The model adjusts its colours to the theme.",
        ),
        pattern=r"(?i)\b(?:automatic(?:ally)?|automated|continuous(?:ly)?|autonomous(?:ly)?|"
        r"self-)[-\s]*(?:[a-z]+ ){0,2}?(?:updat|re-?train|"
        r"train|fine-?tun|adjust|learn|adapt)\w* [^.\n]{0,30}\bmodels?\b"
        r"|\b(?:re-?train|fine-?tun)\w* [^.\n]{0,60}\b(?:automatic\w*|without|every (?:night|hour|day)|nightly|"
        r"continuous\w*|feedback loops?|user (?:data|feedback|behaviou?r|interactions)|customer (?:data|"
        r"messages|feedback))\b"
        r"|\b(?:nightly|hourly|daily|weekly|automatic|continuous|online) (?:re-?training|fine-?tuning)\b"
        r"|\bcontinuous(?:ly)? learning (?:algorithms?|models?|loops?)\b"
        r"|\b(?:ai|machine[-\s]+learning|ml|scoring|ranking) (?:algorithms?|models?|systems?|"
        r"agents?)\b[^.\n]{0,30}\b"
        r"(?:continuous(?:ly)?|automatically|autonomously) (?:learn|adapt|improv|updat|retrain)\w*"
        r"|\b(?:train|learn)\w* (?:[a-z]+ ){0,3}?models? on (?:[a-z]+ ){0,2}?(?:user|customer|patient|"
        r"employee)s?(?:'s?)? "
        r"(?:data|messages|behaviou?r|conversations|interactions|clicks|feedback)\b"
        r"|\breinforcement learning\b[^.\n]{0,40}\b(?:adjust|chang|updat|tun|optimi[sz]|improv|decid)\w*"
        r"|\b(?:ai|models?|agents?|algorithms?) (?:[a-z]+ )?(?:adjust|adapt|chang|tun|optimi[sz])\w* (?:its|their) "
        r"(?:own )?(?:behaviou?r|decisions?|parameters|weights|strateg(?:y|ies))\b"
        r"|\bweights (?:are|get|will be) (?:updated|adjusted|tuned|changed) (?:continuously|automatically|"
        r"autonomously)\b"
        r"|\bself-(?:programming|modifying|rewriting|improving)\b[^.\n]{0,60}\b(?:automat\w*|updat\w*|without|"
        r"adapt\w*)\b"
        r"|\b(?:continuous|automat\w+) (?:learning|improvement)(?: and improvement)? through self-programming\b"
        r"|\bmodel (?:re-?training|fine-?tuning)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="ai.changes_model",
        hazard=Hazard.AI_DECISION,
        title="Replaces the model that decides",
        confidence=0.6,
        examples=(
            "Switch the AI model of the service.",
            "Update or replace any model that fails the audit.",
            "Migrate all prompts from GPT-4 to Claude.",
            "Deploy the new fraud model to all transactions.",
            "Train the hiring model again.",
            "Move to a smaller language model for these requests.",
            "Switch to a cheaper LLM.",
        ),
        lookalikes=(
            "Update the data model diagram.",
            "Do not swap the models.",
            "Replace the model railway photo.",
            "Deploy the new pricing page.",
        ),
        pattern=r"(?i)\b(?:swap|switch|replac)\w* (?:(?:the|our|all|any|an?|every) )?(?:(?:ai|ml|scoring|"
        r"language|deployed|fraud|risk|credit|ranking|pricing|moderation|"
        r"old|current) ){0,2}models?(?: (?:that|which|of the|with|for|in|to|by|behind)\b|\s*[.,;]|$)"
        rf"|\b(?:switch|migrat|mov|chang|upgrad|downgrad|replac|swap)\w* (?:[a-z-]+ ){{0,5}}?(?:from |to |"
        rf"with )?{_PROVIDERS} "
        rf"(?:to|with|by|for|onto) {_PROVIDERS}"
        rf"|\b(?:switch|migrat|mov|upgrad|downgrad|chang)\w* (?:[a-z-]+ ){{0,4}}?(?:models?|assistant|llm|"
        rf"agents?|bot|provider|"
        rf"prompts?|classifier|chat) (?:provider )?(?:from|to) (?:a |the )?(?:[a-z]+ ){{0,2}}?{_PROVIDERS}"
        rf"|\buse {_PROVIDERS} instead of\b"
        r"|\b(?:switch|mov|migrat|upgrad)(?:e|es|ing)? to (?:[a-z-]+ ){0,4}?(?:(?:ai|language|ml|"
        r"foundation) models?|llms?)\b"
        rf"|\b(?:deploy|roll(?:s|ing)? out|launch|promot|ship|retir|swap|upgrad|replac|fine-?tun|retrain|train)(?:e|"
        rf"es|ing|s)? "
        rf"(?:(?:the|our|a|an|new|old|current|updated|retrained|"
        rf"latest) ){{0,3}}(?:{_DECIDING} ){{1,2}}(?:models?|classifiers?|algorithms?|engine)\b"
        rf"|\b(?:chang|rewrit|updat|replac|edit|adjust|shorten)\w* (?:the |our )?(?:system )?prompts? (?:of|for|"
        rf"that|which|used by) "
        rf"(?:[a-z-]+ ){{0,4}}?(?:{_DECIDING}|decid\w*|approv\w*|scor\w*|rank\w*|moderat\w*)",
        where=Where.PLAN,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal changes the model that decides."""
    yield from _SCANNER.scan(document)
