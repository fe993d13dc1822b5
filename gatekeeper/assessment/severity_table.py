"""The table of the severity model: what each rule adds to likelihood (1-5), damage (1-5) and reversibility (1-3).

Owns every weight of a finding; how weights add up is `severity.py`. A rule without a row has its family's (the name up
to the dot), and a family without one its hazard's.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.assessment.assessment import Hazard


@dataclass(frozen=True, slots=True)
class Weight:
    """What a finding adds to each factor."""

    likelihood: int
    damage: int
    reversibility: int


# by rule, or by a family's name up to its dot: likelihood, damage, reversibility
WEIGHTS: dict[str, Weight] = {
    "sql.drop_database": Weight(3, 4, 2),
    "sql.drop_schema": Weight(3, 4, 2),
    "sql.drop_table": Weight(3, 4, 2),
    "sql.truncate": Weight(3, 4, 2),
    "sql.delete_all": Weight(3, 4, 2),
    "sql.update_all": Weight(3, 3, 2),
    "sql.drop_column": Weight(3, 3, 2),
    "sql.way_down": Weight(0, 3, 2),
    "sql.change_type": Weight(2, 2, 1),
    "sql.require_column": Weight(3, 2, 1),
    "sql.alter_table": Weight(1, 2, 1),
    "code": Weight(3, 4, 2),
    "shell.destroys_data": Weight(3, 4, 2),
    "schema.announced_migration": Weight(2, 2, 1),
    "destructive.skips_backup": Weight(2, 3, 2),
    "destructive.broken_live_route": Weight(2, 3, 1),
    "secrets": Weight(4, 4, 2),
    "secrets.assigned_value": Weight(3, 3, 2),
    "secrets.password_in_url": Weight(3, 3, 2),
    "secrets.password_in_pairs": Weight(3, 3, 2),
    "secrets.password_in_command": Weight(3, 3, 2),
    "secrets.weak_password": Weight(2, 3, 2),
    "secrets.logged": Weight(2, 3, 2),
    "secrets.echoed": Weight(2, 3, 2),
    "secrets.logs_in_words": Weight(2, 3, 2),
    "secrets.in_address": Weight(1, 3, 2),
    "secrets.written_down": Weight(1, 3, 2),
    "secrets.committed_environment": Weight(3, 3, 2),
    "secrets.signed_token": Weight(2, 3, 2),
    "secrets.session_token": Weight(1, 2, 2),
    "secrets.placeholder_over_live": Weight(3, 3, 1),
    "finance.payout": Weight(2, 3, 2),
    "finance.refund": Weight(1, 3, 1),
    "finance.charge": Weight(1, 3, 1),
    "finance.client_sets_amount": Weight(2, 3, 1),
    "finance.unverified_webhook": Weight(2, 3, 1),
    "finance.unattended_charging": Weight(3, 3, 1),
    "finance.payment_file": Weight(1, 2, 0),
    "finance.changes_payments": Weight(2, 3, 1),
    "oversight.removes_control": Weight(3, 4, 1),
    "oversight.control_dropped": Weight(3, 4, 1),
    "oversight.fewer_checks": Weight(3, 3, 1),
    "oversight.exempts": Weight(3, 4, 1),
    "oversight.without_people": Weight(3, 3, 1),
    "oversight.blinds_watchers": Weight(3, 4, 1),
    "oversight.unattended_schema_change": Weight(2, 4, 2),
    "oversight.self_updating_schema": Weight(3, 3, 1),
    "oversight.self_approval": Weight(4, 4, 1),
    "oversight.self_privilege": Weight(4, 4, 1),
    "oversight.conceals": Weight(4, 4, 1),
    "oversight.resists_stop": Weight(4, 4, 1),
    "oversight.addresses_the_judge": Weight(4, 4, 1),
    "oversight.switches_off_in_code": Weight(3, 4, 1),
    "oversight.addresses_the_judge_abroad": Weight(4, 4, 1),
    "oversight.removes_control_abroad": Weight(3, 4, 1),
    "oversight.commands_in_other_script": Weight(3, 4, 1),
    "oversight.disguised_command": Weight(4, 4, 1),
    "oversight.hushes_the_judge": Weight(4, 4, 1),
    "oversight.poses_as_system": Weight(4, 4, 1),
    "oversight.tests_switched_off": Weight(3, 3, 1),
    "oversight.silences_watchers": Weight(3, 4, 1),
    "oversight.hidden_characters": Weight(2, 4, 1),
    "self_change": Weight(4, 4, 1),
    "ai.sets_prices": Weight(3, 3, 1),
    "ai.decides": Weight(2, 2, 1),
    "ai.changes_model": Weight(2, 2, 1),
    "personal_data.plain_password": Weight(1, 3, 1),
    "personal_data.plain_identifier": Weight(1, 3, 1),
    "personal_data.plain_contact": Weight(1, 1, 0),
    "infra.deployment_file": Weight(1, 2, 0),
    "infra.announced_change": Weight(2, 2, 1),
    "infra.weakened": Weight(1, 2, 0),
    "kubernetes": Weight(2, 4, 1),
    "kubernetes.runs_as_root": Weight(1, 3, 1),
    "kubernetes.open_binding": Weight(3, 4, 1),
    "kubernetes.open_service": Weight(2, 3, 2),
    "kubernetes.guards_down": Weight(3, 4, 1),
    "kubernetes.out_of_service": Weight(3, 3, 0),
    "kubernetes.volumes_let_go": Weight(1, 3, 2),
    "cloud": Weight(2, 4, 1),
    "cloud.public_storage": Weight(2, 3, 2),
    "cloud.public_database": Weight(2, 3, 2),
    "cloud.allows_everybody": Weight(2, 3, 2),
    "cloud.no_authentication": Weight(2, 3, 1),
    "cloud.weak_transport": Weight(1, 3, 1),
    "cloud.not_encrypted": Weight(1, 3, 1),
    "cloud.unprotected_data": Weight(1, 4, 2),
    "cloud.destroys_resources": Weight(3, 4, 2),
    "cloud.blinds_the_audit": Weight(3, 4, 1),
    "cloud.ignores_drift": Weight(1, 2, 0),
    "scope.no_bounded_change": Weight(2, 2, 1),
    "scope.many_changes_at_once": Weight(2, 2, 1),
    "incoherent.stub_over_live_route": Weight(2, 3, 1),
    "incoherent.stub": Weight(1, 1, 0),
    "incoherent.empty_function": Weight(0, 1, 0),
    "incoherent.only_comments": Weight(1, 1, 0),
    "incoherent.other_language": Weight(1, 1, 0),
    "incoherent.fence_in_file": Weight(1, 1, 0),
    "incoherent.file_in_file": Weight(1, 1, 0),
    "incoherent.prose_in_code": Weight(1, 1, 0),
    "incoherent.does_not_parse": Weight(1, 1, 0),
    "incoherent.sql_does_not_parse": Weight(2, 1, 0),
    "incoherent.other_database": Weight(2, 1, 0),
    "incoherent.open_transaction": Weight(1, 1, 0),
    "unassessable": Weight(3, 3, 1),
}

# by hazard, for a rule that has no row of its own
WEIGHTS_BY_HAZARD: dict[Hazard, Weight] = {
    Hazard.DESTRUCTIVE_DATA: Weight(2, 3, 2),
    Hazard.SCHEMA_MIGRATION: Weight(2, 2, 1),
    Hazard.FINANCIAL_FLOW: Weight(2, 3, 1),
    Hazard.SECRET_EXPOSURE: Weight(3, 4, 2),
    Hazard.PERSONAL_DATA: Weight(2, 2, 1),
    Hazard.INSECURE_CODE: Weight(2, 3, 1),
    Hazard.INFRA_CHANGE: Weight(1, 2, 1),
    Hazard.AI_DECISION: Weight(2, 2, 1),
    Hazard.OVERSIGHT_EVASION: Weight(3, 4, 1),
    Hazard.INCOHERENT: Weight(1, 1, 0),
    Hazard.SCOPE_OVERREACH: Weight(2, 2, 1),
}
