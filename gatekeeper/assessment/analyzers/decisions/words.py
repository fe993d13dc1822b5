"""Decisions of models, in words: about people and about money.

Owns the rules on automated decisions in what is said; the models themselves are `models.py`, code is
`code.py`. What a model only finds, forecasts or shows to people decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.analyzers.decisions import code as ai_in_code
from gatekeeper.assessment.analyzers.decisions import models as ai_models
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document

_MODEL = (
    r"(?:(?:our |the |an? )?(?:ai|llms?|gpt\S*|claude\S*|gemini\S*|machine[-\s]+learning|ml|reinforcement learning|"
    r"neural networks?|algorithms?|classifiers?|(?:predictive |scoring |language |risk |fraud |churn |"
    r"ranking )?models?))"
)
_SUBJECTS = (
    r"(?:loans?|credits?|claims?|applicants?|applications?|candidates?|employees?|tenants?|patients?|insur\w+|"
    r"refunds?|payouts?|accounts?|customers?|users?|people|benefits?|ideas?|proposals?|tasks?|requests?|orders?)"
)
# decisions about these weigh on a life: credit, work, health, insurance, housing, public money
_PEOPLE = (
    r"(?:(?:job |loan |credit |mortgage |insurance |benefit |rental |tenant |visa |admission )?(?:applicants?|"
    r"applications)|"
    r"(?:job )?candidates?|resumes?|cvs|employees?|tenants?|patients?|borrowers?|"
    r"(?:loan|credit|mortgage|insurance|refund|benefit|welfare) (?:requests?|decisions?|claims?|limits?|"
    r"eligibility|approvals?)|"
    r"loans?|credit (?:limits?|lines?)|insurance premiums?|students?|drivers?|policyholders?|claims)"
)
_MEMBERS = (
    r"(?:users?|accounts?|sellers?|customers?|members?|players?|posts?|comments?|listings?|creators?|"
    r"subscribers?|merchants?|"
    r"orders?|transactions?|payments?|drivers?)"
)
_OFFERS = (
    r"(?:offers?|prices?|pricing|discounts?|products?|monetization|strateg(?:y|ies)|promotions?|contracts?)"
)

_PATTERN_RULES = (
    PatternRule(
        id="ai.sets_prices",
        hazard=Hazard.AI_DECISION,
        title="Lets a model or algorithm set prices by itself",
        confidence=0.75,
        examples=(
            "Implement dynamic pricing models that adjust prices in real-time.",
            "A machine learning model adjusts prices automatically.",
            "Use AI that predicts demand and changes pricing strategies.",
            "Show each visitor a personalised price.",
            "Surge pricing starts whenever demand is high.",
        ),
        lookalikes=(
            "Prices are reviewed by the team every month.",
            "No dynamic pricing is introduced.",
            "The model of the price table is documented.",
            "Many services use surge pricing.",
            "The forecast of prices is shown to the buyers on a chart.",
        ),
        pattern=r"(?i)\b(?:dynamic|real-?time|algorithmic|personali[sz]ed|individuali[sz]ed|behaviou?ral|"
        r"ai-(?:driven|powered|based)|automat(?:ed|ic)) "
        r"(?:pricing|prices?(?: (?:adjustments?|changes|setting|optimi[sz]ation))?|insurance premiums?)\b"
        rf"|\b{_MODEL}\b[^.\n]{{0,60}}\b(?:set|adjust|chang|optimi[sz]|determin|calculat|pick|choos|decid|quot)\w* "
        r"(?:(?:the|our|your|what|each|every|a|new|optimal|best|final) ){0,3}(?:prices?|pricing|premiums?|fees|"
        r"discounts?|commissions?|rents?|wages|salar(?:y|ies))\b"
        r"|\b(?:prices?|premiums?|fees|discounts?) (?:that )?(?:is|are|will be|get|gets|"
        r"gets to be) (?:automatically )?"
        rf"(?:set|adjusted|chosen|determined|optimi[sz]ed|calculated|predicted|"
        rf"picked) (?:automatically )?by {_MODEL}\b"
        r"|\b(?:prices?|discounts?|fees) (?:[a-z]+ ){0,4}?(?:depend(?:s|ing)? on|adapt(?:s|ing)? to|based on|"
        r"according to) (?:[a-z']+ ){0,3}"
        r"(?:battery|phone|location|device|browsing|purchase history|behaviou?r|willingness to pay|income|"
        r"profile|zip code|age)\b"
        r"|\b(?:introduc|add|enabl|launch|activat|start)\w* (?:[a-z]+ ){0,2}?surge pricing\b"
        r"|\bsurge pricing (?:starts|applies|will|is|becomes)\b"
        r"|\b(?:dynamically|automatically|in real[-\s]*time) (?:adjust|set|chang|optimi[sz]|rais|lower|updat|"
        r"calculat)\w* "
        r"(?:[a-z]+ ){0,2}?(?:prices|pricing|fees|premiums|discounts)\b"
        r"|\b(?:adjust|set|chang|optimi[sz]|rais|lower|updat)\w* (?:[a-z]+ ){0,2}?(?:prices|pricing|"
        r"premiums) (?:dynamically|"
        r"automatically|in real[-\s]*time|by demand|based on demand)\b"
        r"|\b(?:system|engine|service|tool)\b that (?:suggests|recommends|proposes) optimal (?:pricing|prices)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.makes_offers",
        hazard=Hazard.AI_DECISION,
        title="Lets a model make offers to customers",
        confidence=0.65,
        examples=(
            "Use machine learning to automatically generate offers for customers.",
            "Enhance our algorithms for generating offers.",
            "The builder auto-generates product listings in the shop.",
            "Customers who are predicted to churn get a discount of 20 %.",
            "Dynamically adapt our service offerings to what the figures say.",
        ),
        lookalikes=(
            "People write the offers; the generated report is read by sales.",
            "Generate a report of the offers of last month.",
            "No model generates offers here.",
            "A chart shows which customers are predicted to churn.",
            "Adjust the offerings with the team every quarter.",
            "The page dynamically adjusts its layout to the offers.",
        ),
        pattern=rf"(?i)\b{_MODEL}\b[^.\n]{{0,80}}\bgenerat\w* [^.\n]{{0,40}}\b{_OFFERS}\b"
        rf"|\bauto(?:matically )?-?generat\w* [^.\n]{{0,30}}\b{_OFFERS}\b"
        r"|\bautomated (?:offer|discount|promotion|coupon) (?:generation|creation|allocation)\b"
        r"|\b(?:dynamically|automatically|in real[-\s]*time) (?:adjust|chang|adapt|tailor|personali[sz]|updat)\w* "
        r"(?:our |the |all )?(?:[a-z]+ )?(?:offers|offerings|promotions)\b"
        rf"|\b{_MODEL}\b[^.\n]{{0,60}}\b(?:automate|personali[sz]e|send|give|grant|offer|assign|hand out)s? "
        r"(?:[a-z]+ ){0,4}(?:recommendations|offers?|discounts?|coupons?|credits?|promotions?)\b"
        r"|\b(?:churn|propensity|lifetime[-\s]+value|ltv|uplift)\b[^.\n]{0,80}\b(?:get|gets|receive|receives|"
        r"offer(?:s|ed)?|send|sent|"
        r"trigger(?:s|ed)?|grant(?:s|ed)?|give(?:s|n)?) (?:[a-z0-9%]+ ){0,4}(?:discounts?|offers?|coupons?|"
        r"promotions?|credits?|"
        r"price)\b"
        r"|\b(?:offer|send|give|grant)s? (?:[a-z0-9%]+ ){0,4}(?:discounts?|coupons?|"
        r"offers?)\b[^.\n]{0,60}\b(?:likely to churn|"
        r"churn (?:score|risk|model|probability)|predicted)\b"
        r"|\b(?:multi-?armed )?bandits?\b[^.\n]{0,60}\b(?:allocat|assign|choos|pick|show|split|route|decid|select)\w*"
        r"|\b(?:allocat|assign|split|rout)\w*\b[^.\n]{0,60}\b(?:with|by|using|through) (?:a |"
        r"the )?(?:multi-?armed |contextual )?"
        r"(?:bandits?|thompson sampling|epsilon-greedy)\b",
        where=Where.PLAN,
    ),
    PatternRule(
        id="ai.decides",
        hazard=Hazard.AI_DECISION,
        title="Lets a model decide about people or money",
        confidence=0.7,
        examples=(
            "An AI model approves loan requests.",
            "Machine learning ranks job applicants and rejects the lowest tenth.",
            "Develop an AI model for evaluating the feasibility of new ideas.",
            "Customer feedback is reviewed by our AI for any adjustments needed.",
            "Automatically suspend accounts with a high risk score.",
            "Let GPT-4 decide which refunds are paid.",
            "The chatbot may grant refunds by itself.",
            "Replace the moderators with an LLM.",
            "Scholarships are awarded by an algorithm.",
            "Automatically approve small refunds.",
            "Refunds are auto-approved.",
            "Fraudulent orders are rejected automatically.",
            "A classifier finds fraudulent orders and rejects them automatically.",
            "Introduce AI-based lead scoring.",
            "Introduce fraud screening of all orders and their payers, to keep losses low without human review.",
        ),
        lookalikes=(
            "A model of the room is shown.",
            "The AI model never decides on refunds.",
            "The model recommends; a person decides about every refund.",
            "Use machine learning to detect anomalies in the traffic.",
            "AI tools help with code reviews.",
            "The chatbot may answer questions about the opening hours.",
            "Rank search results by relevance.",
            "Fraud detection raises an alert; nothing is refused without human review.",
            "Add fraud detection to the dashboard.",
            "Automatically list refunds on the page.",
            "Refunds are listed automatically; none is approved automatically.",
            "Suspicious orders are marked automatically, and people decide.",
            "Blocks of text move; close them automatically.",
        ),
        pattern=rf"(?i)\b{_MODEL}\b[^.;\n]{{0,40}}\b(?:decid|approv|reject|den(?:y|ies)|scor|rank|screen|hir|"
        rf"dismiss|evaluat|block|decline|flag and block|triag|moderat|assess|judg|"
        rf"select|grant|terminat|suspend|ban)(?:e|es|ing|s|ed|ning|ns)? (?:about |on |for |whether |which |the |"
        rf"all |new |who |if |how |incoming |"
        rf"every |each |feasibility |value |of |and |potential |roi |job |loan |credit |insurance |refund |low |"
        rf"high |risky )*(?:{_SUBJECTS}|{_PEOPLE}|{_MEMBERS})\b"
        rf"|\b{_SUBJECTS}\b[^.\n]{{0,120}}\b(?:reviewed|approved|rejected|decided|scored|ranked|screened|evaluated)"
        rf" (?:automatically )?by {_MODEL}\b"
        r"|\b(?:auto(?:matically)?[-\s]*(?:suspend|ban|block|terminat|deactivat|shadow-?ban|moderat|reject|"
        r"approv|declin|den(?:y|ie)|"
        rf"clos|downgrad|promot|remov)\w*) (?:[a-z-]+ ){{0,4}}?{_MEMBERS} (?:[a-z]+ ){{0,3}}?(?:with|whose|that|"
        rf"when|if|who|based|"
        r"below|above|flagged|scored|predicted)\b"
        rf"|\b(?:ban|suspend|block|terminate|reject|approve|decline|deactivate|close|refund|"
        rf"hide) (?:[a-z]+ ){{0,3}}?{_MEMBERS} "
        r"(?:[a-z]+ ){0,2}?automatically\b[^.\n]{0,60}\b(?:score|model|classifier|algorithm|ai|risk|probability|"
        r"confidence)\b"
        r"|\blet(?:s|ting)? (?:the |our |an? )?(?:agents?|assistant|bot|chatbot|ai|models?|llms?|algorithm|"
        r"gpt\S*|claude\S*) "
        r"(?:[a-z]+ ){0,2}?(?:approv|reject|decid|pay|refund|grant|set|spend|sign|buy|transfer|charg|ban|hir|"
        r"negotiat)\w*"
        rf"|\b{_MEMBERS} (?:are|is|will be|get) (?:automatically )(?:suspended|banned|blocked|terminated|"
        rf"rejected|approved|declined|"
        r"removed|hidden)\b[^.\n]{0,60}\b(?:score|model|classifier|algorithm|ai|risk|probability|confidence)\b"
        r"|\b(?:chatbot|assistant|agent|bot|ai|llm|model|algorithm|(?:recommendation|scoring|pricing|"
        r"rules?) engine)s? (?:may|can|should|will|"
        r"must|shall) (?:[a-z]+ ){0,2}?(?:grant|approve|reject|pay|refund|decide|sign|buy|choose|pick|ban|hire|"
        r"negotiate|transfer|"
        r"charge)\b[^.\n]{0,60}\b(?:refunds?|contracts?|prices?|tariffs?|offers?|loans?|customers?|candidates?|"
        r"applications?|insurance|"
        r"orders?|payments?|expenses?|bonus(?:es)?)\b"
        rf"|\b{_MEMBERS} (?:that are |who are )?predicted (?:to|as)\b[^.\n]{{0,60}}\b(?:locked|blocked|banned|"
        rf"suspended|rejected|declined|"
        r"removed)\b"
        rf"|\b(?:awarded|granted|allocated|distributed) by {_MODEL}\b"
        r"|\breplac\w* (?:the |our |all )?(?:human )?(?:moderators?|recruiters?|reviewers?|clerks?|"
        r"underwriters?|judges?|teachers?|doctors?|"
        rf"caseworkers?|support staff) (?:with|by) {_MODEL}\b"
        r"|\b(?:performance reviews?|exams?|essays?|grades)\b[^.\n]{0,40}\b(?:written|graded|marked|decided|"
        r"scored|assessed|rated)\b"
        rf"[^.\n]{{0,20}}\bby {_MODEL}\b"
        r"|\b(?:score|probability|confidence|risk)s? (?:is |of |are )?(?:above|below|over|under|at least|"
        r"exceed\w*)[^.\n]{0,60}\b"
        r"(?:automatically|auto-?)\s?(?:reject|approv|ban|block|suspend|declin|refund|deni)\w*"
        r"|\bauto(?:matically|-)? ?(?:approv|reject|declin|den(?:y|i)|grant|issu)\w* (?:[a-z-]+ ){0,3}?"
        r"(?:refunds?|payouts?|chargebacks?|disputes?)\b"
        r"|\b(?:refunds?|payouts?|chargebacks?|disputes?) (?:is|are|be|gets?) (?:(?:auto-|"
        r"automatically )(?:approv|reject|declin|"
        r"grant|den)\w*|(?:approved|rejected|declined|granted|denied) automatically)\b"
        r"|\b(?:fraudulent|suspicious|risky) (?:[a-z]+ ){1,3}?(?:is|are|gets?) (?:automatically (?:block|reject|"
        r"declin|suspend|"
        r"bann|refus)ed|(?:blocked|rejected|declined|suspended|banned|refused) automatically)\b"
        r"|\b(?:fraudulent|suspicious|risky)\b[^.\n]{0,60}\b(?:block|reject|declin|suspend|ban|refus)\w* (?:them|it|"
        r"these|those) automatically\b"
        r"|\b(?:ai|ml|machine[-\s]+learning)(?:-(?:based|driven|powered))? (?:lead|risk|credit|customer) scoring\b"
        r"|\b(?:fraud|abuse)[-\s]+(?:detection|scoring|model|screening|"
        r"prevention)[^.;\n]{0,120}\b(?:without (?:any )?(?:manual|human)|"
        r"automatically (?:block|declin|reject|cancel|refund)\w*)\b"
        r"|\b(?:ai|llm|model|automated|automatic|algorithmic)(?:-(?:based|driven|powered|"
        r"assisted))? (?:moderation|triage|"
        r"content removal|matching of|bans?|suspensions?|decisions? (?:about|on|for|making)|decision-making)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="ai.decides_about_lives",
        hazard=Hazard.AI_DECISION,
        title="Lets a model decide about credit, work, health, insurance or housing",
        confidence=0.75,
        examples=(
            "The model automatically rejects applicants below the cutoff.",
            "Introduce automated screening of candidates.",
            "Loan applications are declined automatically when the score is low.",
            "Use a neural network to set the credit limits of borrowers.",
            "The model decides on its own which loan applications are declined.",
        ),
        lookalikes=(
            "A recruiter decides about every candidate.",
            "Applications are sorted by the date they came in.",
            "Rank the search results with a model.",
            "The model never rejects applicants.",
            "List all job applications on a page.",
        ),
        pattern=r"(?i)\b(?:auto(?:matically|-)? ?(?:approv|reject|declin|deny|deni|screen|rank|scor|shortlist|"
        r"hir|dismiss|triag|"
        rf"grant|underwrit|filter)\w*) (?:[a-z-]+ ){{0,3}}?{_PEOPLE}\b"
        rf"|\b(?:approv|reject|declin|screen|rank|scor|shortlist|triag|select|"
        rf"evaluat)\w* (?:[a-z]+ ){{0,3}}?{_PEOPLE} "
        rf"(?:with|by|using|through|via) {_MODEL}\b"
        rf"|\b{_PEOPLE}\b[^.\n]{{0,60}}\b(?:are|is|will be|get|gets|be) (?:approved|rejected|declined|denied|"
        rf"screened|ranked|"
        rf"scored|shortlisted|triaged|granted|priced|filtered) (?:automatically|by {_MODEL}\b)"
        rf"|\b{_PEOPLE} (?:are|is|will be|get) (?:scored|ranked|rated|graded|profiled) (?:by|on|according to|"
        rf"based on) (?:their|its)\b"
        rf"|\b{_PEOPLE} (?:[a-z]+ ){{0,3}}?(?:are|is|will be|get|be) automatically (?:approved|rejected|"
        rf"declined|denied|screened|"
        r"ranked|scored|shortlisted|triaged|granted|priced|filtered)"
        r"|\b(?:automated|automatic|ai(?:-(?:based|driven|powered))?|algorithmic|"
        r"machine[-\s]+learning) (?:screening|scoring|ranking|"
        rf"approval|rejection|triage|evaluation|shortlisting|underwriting|assessment|selection)s? (?:of|"
        rf"for) (?:[a-z]+ ){{0,3}}?{_PEOPLE}\b"
        r"|\b(?:credit[-\s]+scoring|resume[-\s]+(?:screening|ranking)|cv[-\s]+screening|underwriting|hiring|"
        r"loan[-\s]+approval|"
        r"tenant[-\s]+screening|recidivism|triage) (?:ai|model|algorithm|classifier|engine|"
        r"bot)s?\b[^.\n]{0,60}\b(?:decid|reject|"
        r"approv|declin|rank|select|without|automat|replac|deploy|den(?:y|ies))\w*"
        rf"|\b{_MODEL}\b[^.;\n]{{0,40}}\b(?:approv|reject|declin|den(?:y|ies)|screen|hir|shortlist|triag|"
        rf"underwrit|set|predict|"
        r"assign)\w* (?:the |all |new |which |who |whether |a |each |every |of |and |about |incoming |for )*"
        rf"(?:{_PEOPLE}|creditworthiness)\b"
        rf"|\b{_MODEL} (?:[a-z]+ ){{0,3}}?(?:decides?|chooses?|determines?|picks?) (?:on its own |alone |by itself )?"
        rf"(?:which|who|whether|what) (?:[a-z]+ ){{0,2}}?{_PEOPLE}\b"
        rf"|\b(?:let|allow|have|make) {_MODEL} (?:decide|choose|determine|pick) (?:which |who |whether |what |"
        rf"about |on )*"
        rf"(?:[a-z]+ ){{0,2}}?{_PEOPLE}\b",
        where=Where.PROSE,
    ),
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, *ai_models.RULES, *ai_in_code.RULES)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal lets a model decide."""
    yield from _SCANNER.scan(document)
    yield from ai_models.analyze(document)
    yield from ai_in_code.analyze(document)
