"""Infrastructure in words: plans that announce a change of pipelines, platforms, servers or the environment.

Owns the reading of such plans: who does what to which piece, in the active, in the passive and as a noun. What is only
described, weighed, wished for or forbidden is no plan; neither is what is said beside files that are given whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.prefilter import Prefilter
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule, examine
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.context import clause_start, is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_phrase

_ANNOUNCED = Rule(
    id="infra.announced_change",
    hazard=Hazard.INFRA_CHANGE,
    title="Announces a change of the deployment, its platform or its environment",
    confidence=0.6,
    examples=(
        "Replace the deployment pipeline.",
        "Integrate the migration checks and the static analysis tools (like a linter) into our CI/CD pipeline.",
        "The deployment pipeline is extended with a smoke test.",
        "Migration to Kubernetes",
        "- **Containerization:** Utilize container technologies like Docker for the backend services.",
        "Upgrade PostgreSQL to version 16.",
        "The database server will be upgraded over the weekend.",
        "Put a load balancer in front of the API.",
        "Introduce Redis as a caching layer.",
        "The environment variables of the service are changed.",
        "Upgrading server hardware and adding a read replica.",
        "Change the allocation of memory dynamically, by the load of each job.",
        "Dynamically allocate computing resources to the queues.",
        "Introduce elastic scaling.",
        "Tune the MySQL configuration for large joins.",
        "Raise the size of the connection pool.",
        "Move the search to a bigger machine.",
        "Automate our deployments.",
        "Our deployments shall be automated.",
        "Scale the cluster to ten nodes.",
        "Increase pool size to 50 connections.",
        "Provision more compute resources for the nightly jobs.",
        "```bash\n# Add to CI/CD\n./check.sh\n```",
    ),
    lookalikes=(
        "The deployment is described here; the code runs in a container.",
        "Do not change the pipeline.",
        "No change to the deployment pipeline is needed.",
        "Add a dropdown container to the page.",
        "Update the README to explain how Docker is used.",
        "Consider upgrading hardware or adding a cache such as Redis if necessary.",
        "Employ caching strategies (e.g., Redis) to reduce the load.",
        "Monitoring shows that the servers are idle at night.",
        "Set up monitoring tools to track performance.",
        "Reports help with the allocation of resources to teams.",
        "Better resource management shortens the average task.",
        "Move the button to a larger form.",
        "Implement automatic scaling of the chart's axes.",
        "Optimise server configuration docs.",
        "Use dynamic scaling of fonts on the landing page.",
        "Dynamically adjust resources on the help page to the language of the visitor.",
        "Automate the tests of the deployment guide.",
        "Tune the parameters of the report.",
    ),
)
RULES: tuple[Rule, ...] = (_ANNOUNCED,)

# a stretch of one sentence: its stops end it, those inside words do not
_ON = r"(?:[^.;\n]|\.\w)"
_DO = (
    r"(?:chang|replac|updat|modif(?:y|i)|integrat|implement|upgrad|introduc|set(?:s|ting)? up|add|migrat|extend|"
    r"includ|creat|build|configur|reconfigur|automat|deploy|install|provision|roll(?:s|ing)? out|mov|switch|enabl|"
    r"establish|adopt|rebuild|rework|adjust|streamlin|simplif(?:y|i)|embed|incorporat)(?:e|es|ing|s|ed)?"
)
_SIZE = r"(?:increas|rais|reduc|lower|doubl|resiz|bump|chang|set|adjust|scal|updat)(?:e|es|ing|s)?"
_PIPELINE = (
    r"(?:ci\s*/\s*cd(?: pipelines?| workflows?)?|continuous (?:integration|delivery|deployment)(?: (?:and|/) "
    r"(?:continuous )?(?:delivery|deployment))?|(?:deploy(?:ment)?|release|delivery|build|ci|migration) "
    r"(?:pipelines?|workflows?|gates?)|deployment process(?:es)?|github actions|gitlab(?:-| )ci|jenkins\w*|circleci)"
)
_PLATFORM = (
    r"(?:kubernetes|k8s|docker(?:file|(?:-| )compose| (?:images?|containers?|swarm))?|helm(?: charts?)?|terraform|"
    r"containers|container (?:images?|orchestration|registry|platform|technolog\w+)|containeri[sz]ation|"
    r"orchestration(?: tools?)?|ingress controllers?|service mesh|base image)"
)
_VERSIONED = (
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|elasticsearch|rabbitmq|kafka|nginx|node(?:\.?js)?|"
    r"the (?:[\w.]+ )?runtime|(?:the |our )?(?:production )?database (?:server|engine|version|cluster|instance)s?)"
)
_PIECE = (
    r"(?:load(?:-| )balanc(?:er|ers|ing)|reverse prox(?:y|ies)|auto(?:-| )?scal(?:ing|er)|horizontal(?:ly)? scal\w+|"
    r"read(?:-| )replicas?|multi-az|message (?:queues?|brokers?)|rabbitmq|kafka|redis|memcached|varnish|nginx|"
    r"haproxy|"
    r"pgbouncer|connection pooler|cloudflare|cdn|dns (?:records?|zones?|entries)|tls certificates?|"
    r"firewall rules?|vpc|"
    r"security groups?|cron ?jobs? on|crontabs?|caching layer|(?:production|staging|test) environments?|"
    r"(?:web|app|application|api|database|production|backend|all|both) servers?|production cluster|systemd|"
    r"server (?:hardware|capacity|configurations?)|hosting(?: platform)?|failover|virtual machines?|droplets?|dynos?|"
    r"s3 buckets?|serverless|lambda functions?|secrets manager|blue[-/]green|(?:postgresql|nginx|redis|pg_hba)\.conf)"
)
_HOST = (
    r"(?:heroku|railway|fly\.io|render\.com|vercel|netlify|aws|amazon (?:ecs|eks|rds)|ecs|eks|gke|google cloud|"
    r"gcp|azure|"
    r"digital ?ocean|hetzner|the cloud|kubernetes|k8s|docker|containers|serverless|terraform|bare metal)"
)
_DONE = (
    r"(?:extended|changed|replaced|upgraded|migrated|moved|rebuilt|reconfigured|introduced|added|scaled(?: up| out)?|"
    r"updated|installed|provisioned|rolled out|switched|set up|deployed|containeri[sz]ed|automated|resized|put|"
    r"renewed|"
    r"rotated)"
)
_IS = r"(?:is|are|will be|gets?|shall be|has to be|have to be)"
_ITEM = r"(?m:^)[\s>#*\d.)(-]*"
_DETERMINED = (
    r"(?:(?:a|an|the|our|new|more|its|their|nightly|global|managed|dedicated|central|second|two|three|additional|"
    r"production) )*"
)
# all of them are sought only in plans that show a sign: a filter of their own costs other texts nothing
_ANNOUNCEMENTS = Prefilter()
_NUMBERS: tuple[int, ...] = tuple(
    _ANNOUNCEMENTS.add("(?i)" + pattern)
    for pattern in (
        # does something to a pipeline or a platform
        rf"\b{_DO} {_ON}{{0,100}}?\b{_PIPELINE}(?:\W|$)",
        rf"\b(?:run|runs|running|execut\w+) {_ON}{{0,60}}?\b(?:as part of|in|within|from) (?:the |"
        rf"our )?{_PIPELINE}(?:\W|$)",
        rf"\b{_DO} {_ON}{{0,50}}?\b{_PLATFORM}(?:\W|$)",
        rf"\b(?:leverage|leveraging|utili[sz]e|utili[sz]ing|adopt|adopting|employ|use|using|move|switch) "
        rf"(?:[\w-]+ ){{0,4}}{_PLATFORM}(?:\W|$)",
        r"\b(?:dockeri[sz]|containeri[sz])(?:e|es|ing) (?:the |our |all )",
        r"\b(?:bump|chang|updat|switch)(?:e|es|ing|s)? the base image\b",
        rf"\bpipelines? {_IS} {_DONE} (?:to|so that) {_ON}{{0,40}}?\b(?:deploy|release)",
        # upgrades an engine
        rf"\bupgrad(?:e|es|ing) (?:(?:to|the|our|a|an|newer|new|latest|later|version|of|production) ){{0,7}}"
        rf"{_VERSIONED}(?:\W|$)",
        r"\b(?:switch|upgrad|mov|migrat)(?:e|es|ing)? (?:[\w.]+ ){0,5}to (?:postgres(?:ql)?|mysql|node(?:\.?js)?) \d",
        r"\bupgrad(?:e|es|ing) (?:the |our )?(?:server |production )?(?:hardware|infrastructure|servers?)\b",
        # adds, changes or sizes one piece, or what it is set to
        rf"\b(?:{_DO}|put(?:s|ting)?|rotat(?:e|es|ing)|{_SIZE}|"
        rf"use) {_DETERMINED}(?:[\w./-]+ ){{0,2}}?{_PIECE}(?:\W|$)",
        rf"\b{_SIZE} (?:out |up )?(?:the |our )?(?:[\w-]+ )?(?:number of )?"
        r"(?:servers?|instances|nodes|replicas|workers|worker pools?|dynos|pods)\b",
        rf"\b{_SIZE} (?:the )?(?:memory|cpu|disk|storage) (?:limits?|size|requests?) of (?:the )?",
        # sizes, tunes and hands out what machines have
        rf"\b{_SIZE} (?:the |our )?(?:size of (?:the |our )?)?(?:database )?(?:connection pools?|pool size)\b",
        r"\bscal(?:e|es|ing) (?:the |our )?(?:[\w-]+ )?(?:cluster|deployment|database|fleet) (?:to|up|out|down|from)\b",
        rf"\b(?:tun|optimi[sz]|adjust|chang)(?:e|es|ing|s)? (?:the |our )?(?:{_VERSIONED}|database|web server|server) "
        r"(?:server )?(?:configurations?|settings|parameters)\b",
        r"\b(?:introduc|implement|add|enabl|set(?:s|ting)? up|us)(?:e|es|ing|s)? (?:[\w-]+ ){0,2}?(?:dynamic|elastic|"
        r"automatic|adaptive) (?:scaling|provisioning|resource allocation|allocation of resources)\b",
        r"\bprovision(?:s|ing)? (?:[\w-]+ ){0,3}?(?:resources|servers|capacity|machines|instances)\b",
        r"\b(?:migrat|mov|switch|upgrad)(?:e|es|ing) [^.;\n]{0,40}?\bto (?:a |the )?(?:larger|bigger|dedicated|managed|"
        r"scalable|cloud(?:-based|-native)?|more powerful) (?:instance|server|machine|infrastructure|platform|database|"
        r"cluster|hardware)s?\b",
        r"\bautomat(?:e|es|ing) (?:the |our |all |every )*deployments?\b",
        rf"\bdeployments? {_IS} (?:fully )?automated\b",
        rf"\b{_SIZE} (?:the |our )?(?:(?:[\w-]+ )?resource allocations?|allocation of (?:[\w-]+ )?(?:resources|memory|"
        rf"cpus?)){_ON}{{0,40}}?\b(?:dynamically|automatically|in real(?:-| )time)\b",
        r"\b(?:dynamically|automatically) (?:allocat|assign|scal|provision|adjust)\w* (?:the |our |more )?"
        r"(?:(?:comput\w+|server|cloud|hardware|system) )?(?:resources?|memory|cpus?|capacity)\b",
        r"\bcron ?jobs? on (?:the|our|each|every) (?:[\w-]+ )?server",
        rf"\bcron {_ON}{{0,40}}?\b(?:moves|changes|{_IS} {_DONE})\b",
        r"\b(?:limits?|settings?|configuration|size) (?:of|in) (?:the )?"
        r"(?:pgbouncer|nginx|redis|database server|load balancer|[\w-]+\.conf\b)",
        rf"\b(?:{_DO}|{_SIZE}|rotat\w+|remov\w+|renam\w+) (?:[\w'-]+ ){{0,4}}environment variables?\b",
        rf"\benvironment variables? (?:[\w-]+ ){{0,5}}?{_IS} {_DONE}\b",
        rf"\b[A-Z][A-Z0-9_]+=\S+ {_ON}{{0,20}}?\b(?:environment|servers?|containers?)\b",
        rf"\b{_DO} {_ON}{{0,40}}?\b(?:on|from|to|across) (?:all|both|our|the|each|"
        rf"every) (?:[\w-]+ )?(?:servers?|cluster|nodes)\b",
        # moves from or to a host
        rf"\b(?:migrat|mov|switch|transition)(?:e|es|ing|ion|ed)? {_ON}{{0,60}}?\b(?:to|onto|into|"
        rf"from) {_HOST}(?:\W|$)",
        r"\breplac(?:e|es|ing) (?:heroku|railway|fly\.io|vercel|netlify|aws|azure|docker|nginx|jenkins|"
        r"pm2) (?:with|by)\b",
        # is done to it
        rf"\b(?:{_PIPELINE}|{_PLATFORM}|{_PIECE}|{_VERSIONED}) (?:[\w-]+ ){{0,5}}?{_IS} (?:[\w-]+ly )?{_DONE}\b",
        # names it as an item of a plan
        rf"{_ITEM}(?:docker|container)i[sz]ation\b[^\n]{{0,60}}?:",
        rf"{_ITEM}(?:migration|upgrade|move|switch|introduction|rollout|set-?up|provisioning|automation|"
        rf"configuration|"
        rf"deployment|adoption) (?:of|to|with|for) (?:[\w-]+ ){{0,4}}"
        rf"(?:{_PIPELINE}|{_PLATFORM}|{_PIECE}|{_VERSIONED})(?:\W|$)",
    )
)
_IN_A_COMMENT = compile_phrase(
    r"(?im)^[ \t]*(?:#|//|--)[ \t]*(?:add|include|put|run|wire)(?: this| it)?(?: to| in| into| as part of) (?:the |"
    r"your |our )?"
    r"ci(?:\s*/\s*cd)?(?: pipeline)?\b"
)
_MENTIONS = SIGNS.add(
    rf"(?i){_PIPELINE}|{_PLATFORM}|{_PIECE}|{_HOST}|\bupgrad|\bscal(?:e|es|ing) |ci[sz]|keri[sz]|\bcron|servers?\b|"
    r"\bpipelines?\b|environment|allocat|deployments?|connection pools?|scaling|instance|provision|configurations?|"
    r"machine|pool size|resources|cpus?\b|capacity|replicas|instances|workers|\.conf\b|memory|storage|cluster|nodes\b"
)
_WEIGHED = compile_phrase(
    r"(?i)\b(?:can be|consider\w*|could|might|may|would|explor\w*|investigat\w*|evaluat\w*|assess\w*|whether|"
    r"suggest\w*|such as|"
    r"for example|e\.g|including but|compar\w+|discuss\w*|decid\w+ against|if|(?:tools?|solutions?|systems?|"
    r"databases?|mechanisms?|services?|frameworks?) like)\b"
)
# after it: then it is of a page or a text
_OF_PAGE = compile_phrase(
    r"(?i)^(?: (?:of|for|to) (?:the |our |all |a )?(?:[a-z'-]+ )?(?:images?|pictures?|photos?|thumbnails?|"
    r"previews?|fonts?|charts?|"
    r"axes|axis|icons?|text|words?|columns?|canvas|diagrams?)| (?:on|in) (?:the |our )?(?:[a-z-]+ )?(?:page|"
    r"handbook|guide|chapter|"
    r"course|example|tutorial)| (?:docs?|documentation|guides?|chapters?|tutorials?|tests?|shown)\b)"
)
_ON_DEMAND = compile_phrase(
    r"(?i)^[^.;\n]{0,60}\b(?:if|where|when|as) (?:necessary|needed|possible|required|appropriate|applicable)\b"
)
_TOLD = compile_phrase(
    r"(?i)\b(?:readme|document\w*|describ\w*|explain\w*|guides?|tutorials?|articles?|diagrams?|blog|pages?|lists?|"
    r"reports?|"
    r"learn\w*|courses?|customers? (?:can|may)|components?|dropdown|buttons?|css|html|div|form|screens?|"
    r"template for)\b"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the announcements of a plan, a few of them."""
    if not document.writes_files:
        found = {finding.start: finding for finding in islice(_announcements(document), REPORTED_PER_RULE)}
        yield from found.values()


def _announcements(document: Document) -> Iterator[Finding]:
    for match in islice(_IN_A_COMMENT.finditer(document.reading), REPORTED_PER_RULE):
        if document.artifact_at(match.start()) is not None:
            yield _ANNOUNCED.finding(document, *match.span())
    if not document.shows(_MENTIONS):
        return
    possible = _ANNOUNCEMENTS.candidates(document.prose)
    for number in _NUMBERS:
        if number in possible:
            places = _ANNOUNCEMENTS.pattern(number).finditer(document.prose)
            yield from examine(document, places, partial(_judged, document))


def _judged(document: Document, match: Match) -> Finding | None:
    return _ANNOUNCED.finding(document, *match.span()) if _is_planned(document.prose, match) else None


def _is_planned(prose: bytes, match: Match) -> bool:
    start, end = match.span()
    begin = clause_start(prose, start)
    if _WEIGHED.search(prose, begin, end) is not None or _TOLD.search(prose, begin, end) is not None:
        return False
    after = prose[end : end + 120]
    return (
        _ON_DEMAND.search(after) is None
        and _OF_PAGE.search(after) is None
        and not is_negated(prose, start, end)
    )
