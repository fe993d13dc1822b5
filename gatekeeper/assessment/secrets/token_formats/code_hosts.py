"""Tokens of code hosts, package registries and build services."""

from __future__ import annotations

from gatekeeper.assessment.secrets.checksums import base36_crc32, base62_crc32, ends_in_crc32, is_routable
from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex, token

_CHECKED = made_up(30) + base62_crc32(made_up(30).encode()).decode()
_ROUTABLE = f"glpat-{made_up(36)}.01.10"
_ROUTABLE += base36_crc32(_ROUTABLE.encode()).decode()


def _gitlab_holds(text: bytes) -> bool:
    return text.count(b".") < 2 or is_routable(text)


FORMATS = (
    token(
        "github_token",
        "A GitHub token",
        r"\b(gh[pousr]_[A-Za-z0-9]{36})(?:[^A-Za-z0-9_]|$)",
        "ghp_" + _CHECKED,
        "ghp_" + "x" * 36,
        "ghp_" + made_up(36) + " fails its own checksum",
        "process.env.GITHUB_TOKEN",
        holds=ends_in_crc32,
    ),
    token(
        "github_fine_grained",
        "A fine-grained GitHub token",
        r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?:[^A-Za-z0-9_]|$)",
        "github_pat_" + made_up(22) + "_" + made_up(59),
        "github_pat_" + "x" * 22 + "_" + "x" * 59,
        "github_pat_11AAAAAAA_too_short",
    ),
    token(
        "gitlab_token",
        "A GitLab token",
        r"\b(gl(?:pat|dt|rt|rtr|soat|ffct|imt|ft|oas|agent|"
        r"wt)-[A-Za-z0-9_-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?)(?:[^A-Za-z0-9_]|$)|"
        r"\bglcbt-[0-9a-zA-Z]{1,5}_[A-Za-z0-9_-]{20}|\bglptt-[0-9a-f]{40}\b|\bGR1348941[A-Za-z0-9_-]{20}",
        _ROUTABLE,
        "glpat- is a prefix",
        "glpat-XXXXXXXXXXX-XXXXXXXX",
        _ROUTABLE[:-7] + "0000000 fails its own checksum",
        holds=_gitlab_holds,
    ),
    token(
        "gitlab_classic",
        "A GitLab token of twenty characters",
        r"\bgl(?:pat|dt|rt)-[A-Za-z0-9_-]{20}(?:[^A-Za-z0-9_.-]|$)",
        "glpat-" + made_up(20),
        "glpat-your-token-goes-here1",
    ),
    token(
        "npm_token",
        "An npm token",
        r"\b(npm_[A-Za-z0-9]{36})(?:[^A-Za-z0-9_]|$)",
        "npm_" + _CHECKED,
        "npm_config_registry",
        "npm_" + made_up(36) + " fails its own checksum",
        holds=ends_in_crc32,
    ),
    token(
        "pypi_token",
        "A PyPI token",
        r"\bpypi-AgE[A-Za-z0-9_-]{60,}",
        "pypi-AgEIcHlwaS5vcmc" + made_up(120),
        "pypi-AgEIcHlwaS5vcmc is how it begins",
        "pypi-server-and-its-configuration-in-production",
    ),
    token(
        "rubygems_key",
        "A RubyGems key",
        r"\brubygems_[a-f0-9]{48}\b",
        "rubygems_" + made_up_hex(48),
        "rubygems_version",
    ),
    token(
        "crates_token",
        "A crates.io, NuGet or Clojars token",
        r"\bcio[A-Za-z0-9]{32}\b|\boy2[a-z0-9]{43}\b|\bCLOJARS_[a-z0-9]{60}\b",
        "cio" + made_up(32),
        "cio is a prefix",
    ),
    token(
        "docker_token",
        "A Docker token",
        r"\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}",
        "dckr_pat_" + made_up(27),
        "dckr_pat_" + "x" * 27,
    ),
    token(
        "bitbucket_token",
        "An Atlassian or Bitbucket token",
        r"\bAT(?:ATT3|CTT3|BB|STT3)[A-Za-z0-9_=-]{32,}",
        "ATATT3xFfGF0" + made_up(160) + "=2B4C8D1E",
        "ATATT3 is how it begins",
    ),
    token(
        "artifactory_token",
        "An Artifactory token",
        r"\bAKCp[A-Za-z0-9]{69}\b|\bcmVmd[A-Za-z0-9]{59}\b",
        "AKCp8" + made_up(68),
        "AKCp is a prefix",
    ),
    token(
        "sonar_token",
        "A SonarQube or Snyk token",
        r"\bsq[upa]_[a-f0-9]{40}\b|(?i)\bsnyk[\w.-]{0,12}(?:token|key)[\"']?\s*[:=]\s*[\"']?"
        r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
        "squ_" + made_up_hex(40),
        "squ_ is a prefix",
    ),
    token(
        "buildkite_token",
        "A Buildkite or CircleCI token",
        r"\bbk(?:ua|at)_[a-f0-9]{40}\b|\bCCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}\b",
        "bkua_" + made_up_hex(40),
        "bkua_ is a prefix",
    ),
)
