"""Infrastructure in words: plans that announce a change of pipelines, platforms, servers or the environment.

Owns the reading of such plans: who does what to which piece, in the active, in the passive and as a noun. What is only
described, weighed, wished for or forbidden is no plan; neither is what is said beside files that are given whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.context import clause_start, is_negated
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import Match, Pattern, compile_phrase
from gatekeeper.assessment.rules import EXAMINED_PER_RULE, REPORTED_PER_RULE, TOO_MUCH, Rule

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
    ),
)
RULES: tuple[Rule, ...] = (_ANNOUNCED,)

_DO = (
    r"(?:chang|replac|updat|modif(?:y|i)|integrat|implement|upgrad|introduc|set(?:s|ting)? up|add|migrat|extend|"
    r"includ|creat|build|"
    r"configur|reconfigur|automat|deploy|install|provision|roll(?:s|ing)? out|mov|switch|enabl|establish|adopt|rebuild|"
    r"rework|adjust|streamlin|simplif(?:y|i)|embed|incorporat)(?:e|es|ing|s|ed)?"
)
_PIPELINE = (
    r"(?:ci\s*/\s*cd(?: pipelines?| workflows?)?|continuous (?:integration|delivery|deployment)(?: (?:and|/) "
    r"(?:continuous )?(?:delivery|deployment))?|(?:deploy(?:ment)?|release|delivery|build|ci|migration) "
    r"(?:pipelines?|workflows?|gates?)|deployment process(?:es)?|github actions|gitlab(?:-| )ci|jenkins\w*|circleci)"
)
_PLATFORM = (
    r"(?:kubernetes|k8s|docker(?:file|(?:-| )compose| (?:images?|containers?|swarm))?|helm(?: charts?)?|terraform|"
    r"containers|container (?:images?|orchestration|registry|platform|technolog\w+)|containeri[sz]ation|orchestration"
    r"(?: tools?)?|ingress controllers?|service mesh)"
)
_VERSIONED = (
    r"(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|elasticsearch|rabbitmq|kafka|nginx|node(?:\.?js)?|"
    r"the (?:[\w.]+ )?runtime|"
    r"(?:the |our )?(?:production )?database (?:server|engine|version|cluster|instance)s?)"
)
_PIECE = (
    r"(?:load(?:-| )balanc(?:er|ers|ing)|reverse prox(?:y|ies)|auto(?:-| )?scal(?:ing|er)|horizontal(?:ly)? scal\w+|"
    r"read(?:-| )replicas?|"
    r"message (?:queues?|brokers?)|rabbitmq|kafka|redis|memcached|varnish|nginx|haproxy|pgbouncer|connection pooler|"
    r"cdn|"
    r"dns (?:records?|zones?|entries)|tls certificates?|firewall rules?|vpc|security groups?|cron\s*jobs? on|"
    r"caching layer|"
    r"environment variables?|(?:production|staging|test) environments?|(?:web|app|application|api|database|"
    r"production|backend)"
    r" servers?|server (?:hardware|capacity|configurations?)|hosting(?: platform)?|failover|virtual machines?|"
    r"s3 buckets?|serverless|lambda functions?|prometheus server|blue[-/]green)"
)
_HOST = (
    r"(?:heroku|railway|fly\.io|render\.com|vercel|netlify|aws|amazon (?:ecs|eks|rds)|ecs|eks|gke|google cloud|gcp|"
    r"azure|"
    r"digital ?ocean|hetzner|the cloud|kubernetes|k8s|docker|containers|serverless|terraform|bare metal)"
)
_DONE = (
    r"(?:extended|changed|replaced|upgraded|migrated|moved|rebuilt|reconfigured|introduced|added|scaled(?: up|"
    r" out)?|updated|"
    r"installed|provisioned|rolled out|switched|set up|deployed|containeri[sz]ed|automated|resized|put)"
)
_PATTERNS: tuple[Pattern, ...] = tuple(
    compile_phrase(pattern)
    for pattern in (
        # does something to a pipeline or a platform
        rf"(?i)\b{_DO} [^.;\n]{{0,100}}?\b{_PIPELINE}(?:\W|$)",
        rf"(?i)\b{_DO} [^.;\n]{{0,50}}?\b{_PLATFORM}(?:\W|$)",
        rf"(?i)\b(?:leverage|leveraging|utili[sz]e|utili[sz]ing|adopt|adopting|employ|use|using|move|switch) "
        rf"(?:[\w-]+ ){{0,4}}{_PLATFORM}(?:\W|$)",
        # upgrades an engine
        rf"(?i)\bupgrad(?:e|es|ing) (?:(?:to|the|our|a|an|newer|new|latest|later|version|of|"
        rf"production) ){{0,7}}{_VERSIONED}(?:\W|$)",
        r"(?i)\b(?:switch|upgrad|mov|migrat)(?:e|es|ing)? (?:[\w.]+ ){0,5}to (?:postgres(?:ql)?|mysql|"
        r"node(?:\.?js)?) \d",
        r"(?i)\bupgrad(?:e|es|ing) (?:the |our )?(?:server |production )?(?:hardware|infrastructure|servers?)\b",
        # adds, changes or sizes one piece
        rf"(?i)\b(?:{_DO}|put(?:s|ting)?|rotat(?:e|es|ing)|increas(?:e|es|ing)|set(?:s|ting)?|scal(?:e|es|ing)|use) "
        rf"(?:(?:a|an|the|our|new|more|its|their|nightly|global|managed|dedicated|central|second|additional|"
        rf"production) )*"
        rf"(?:[\w./-]+ ){{0,2}}?{_PIECE}(?:\W|$)",
        r"(?i)\bscal(?:e|es|ing) (?:out |up )?(?:the |our )?(?:[\w-]+ )?(?:servers?|instances|nodes|replicas|"
        r"workers|dynos|pods)\b",
        r"(?i)\bcron\s*jobs? on (?:the|our|each|every) (?:[\w-]+ )?server",
        r"(?i)\b(?:limits?|settings?|configuration|size) of (?:the )?(?:pgbouncer|nginx|redis|database server|"
        r"load balancer)\b",
        # moves from or to a host
        rf"(?i)\b(?:migrat|mov|switch|transition)(?:e|es|ing|ion|ed)? [^.;\n]{{0,60}}?\b(?:to|onto|into|"
        rf"from) {_HOST}(?:\W|$)",
        r"(?i)\breplac(?:e|es|ing) (?:heroku|railway|fly\.io|vercel|netlify|aws|azure|docker|nginx|jenkins) (?:with|"
        r"by)\b",
        # is done to it
        rf"(?i)\b(?:{_PIPELINE}|{_PLATFORM}|{_PIECE}|{_VERSIONED}) (?:[\w-]+ ){{0,5}}?(?:is|are|will be|gets?|get|"
        rf"shall be|has to be|have to be) "
        rf"(?:[\w-]+ly )?{_DONE}\b",
        # names it as an item of a plan
        r"(?i)(?m:^)[\s>#*\d.)(-]*(?:docker|container)i[sz]ation\b[^\n]{0,60}?:",
        rf"(?i)(?m:^)[\s>#*\d.)(-]*(?:migration|upgrade|move|switch|introduction|rollout|set-?up|provisioning|"
        rf"automation|"
        rf"configuration|deployment|adoption) (?:of|to|with|for) (?:[\w-]+ ){{0,4}}(?:{_PIPELINE}|{_PLATFORM}|"
        rf"{_PIECE}|{_VERSIONED})(?:\W|$)",
    )
)
_IN_A_COMMENT = compile_phrase(
    r"(?im)^[ \t]*(?:#|//|--)[ \t]*(?:add|include|put|run|wire)(?: this| it)?(?: to| in| into| as part of) (?:the |"
    r"your |our )?"
    r"ci(?:\s*/\s*cd)?(?: pipeline)?\b"
)
_MENTIONS = compile_phrase(
    rf"(?i){_PIPELINE}|{_PLATFORM}|{_PIECE}|{_HOST}|\bupgrad|\bscal(?:e|es|ing) |ci[sz]ation|pgbouncer|of redis|server"
)
_WEIGHED = compile_phrase(
    r"(?i)\b(?:can be|consider\w*|could|might|may|would|explor\w*|investigat\w*|evaluat\w*|assess\w*|whether|"
    r"suggest\w*|such as|"
    r"for example|e\.g|including but|compar\w+|discuss\w*|decid\w+ against|if|(?:tools?|solutions?|systems?|"
    r"databases?|mechanisms?|services?|frameworks?) like)\b"
)
_ON_DEMAND = compile_phrase(
    r"(?i)^[^.;\n]{0,60}\b(?:if|where|when|as) (?:necessary|needed|possible|required|appropriate|applicable)\b"
)
_TOLD = compile_phrase(
    r"(?i)\b(?:readme|document\w*|describ\w*|explain\w*|guides?|tutorials?|articles?|diagrams?|blog|pages?|lists?|"
    r"reports?|"
    r"learn\w*|courses?|customers? (?:can|may)|components?|dropdown|buttons?|css|html|div|form|screens?|template for)\b"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the announcements of a plan, a few of them."""
    if not document.writes_files:
        yield from islice(_announcements(document), REPORTED_PER_RULE)


def _announcements(document: Document) -> Iterator[Finding]:
    for match in islice(_IN_A_COMMENT.finditer(document.reading), REPORTED_PER_RULE):
        if document.artifact_at(match.start()) is not None:
            yield _ANNOUNCED.finding(document, *match.span())
    if _MENTIONS.search(document.prose) is None:
        return
    for pattern in _PATTERNS:
        for examined, match in enumerate(pattern.finditer(document.prose)):
            if examined == EXAMINED_PER_RULE:
                yield TOO_MUCH.finding(document, *match.span())
                break
            if _is_planned(document.prose, match):
                yield _ANNOUNCED.finding(document, *match.span())


def _is_planned(prose: bytes, match: Match) -> bool:
    start, end = match.span()
    begin = clause_start(prose, start)
    if _WEIGHED.search(prose, begin, end) is not None or _TOLD.search(prose, begin, end) is not None:
        return False
    return _ON_DEMAND.search(prose[end : end + 120]) is None and not is_negated(prose, start, end)
