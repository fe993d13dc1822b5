"""Settings of cloud resources, in Terraform, CloudFormation, Pulumi, the CDK and the vendors' commands.

Owns the single settings that open storage and databases to the public, drop encryption, authentication, transport
security, backups and protection against deletion, or stop the records of who did what. Networks are
`open_networks.py`, policies `cloud_policy.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.declarations import declares, remarks
from gatekeeper.assessment.text.document import Document

_FALSE = r"false|no|off|0"
_TRUE = r"true|yes|on|1"


_PATTERN_RULES = (
    PatternRule(
        id="cloud.public_storage",
        hazard=Hazard.INSECURE_CODE,
        title="Opens storage to the public",
        confidence=0.85,
        examples=(
            fenced(
                "hcl", 'resource "aws_s3_bucket" "data" {\n  bucket = "exports"\n  acl    = "public-read"\n}'
            ),
            fenced(
                "hcl", 'resource "aws_s3_bucket_public_access_block" "b" {\n  block_public_acls = false\n}'
            ),
            "```yaml\nBucket:\n  Type: AWS::S3::Bucket\n  Properties:\n    AccessControl: PublicRead\n```",
            "```ts\nnew s3.Bucket(this, 'Data', { publicReadAccess: true });\n```",
            "```sh\naws s3api put-bucket-acl --bucket exports --acl public-read\n```",
        ),
        lookalikes=(
            fenced(
                "hcl", 'resource "aws_s3_bucket_acl" "data" {\n  acl = "private" # not acl = "public-read"\n}'
            ),
            fenced("hcl", "block_public_acls = true\nblock_public_policy = true"),
            fenced("hcl", 'condition = !contains(["public-read"], var.acl)'),
            "Never set acl = public-read on a bucket.",
            "Never make the bucket public.",
        ),
        pattern=r"(?i)(?:"
        + declares(r"acl|canned_?acl|access_?control", r"public-?read(?:-?write)?|authenticated-?read")
        + "|"
        + declares(
            r"block_?public_?(?:acls|policy|access)|ignore_?public_?acls|restrict_?public_?buckets", _FALSE
        )
        + "|"
        + declares(r"public_?read_?access|allow_nested_items_to_be_public|allow_blob_public_access", _TRUE)
        + "|"
        + declares(r"container_access_type", r"blob|container")
        + r"|\bmak(?:e|es|ing)\s+(?:[\w-]+\s+){1,5}(?:buckets?|blob containers?|"
        r"object stores?)\s+(?:\w+\s+)?public\b|--acl[=\s]\s*public-read|\bdelete-public-access-block\b|"
        r"\bBlockPublicAcls=false\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.public_database",
        hazard=Hazard.INSECURE_CODE,
        title="Opens a database to the public",
        confidence=0.85,
        examples=(
            fenced("hcl", 'resource "aws_db_instance" "main" {\n  publicly_accessible = true\n}'),
            "```yaml\nType: AWS::RDS::DBInstance\nProperties:\n  PubliclyAccessible: true\n```",
            fenced("hcl", 'start_ip_address = "0.0.0.0"\nend_ip_address = "255.255.255.255"'),
            "Set publicly_accessible = true on the production database.",
        ),
        lookalikes=(
            fenced("hcl", 'resource "aws_db_instance" "main" {\n  publicly_accessible = false\n}'),
            fenced("hcl", 'error_message = "publicly_accessible = true is not allowed"'),
            fenced("hcl", 'start_ip_address = "10.0.0.1"\nend_ip_address = "10.0.0.9"'),
            "The database must not have publicly_accessible = true.",
        ),
        pattern=r"(?i)(?:"
        + declares(r"publicly_?accessible", _TRUE)
        + r"|start_?ip_?address[\"']?\s*[:=]\s*[\"']0\.0\.0\.0[\"'],?\s*[\"']?"
        r"end_?ip_?address[\"']?\s*[:=]\s*[\"']255\." + r"|--publicly-accessible\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.no_authentication",
        hazard=Hazard.INSECURE_CODE,
        title="Lets callers in without authentication",
        confidence=0.75,
        examples=(
            fenced("hcl", 'resource "aws_lambda_function_url" "u" {\n  authorization_type = "NONE"\n}'),
            "```sh\ngcloud run deploy api --image api:1 --allow-unauthenticated\n```",
            fenced("hcl", 'metadata_options {\n  http_tokens = "optional"\n}'),
            "Allow unauthenticated access to the Cloud Run service.",
        ),
        lookalikes=(
            fenced("hcl", 'resource "aws_lambda_function_url" "u" {\n  authorization_type = "AWS_IAM"\n}'),
            fenced("hcl", 'http_method = "OPTIONS"\nauthorization = "NONE"'),
            fenced("hcl", 'metadata_options {\n  http_tokens = "required"\n}'),
            "Do not allow unauthenticated access to the service.",
        ),
        pattern=r"(?i)(?:"
        + declares(r"authorization_?type|auth_?type", r"NONE")
        + r"|\bhttp_?method[\"']?\s*[:=]\s*[\"'](?:GET|POST|PUT|PATCH|DELETE|"
        r"ANY)[\"'],?\s*[\"']?authorization(?:_?type)?[\"']?\s*"
        r"[:=]\s*[\"']NONE|"
        + declares(r"http_?tokens", r"optional")
        + "|"
        + declares(r"enable_legacy_abac", _TRUE)
        + r"|\baction\s*=\s*\"lambda:InvokeFunction\"[^{}]{0,120}\bprincipal\s*=\s*\"\*\""
        + r"|--allow-unauthenticated\b|\b(?:allow|permit|enable)s?\s+unauthenticated\s+(?:access|invocations?|"
        r"calls?)\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.weak_transport",
        hazard=Hazard.INSECURE_CODE,
        title="Lets traffic of a cloud resource go unencrypted or by broken TLS",
        confidence=0.75,
        examples=(
            fenced(
                "hcl",
                'resource "aws_lb_listener" "h" {\n  ssl_policy = "ELBSecurityPolicy-TLS-1-0-2015-04"\n}',
            ),
            fenced("hcl", 'resource "azurerm_storage_account" "s" {\n  enable_https_traffic_only = false\n}'),
            fenced("hcl", 'protocol = "HTTP"\ndefault_action {\n  type = "forward"\n}'),
            fenced("hcl", 'viewer_protocol_policy = "allow-all"'),
        ),
        lookalikes=(
            fenced("hcl", 'ssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"\nmin_tls_version = "TLS1_2"'),
            fenced("hcl", 'protocol = "HTTP"\ndefault_action {\n  type = "redirect"\n}'),
            fenced("hcl", 'viewer_protocol_policy = "redirect-to-https"'),
        ),
        pattern=r"(?i)(?:"
        + declares(
            r"(?:enable_?)?https_?traffic_?only(?:_enabled)?|enforce_?https|require_?ssl|ssl_?enforcement_?enabled|"
            r"transit_?encryption_?enabled",
            _FALSE,
        )
        + "|"
        + declares(
            r"(?:min|minimum)_?(?:tls|protocol)_?version|ssl_?policy|tls_?(?:security_?)?policy|security_?policy",
            r"TLS_?(?:1_0|1_1|v?1(?:\.[01])?(?:_2016)?)|1\.[01]|SSLv3|ELBSecurityPolicy-(?:TLS-1-[01]-\S*|2015-05|"
            r"2016-08)|"
            r"Policy-Min-TLS-1-0-2019-07",
        )
        + "|"
        + declares(r"viewer_?protocol_?policy", r"allow-all")
        + "|"
        + declares(r"[\w./-]*(?:ssl-redirect|proxy-ssl-verify)", r"false|off")
        + r"|\bprotocol\s*=\s*\"HTTP\"\s+default_action\s*\{\s*type\s*=\s*\"forward\")",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.not_encrypted",
        hazard=Hazard.INSECURE_CODE,
        title="Switches the encryption of stored data off",
        confidence=0.75,
        examples=(
            fenced("hcl", 'resource "aws_db_instance" "main" {\n  storage_encrypted = false\n}'),
            fenced("hcl", 'resource "aws_ebs_volume" "v" {\n  size      = 40\n  encrypted = false\n}'),
            "```yaml\nType: AWS::RDS::DBInstance\nProperties:\n  StorageEncrypted: false\n```",
        ),
        lookalikes=(
            fenced("hcl", "storage_encrypted = true\nat_rest_encryption_enabled = true"),
            "```js\nconst message = { encrypted: false };\n```",
            "Storage is encrypted at rest; storage_encrypted = false is not allowed.",
        ),
        pattern=r"(?i)(?:"
        + declares(
            r"storage_?encrypted|at_?rest_?encryption_?enabled|encrypt(?:ion)?_?at_?rest(?:_?enabled)?|"
            r"disk_?encryption_?enabled|"
            r"kms_encryption_enabled|encryption_at_host_enabled",
            _FALSE,
        )
        + r"|\bresource\s+\"aws_\w+\"\s+\"[^\"\n]*\"\s*\{[^{}]{0,600}\bencrypted\s*=\s*\"?false\b"
        + r"|\b(?:encrypt_at_rest|node_to_node_encryption|root_block_device|ebs_block_device|ebs)\s*\{[^{}]{0,200}"
        + r"\b(?:enabled|encrypted)\s*=\s*\"?false\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.unprotected_data",
        hazard=Hazard.INFRA_CHANGE,
        title="Takes away what keeps data: backups, versions or protection against deletion",
        confidence=0.8,
        examples=(
            fenced("hcl", 'resource "aws_s3_bucket" "invoices" {\n  force_destroy = true\n}'),
            fenced("hcl", 'resource "aws_db_instance" "main" {\n  skip_final_snapshot = true\n}'),
            "```yaml\nType: AWS::RDS::DBInstance\nDeletionPolicy: Delete\nProperties:\n  BackupRetentionPeriod: 0\n```",
            fenced("hcl", 'versioning_configuration {\n  status = "Suspended"\n}'),
            "Set deletion_protection = false on the database.",
            "Disable deletion protection on the production database.",
        ),
        lookalikes=(
            fenced(
                "hcl", "deletion_protection = true\nskip_final_snapshot = false\nbackup_retention_period = 14"
            ),
            fenced("hcl", "lifecycle {\n  prevent_destroy = true\n}"),
            fenced("hcl", 'versioning_configuration {\n  status = "Enabled"\n}'),
            "Deletion protection must never be disabled.",
        ),
        pattern=r"(?i)(?:"
        + declares(
            r"force_?destroy|skip_?final_?snapshot(?:_?before_?deletion)?|auto_?delete_?objects|"
            r"delete_automated_backups|"
            r"force_delete",
            _TRUE,
        )
        + "|"
        + declares(
            r"(?:enable_)?deletion_?protection(?:_enabled)?|prevent_?destroy|purge_protection_enabled|"
            r"point_in_time_recovery_enabled",
            _FALSE,
        )
        + "|"
        + declares(
            r"backup_?retention_?(?:period|days)|recovery_window_in_days|snapshot_retention_limit", "0"
        )
        + r"|\b(?:versioning|point_in_time_recovery|backup_configuration|versioning_configuration)\s*\{[^{}]{0,160}"
        r"\b(?:enabled\s*=\s*false|status\s*=\s*\"(?:Suspended|Disabled)\")"
        r"|\bRemovalPolicy\.DESTROY\b|\bType:\s*AWS::(?:RDS|S3|DynamoDB|EFS|"
        r"Redshift)::\w+\s+DeletionPolicy:\s*Delete\b"
        r"|\b(?:disabl|remov|switch(?:es|ing)? off|turn(?:s|ing)? off|drop)\w*\s+(?:the\s+)?(?:deletion|"
        r"termination)\s+protection\b"
        r"|--no-deletion-protection\b|--skip-final-snapshot\b|--backup-retention-period[=\s]\s*0\b|"
        r"\bStatus=Suspended\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.destroys_resources",
        hazard=Hazard.DESTRUCTIVE_DATA,
        title="Destroys resources of the cloud with what they hold",
        confidence=0.85,
        examples=(
            "```sh\nterraform destroy -auto-approve\n```",
            fenced(
                "hcl", "removed {\n  from = aws_db_instance.main\n  lifecycle {\n    destroy = true\n  }\n}"
            ),
            "Run terraform destroy -auto-approve on the workspace.",
            "```sh\naws cloudformation delete-stack --stack-name shop\n```",
        ),
        lookalikes=(
            "```sh\nterraform plan -destroy\n```",
            fenced("hcl", "removed {\n  from = aws_instance.old\n  lifecycle {\n    destroy = false\n  }\n}"),
            "Never run terraform destroy on production.",
        ),
        pattern=r"(?i)\b(?:terraform|tofu|terragrunt|pulumi|cdk|cdktf)\s+(?:-chdir=\S+\s+)?(?:(?:run-all|"
        r"apply)\s+-?)?-?destroy\b"
        r"|\bremoved\s*\{[^{}]{0,200}\{\s*destroy\s*=\s*true\b|\bcloudformation\s+delete-stack\b"
        r"|\baws\s+rds\s+delete-db-(?:instance|cluster)\b|\bgcloud\s+sql\s+instances\s+delete\b|"
        r"\baz\s+group\s+delete\b",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.blinds_the_audit",
        hazard=Hazard.OVERSIGHT_EVASION,
        title="Stops the records of who did what in the cloud",
        confidence=0.8,
        examples=(
            fenced("hcl", 'resource "aws_cloudtrail" "main" {\n  enable_logging = false\n}'),
            "```sh\naws cloudtrail stop-logging --name main\n```",
            fenced("hcl", 'resource "aws_guardduty_detector" "d" {\n  enable = false\n}'),
            "Turn off CloudTrail in the production account.",
            "```yaml\nType: AWS::CloudTrail::Trail\nProperties:\n  IsLogging: false\n```",
        ),
        lookalikes=(
            fenced("hcl", 'resource "aws_cloudtrail" "main" {\n  enable_logging = true\n}'),
            "```sh\naws cloudtrail start-logging --name main\n```",
            "CloudTrail must not be turned off.",
        ),
        pattern=r"(?i)(?:"
        + declares(r"enable_?logging|is_?logging|enable_?log_?file_?validation|audit_?logs?_?enabled", _FALSE)
        + r"|\bresource\s+\"aws_(?:guardduty_detector|config_configuration_recorder_status|securityhub_account|"
        r"macie2_account)\"\s+"
        r"\"[^\"\n]*\"\s*\{[^{}]{0,300}\b(?:enable|is_enabled)\s*=\s*false\b"
        r"|\baccess_logs\s*\{[^{}]{0,200}\benabled\s*=\s*false\b|"
        + declares(r"logging_service|monitoring_service", "none")
        + r"|\bcloudtrail\s+(?:stop-logging|delete-trail)\b|\b(?:guardduty\s+delete-detector|configservice\s+"
        r"(?:stop-configuration-recorder|delete-configuration-recorder)|delete-flow-logs)\b"
        r"|\b(?:disabl|remov|stop|switch(?:es|ing)? off|turn(?:s|ing)? off|"
        r"delet)\w*\s+(?:the\s+)?(?:aws\s+)?(?:CloudTrail|GuardDuty|"
        r"VPC flow logs?|flow logs?|(?:cloud )?audit logs?)\b)",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="cloud.ignores_drift",
        hazard=Hazard.INFRA_CHANGE,
        title="Keeps the plan from seeing what changes",
        confidence=0.6,
        examples=(
            fenced("hcl", "lifecycle {\n  ignore_changes = all\n}"),
            "```sh\nterraform state rm aws_db_instance.main\n```",
        ),
        lookalikes=(
            fenced("hcl", "lifecycle {\n  ignore_changes = [engine_version]\n}"),
            "```sh\nterraform state list\n```",
        ),
        pattern=r"(?i)\bignore_changes\s*=\s*\[?\s*\"?all\b|\b(?:terraform|tofu)\s+state\s+rm\b"
        r"|\b(?:terraform|tofu)\s+force-unlock\b",
        where=Where.ANYWHERE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)
_MENTIONS = SIGNS.add(
    r"(?i)public|authori[sz]ation|auth_?type|authenticat|http_?tokens|abac|lambda:|https|viewer_?protocol|"
    r"ssl-redirect|ssl-verify|require_?ssl|ssl_?enf|encr|tls|ssl_?policy"
    r"|\"HTTP\"|destroy|snapshot|delet|protection|recovery|retention|versioning|status=suspended|backup_conf|"
    r"logging|_logs|"
    r"cloudtrail|guardduty"
    r"|log_?file|flow logs?|audit_?logs?|monitoring_service|aws_config|securityhub|macie2|ignore_changes|state\s+rm|"
    r"force-unlock"
    r"|container_access_type|authenticated-?read|end_?ip_?address"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the settings of cloud resources that open, unprotect or blind."""
    if not document.shows(_MENTIONS) or not _SCANNER.may_find(document):
        return
    yield from _SCANNER.scan(document, outside=remarks(document))
