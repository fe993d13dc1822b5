"""Decisions of models, in code: scores, predictions and answers of language models that decide about people or money.

Owns what such code looks like. Refuses predictions that are only returned, stored or shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.analyzers.payments.calls import blocks_of_code
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.prefilter import RULE_PATTERNS
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_phrase

_PEOPLE = (
    r"(?:applicants?|applications?|candidates?|loans?|credit|borrowers?|customers?|users?|patients?|claims?|"
    r"claimants?|"
    r"employees?|tenants?|resumes?|cvs?|transactions?|orders?|payments?|drivers?|sellers?|students?|"
    r"policy(?:holders?)?)"
)
_ACTS = (
    r"(?:approv|reject|den(?:y|ied)|declin|ban(?:ned|user|_)?|suspend|terminat|block|hir|fire|dismiss|refund|"
    r"refus|shortlist|escalat|"
    r"grant|cancel|freez|blacklist|waitlist|charge_?back|lock_?account|remove_?(?:user|post|content)|"
    r"hide_?(?:post|comment)|"
    r"flag_?(?:user|account)|offer_?discount|send_?(?:offer|discount)|apply_?discount)"
)
_SCORE = (
    r"(?:\w*(?:score|probab\w*|proba|prediction|risk|likelihood|churn|toxicity|fraudulence|eligibility)\w*)"
)
_PROTECTED = (
    r"(?:age|gender|sex|race|ethnicity|religion|nationality|disability|marital_?status|pregnan\w*|zip_?code|"
    r"postal_?code|"
    r"postcode|skin_?colou?r|sexual_?orientation|is_?(?:male|female|foreign\w*))"
)

_PATTERN_RULES = (
    PatternRule(
        id="ai.score_decides",
        hazard=Hazard.AI_DECISION,
        title="Decides about people or money by a score",
        confidence=0.75,
        examples=(
            "```js\nif (score < 0.4) reject(application);\n```",
            "```python\nif proba > limit:\n    status = 'refused'\n```",
            "```python\nif risk_score > 0.8:\n    suspend_account(user)\n```",
            "```python\ndecision = 'approved' if probability >= 0.5 else 'declined'\n```",
        ),
        lookalikes=(
            "```js\nif (score > best) best = score;\n```",
            "```python\nif risk_score > 0.8:\n    print('high')\n```",
            "```js\nif (attempts > 3) blockRequest(ip);\n```",
        ),
        pattern=rf"(?i)\bif\b[^\n{{:;]{{0,60}}\b{_SCORE}(?:\([^()\n]{{0,40}}\)|"
        rf"\[[^\]\n]{{0,20}}\])?\s*(?:[<>]=?)[^\n{{:;]{{0,60}}"
        rf"[:){{]\s*(?:\{{\s*)?(?:return\s+|await\s+|\w+(?:\.|->))*(?:\w+\.)*[\"']?\w*{_ACTS}\w*"
        rf"|\b{_SCORE}\s*[<>]=?\s*[\w.]+\s*\?\s*[\"'\w.]*{_ACTS}"
        rf"|[\"'](?:\w+ )?\w*{_ACTS}\w*[\"'] if [^\n]{{0,80}}\b(?:{_SCORE}|\w*predict\w*)[^\n]{{0,60}}[<>=]"
        rf"|\b(?:approved|rejected|eligible|banned|declined|is_?fraud|hired|blocked|granted|"
        rf"accepted)[\"']?\s*[:=]\s*(?:\w+\.)*"
        rf"{_SCORE}(?:\([^()\n]{{0,40}}\)|\[[^\]\n]{{0,20}}\])?\s*[<>]"
        rf"|\bif\b[^\n{{:;]{{0,60}}\b{_SCORE}\s*[<>]=?[^\n{{:;]{{0,40}}[:){{]\s*(?:\{{\s*)?(?:[\w$]+(?:\.|\[\"|"
        rf"\['))?(?:status|state|decision|outcome|verdict)"
        rf"(?:[\"']\])?\s*=\s*[\"']\w*{_ACTS}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="ai.predicts_people",
        hazard=Hazard.AI_DECISION,
        title="Scores people or their money with a model",
        confidence=0.65,
        examples=(
            "```python\nresult = model.predict(applicant)\n```",
            "```python\nlimit = credit_model.predict(features)[0]\n```",
            "```python\nprice = pricing_model.predict(features)[0]\n```",
        ),
        lookalikes=(
            "```python\ntemperature = model.predict(weather)\n```",
            "```python\nlabels = image_classifier.predict(images)\n```",
            "```python\nmodel.fit(x_train, y_train)\n```",
        ),
        pattern=r"(?i)\.(?:predict(?:_?proba)?|score|rank|classify|infer|decision_function)\(\s*(?:\[+)?\w*"
        r"(?:applicant|candidate|borrower|patient|claimant|employee|tenant|resume|loan|customer|"
        r"user_?(?:features|profile))\w*"
        r"|\b\w*(?:loan|credit|fraud|risk|churn|hiring|resume|candidate|applicant|insurance|underwriting|"
        r"pricing|price|default|"
        r"moderation|toxicity|recidivism|triage|premium|surge|discount)_?(?:scoring_?)?(?:model|classifier|"
        r"scorer|net|clf|predictor)\w*"
        r"(?:\.|->)(?:predict(?:_?proba)?|score|infer|classify|run|invoke|forward)\("
        r"|\b(?:\w*_?price|premium|credit_?limit|discount|interest_?rate|salary)\s*[:=]\s*(?:float\(|round\(|"
        r"Math\.\w+\()?\s*(?:await\s+)?"
        r"\w*(?:model|predictor|regressor|agent|bandit|llm)\w*\.\w+\("
        r"|\b\w*(?:price|fare)\w*\s*\*=?\s*\w*(?:surge|demand|dynamic|personali[sz]ation|elasticity)\w*",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="ai.protected_feature",
        hazard=Hazard.AI_DECISION,
        title="Feeds a model with what people must not be judged by",
        confidence=0.7,
        examples=(
            "```python\nfeatures = ['income', 'age', 'gender']\n```",
            "```python\nX = df[['salary', 'zip_code', 'ethnicity']]\n```",
        ),
        lookalikes=(
            "```python\nfeatures = ['income', 'tenure']\n```",
            "```js\nconst feature = { name: 'age', type: 'number' };\n```",
            "```python\ncolumns = ['name', 'zip_code']\n```",
            "```python\nfeatures = drop_sensitive(columns)\n```",
        ),
        pattern=rf"(?i)\b\w*(?:features|feature_?cols?|predictors|"
        rf"model_?inputs?)\w*\s*[:=]\s*[\[(][^\]\n;]{{0,200}}[\"']{_PROTECTED}[\"']"
        rf"|\bX\w*\s*=\s*\w+\[\[[^\]\n]{{0,200}}[\"']{_PROTECTED}[\"']"
        rf"|\bscore\w*\s*[-+*]=\s*[^;\n]{{0,60}}\b{_PROTECTED}\b|\bif\b[^\n]{{0,40}}\b(?:applicant|candidate|"
        rf"user|customer|patient)\."
        rf"{_PROTECTED}\b[^\n]{{0,60}}\n?\s*(?:\{{\s*)?(?:score|price|premium|rate|limit)\w*\s*[-+*]?=",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="ai.threshold_in_code",
        hazard=Hazard.AI_DECISION,
        title="Sets the score at which a model decides",
        confidence=0.6,
        examples=(
            "```python\nAPPROVAL_THRESHOLD = 0.55\n```",
            "```yaml\nfraud_score_cutoff: 0.95\n```",
        ),
        lookalikes=(
            "```python\nCOVERAGE_THRESHOLD = 0.8\n```",
            "```yaml\ncpu_threshold: 80\n```",
        ),
        pattern=r"(?i)\b(?:\w+_)?(?:approv\w*|reject\w*|fraud|risk|credit|loan|ban|moderation|toxicity|hiring|"
        r"churn|eligibility|"
        r"applicant|candidate)_?(?:score_?|model_?|auto_?|probability_?)?(?:threshold|"
        r"cut_?off)\w*[\"']?\s*[:=]\s*0?\.?\d",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="ai.learns_from_users",
        hazard=Hazard.AI_DECISION,
        title="Trains a model on what users do, or lets a bandit choose for them",
        confidence=0.6,
        examples=(
            "```python\nmodel.partial_fit(user_feedback, labels)\n```",
            "```python\njob = client.fine_tuning.jobs.create(training_file=file, model=base)\n```",
            "```python\nbandit = ThompsonSampling(arms=offers)\n```",
        ),
        lookalikes=(
            "```python\nmodel.fit(x_train, y_train)\n```",
            "```js\ntextarea.fit(users);\n```",
        ),
        pattern=r"(?i)\b\w*(?:model|clf|classifier|ranker|recommender)\w*\.(?:fit|partial_?fit|train|update|"
        r"fine_?tune)\(\s*\w*"
        r"(?:feedback|user|customer|click|interaction|conversation)\w*"
        r"|\bfine_?tuning\.jobs\.create\(|\b(?:ThompsonSampling|EpsilonGreedy|MultiArmedBandit|ContextualBandit|"
        r"UCB1)\w*\("
        r"|\b(?:epsilon_greedy|thompson_sampl\w*|select_arm|choose_arm|pull_arm)\(",
        where=Where.ANYWHERE,
    ),
)


_ANSWER_DECIDES = Rule(
    id="ai.answer_decides",
    hazard=Hazard.AI_DECISION,
    title="Does what a model answers about people or money",
    confidence=0.7,
    examples=(
        fenced(
            "python",
            "answer = client.chat.completions.create(model='gpt-4o', messages=messages)\n"
            "if 'approve' in answer.choices[0].message.content:\n    approve_loan(application)",
        ),
        "```ts\nconst verdict = await anthropic.messages.create({ model, messages });\nawait db.update({ approved: "
        "verdict.content[0].text === 'yes' });\n```",
    ),
    lookalikes=(
        fenced(
            "python",
            "answer = client.chat.completions.create(model='gpt-4o', messages=messages)\n"
            "print(answer.choices[0].message.content)",
        ),
        fenced("python", "if review.ok:\n    approve_loan(application)"),
        fenced("python", "scores = model.predict(x)\nplot(scores)"),
    ),
)
_ASKS = RULE_PATTERNS.add(
    r"(?i)\bmoderations\.create\(|\b(?:chat\.completions|completions|responses|messages)\.(?:create|parse|stream)\(|"
    r"\bChatCompletion\.create\(|"
    r"\bgenerate_?(?:content|text|object)\(|\b(?:llm|chain|chat_?model|agent|gpt|claude|gemini|"
    r"openai\w*)\.(?:invoke|predict|run|call|"
    r"complete|ask|generate)\(|\bask_?(?:gpt|llm|model|ai|claude)\(|"
    r"\b\w*(?:model|ranker|scorer|clf|classifier)\w*\.(?:predict\w*|score|rank)\("
)
_DOES = compile_phrase(
    rf"(?i)\b(?:\w+\.)?(?:approv|reject|den(?:y|ied)|declin|ban|suspend|terminat|hir|fire|dismiss|refund|"
    rf"shortlist|blacklist|offer_?job|grant)\w{{0,4}}_?"
    rf"(?:{_PEOPLE}\w*)?\(|\b(?:is_?)?(?:approved|eligible|rejected|hired|banned|shortlisted|creditworthy|"
    rf"decision|verdict)[\"']?\s*[:=]"
    r"|\.(?:status|decision|state)\s*=\s*[\"'](?:approved|rejected|declined|banned|suspended|denied|hired)"
    r"|\b(?:decide|determine|judge|score|rate|rank|evaluate|assess|screen) (?:[a-z]+ ){0,4}(?:candidate|"
    r"applicant|resume|cv|loan|"
    r"claim|refund|tenant|patient|employee|borrower)s?\b"
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _ANSWER_DECIDES)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where code lets a model decide."""
    yield from _SCANNER.scan(document)
    if not document.may_match(_ASKS):
        return
    asks = RULE_PATTERNS.pattern(_ASKS)
    for span in blocks_of_code(document):
        if asks.search(document.running, *span) is None:
            continue
        does = _DOES.search(document.running, *span)
        if does is not None:
            yield _ANSWER_DECIDES.finding(document, *does.span())
