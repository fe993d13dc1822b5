"""The table of the severity model: what adds to likelihood (1-5), damage (1-5) and reversibility (1-3), and how much.

Owns every amount: first the weight of each finding, by rule, family or hazard, then what the place it stands in adds.
How they add up, from 1 for each factor, is `severity.py`. A rule without a row has its family's (the name up to the
dot), and a family without one its hazard's.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.assessment.assessment import Contribution, Factor, Hazard


@dataclass(frozen=True, slots=True)
class Weight:
    """What a finding adds to each factor."""

    likelihood: int
    damage: int
    reversibility: int


# by rule, or by a family's name up to its dot: likelihood, damage, reversibility
WEIGHTS: dict[str, Weight] = {
    # data that goes, in words
    "destructive.announced_loss": Weight(2, 3, 2),
    "destructive.skips_backup": Weight(2, 3, 2),
    # statements of SQL
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
    "sql.drop_partition": Weight(3, 4, 2),
    "sql.drop_with_data": Weight(2, 4, 2),
    "sql.overwrite_table": Weight(2, 3, 2),
    "sql.discard_copies": Weight(2, 3, 2),
    "sql.rename": Weight(3, 3, 1),
    "sql.check_rows": Weight(1, 2, 1),
    "sql.drop_constraint": Weight(1, 2, 1),
    "sql.blocking_index": Weight(1, 2, 1),
    "sql.drop_index": Weight(1, 2, 1),
    "sql.drop_object": Weight(2, 2, 1),
    "sql.alter_type": Weight(1, 2, 1),
    "sql.change_owner": Weight(1, 2, 0),
    "sql.checks_off": Weight(1, 2, 1),
    "sql.triggers_off": Weight(3, 3, 1),
    "sql.grant_broadly": Weight(3, 3, 1),
    "sql.run_program": Weight(3, 4, 1),
    "sql.reach_files": Weight(2, 3, 2),
    "sql.definer_rights": Weight(1, 2, 1),
    "sql.alter_server": Weight(2, 3, 1),
    "sql.end_sessions": Weight(2, 2, 0),
    # schemas
    "schema.no_way_down": Weight(1, 2, 1),
    "schema.changed_in_code": Weight(1, 2, 1),
    "schema.announced_migration": Weight(2, 2, 1),
    "schema.migrates_itself": Weight(3, 3, 1),
    # code that destroys data
    "code": Weight(3, 4, 2),
    "code.drops_columns": Weight(3, 3, 2),
    # commands
    "shell.destroys_data": Weight(3, 4, 2),
    "shell.destroys_files": Weight(3, 4, 2),
    "shell.deletes_below_a_variable": Weight(1, 4, 2),
    "shell.wipes_device": Weight(3, 4, 2),
    "shell.destroys_resources": Weight(3, 4, 2),
    "shell.removes_accounts_or_jobs": Weight(3, 3, 2),
    "shell.rewrites_history": Weight(2, 3, 2),
    "shell.discards_work": Weight(1, 2, 2),
    "shell.runs_unseen_code": Weight(2, 4, 1),
    "shell.runs_installer": Weight(1, 3, 1),
    "shell.hands_out_a_shell": Weight(3, 4, 2),
    "shell.opens_permissions": Weight(2, 3, 1),
    "shell.opens_everything": Weight(3, 3, 1),
    "shell.switches_off_check": Weight(2, 3, 1),
    "shell.lowers_defence": Weight(3, 3, 1),
    "shell.takes_host_down": Weight(3, 3, 1),
    "shell.prints_secrets": Weight(3, 3, 2),
    "shell.sends_secrets_out": Weight(3, 4, 2),
    "shell.types_a_password": Weight(2, 3, 2),
    "shell.covers_tracks": Weight(3, 4, 1),
    "shell.stops_watchers": Weight(3, 4, 1),
    "shell.skips_checks": Weight(3, 3, 1),
    "shell.takes_privileges": Weight(3, 4, 1),
    # PowerShell and cmd
    "windows.destroys_files": Weight(3, 4, 2),
    "windows.runs_unseen_code": Weight(2, 4, 1),
    "windows.evades_oversight": Weight(3, 4, 1),
    # images
    "docker.runs_as_root": Weight(1, 2, 1),
    "docker.adds_from_network": Weight(1, 3, 1),
    "docker.keeps_secret": Weight(2, 3, 2),
    "docker.takes_whatever_is_newest": Weight(1, 1, 1),
    "docker.gives_host_away": Weight(2, 4, 1),
    "docker.mounts_docker_socket": Weight(2, 3, 1),
    "docker.opens_database": Weight(1, 3, 1),
    # pipelines
    "ci.strangers_text_in_script": Weight(2, 4, 1),
    "ci.runs_strangers_code_with_rights": Weight(3, 4, 1),
    "ci.asks_for_every_right": Weight(2, 3, 1),
    "ci.allows_unsafe_commands": Weight(2, 3, 1),
    "ci.runs_a_moving_action": Weight(1, 3, 1),
    "ci.strangers_on_own_runner": Weight(2, 3, 1),
    "ci.hands_out_every_secret": Weight(2, 3, 2),
    "ci.approves_by_itself": Weight(2, 3, 1),
    # secrets
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
    "secrets.written_in_settings": Weight(1, 2, 0),
    # personal data
    "personal_data.plain_password": Weight(1, 3, 1),
    "personal_data.plain_identifier": Weight(1, 3, 1),
    "personal_data.card_number": Weight(1, 3, 2),
    "personal_data.bank_account": Weight(1, 3, 2),
    "personal_data.national_identifier": Weight(1, 3, 2),
    "personal_data.phone_number": Weight(1, 2, 2),
    "personal_data.logged": Weight(1, 2, 2),
    "personal_data.written_to_file": Weight(1, 2, 1),
    "personal_data.sent_to_others": Weight(1, 3, 2),
    "personal_data.in_address": Weight(1, 2, 2),
    "personal_data.exported": Weight(1, 3, 2),
    "personal_data.given_away": Weight(2, 3, 2),
    "personal_data.watches_people": Weight(1, 3, 1),
    "personal_data.plain_contact": Weight(1, 1, 0),
    # money
    "finance.payout": Weight(2, 3, 2),
    "finance.refund": Weight(1, 3, 1),
    "finance.charge": Weight(1, 3, 1),
    "finance.client_sets_amount": Weight(2, 3, 1),
    "finance.unverified_webhook": Weight(2, 3, 1),
    "finance.unattended_charging": Weight(3, 3, 1),
    "finance.payment_file": Weight(1, 2, 0),
    "finance.changes_payments": Weight(2, 3, 1),
    "finance.payment_route": Weight(1, 2, 1),
    "finance.payment_part": Weight(0, 2, 0),
    "finance.payment_client": Weight(0, 2, 0),
    "finance.payment_table": Weight(0, 1, 0),
    "finance.planned_charge": Weight(1, 2, 0),
    "finance.moves_balance": Weight(1, 3, 1),
    "finance.price_logic": Weight(0, 2, 1),
    "finance.given_away": Weight(2, 3, 1),
    "finance.fraud_checks_off": Weight(3, 4, 1),
    "finance.changes_payee": Weight(2, 3, 2),
    "finance.test_key_in_production": Weight(2, 2, 0),
    "finance.repeated_charge": Weight(2, 3, 1),
    "finance.no_idempotency_key": Weight(1, 2, 0),
    "finance.told_webhook_secret": Weight(2, 3, 1),
    # insecure code
    "insecure.open_to_every_origin": Weight(1, 2, 0),
    # decisions of models
    "ai.sets_prices": Weight(3, 3, 1),
    "ai.decides": Weight(2, 2, 1),
    "ai.changes_model": Weight(2, 2, 1),
    "ai.decides_about_lives": Weight(3, 3, 1),
    "ai.protected_attribute": Weight(3, 3, 1),
    "ai.moves_threshold": Weight(2, 2, 1),
    "ai.score_decides": Weight(2, 3, 1),
    "ai.answer_decides": Weight(3, 3, 1),
    "ai.predicts_people": Weight(1, 2, 1),
    "ai.protected_feature": Weight(3, 3, 1),
    "ai.threshold_in_code": Weight(1, 2, 1),
    "ai.learns_from_users": Weight(2, 2, 1),
    # oversight
    "oversight.removes_control": Weight(3, 4, 1),
    "oversight.control_dropped": Weight(3, 4, 1),
    "oversight.removes_protection": Weight(3, 4, 1),
    "oversight.hollows_control": Weight(3, 4, 1),
    "oversight.hollow_guard": Weight(3, 4, 1),
    "oversight.fewer_checks": Weight(3, 3, 1),
    "oversight.exempts": Weight(3, 4, 1),
    "oversight.without_people": Weight(3, 3, 1),
    "oversight.blinds_watchers": Weight(3, 4, 1),
    "oversight.unattended_schema_change": Weight(2, 4, 2),
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
    # the gate itself
    "self_change": Weight(4, 4, 1),
    # deployment
    "infra.deployment_file": Weight(1, 2, 0),
    "infra.live_settings": Weight(1, 2, 0),
    "infra.connection_settings": Weight(1, 2, 0),
    "infra.manifest": Weight(1, 2, 0),
    "infra.start_settings": Weight(1, 2, 0),
    "infra.announced_change": Weight(2, 2, 1),
    "infra.weakened": Weight(1, 2, 0),
    # clusters
    "kubernetes": Weight(2, 4, 1),
    "kubernetes.runs_as_root": Weight(1, 3, 1),
    "kubernetes.open_binding": Weight(3, 4, 1),
    "kubernetes.open_service": Weight(2, 3, 2),
    "kubernetes.guards_down": Weight(3, 4, 1),
    "kubernetes.out_of_service": Weight(3, 3, 0),
    "kubernetes.volumes_let_go": Weight(1, 3, 2),
    # clouds
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
    # scope
    "scope.no_bounded_change": Weight(2, 2, 1),
    "scope.changes_everything": Weight(2, 2, 1),
    "scope.changes_itself": Weight(3, 3, 1),
    "scope.many_changes_at_once": Weight(2, 2, 1),
    # a central file that no longer does its job
    "overwrite": Weight(2, 3, 1),
    "overwrite.no_dependencies": Weight(3, 3, 1),
    # files that are not what they claim to be
    "incoherent.stub": Weight(1, 1, 0),
    "incoherent.empty_function": Weight(0, 1, 0),
    "incoherent.only_comments": Weight(1, 1, 0),
    "incoherent.other_language": Weight(1, 1, 0),
    "incoherent.fence_in_file": Weight(1, 1, 0),
    "incoherent.file_in_file": Weight(1, 1, 0),
    "incoherent.prose_in_code": Weight(1, 1, 0),
    "incoherent.does_not_parse": Weight(1, 1, 0),
    "incoherent.comment_in_json": Weight(1, 1, 0),
    "incoherent.exports_nothing": Weight(1, 1, 0),
    "incoherent.undefined_name": Weight(1, 1, 0),
    "incoherent.serves_nothing": Weight(1, 1, 0),
    "incoherent.leads_nowhere": Weight(1, 1, 0),
    "incoherent.sql_does_not_parse": Weight(2, 1, 0),
    "incoherent.other_database": Weight(2, 1, 0),
    "incoherent.open_transaction": Weight(1, 1, 0),
    # what could not be read
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

# a file that is written, whatever stands in it
CENTRAL_FILE_WRITTEN = (
    Contribution(Factor.LIKELIHOOD, +1, "model.central_file_written"),
    Contribution(Factor.DAMAGE, +2, "model.central_file_written"),
)
LIVE_FILE_WRITTEN = (
    Contribution(Factor.LIKELIHOOD, +1, "model.live_file_written"),
    Contribution(Factor.DAMAGE, +1, "model.live_file_written"),
)
SCRATCH_FILE_WRITTEN = (Contribution(Factor.DAMAGE, +1, "model.code_that_could_be_loaded"),)

# a central file (the entry, the manifest, the router, ... of `central_files.py`) no longer does what the service needs
CENTRAL_FILE_LOST = Contribution(Factor.LIKELIHOOD, +1, "model.central_file_lost")
LOSSES = "overwrite"

# where a finding stands, for hazards that take effect by running; told secrets and evasions take effect by being there
LIVE_FILE = Contribution(Factor.LIKELIHOOD, +1, "model.live_file_overwritten")
LIVE_FILE_BROKEN = Contribution(Factor.DAMAGE, +1, "model.live_file_broken")
SCRATCH_FILE = Contribution(Factor.LIKELIHOOD, -1, "model.nothing_loads_the_file")
SCRATCH_FILE_IDLE = (
    Contribution(Factor.DAMAGE, -1, "model.nothing_runs_the_file"),
    Contribution(Factor.REVERSIBILITY, -1, "model.nothing_runs_the_file"),
)
RUNS_BY_ITSELF = Contribution(Factor.LIKELIHOOD, +1, "model.migration_runs_by_itself")
STOP_A_MIGRATION = frozenset(
    {
        "incoherent.fence_in_file",
        "incoherent.file_in_file",
        "incoherent.prose_in_code",
        "incoherent.other_language",
    }
)
CANNOT_RUN = Contribution(Factor.LIKELIHOOD, -1, "model.holds_another_language")
CANNOT_LOAD = Contribution(Factor.LIKELIHOOD, -1, "model.cannot_be_loaded")
KEEP_IT_FROM_LOADING = frozenset({"incoherent.does_not_parse", "incoherent.exports_nothing"})
TAKE_EFFECT_LOADED = frozenset({Hazard.INSECURE_CODE, Hazard.FINANCIAL_FLOW, Hazard.AI_DECISION})
BREAKS_WHAT_LOADS_IT = frozenset({Hazard.INCOHERENT})
LOADED_AS_CODE = frozenset({"javascript", "python", "ruby", "go", "sql", "shell"})
IDLE_UNLESS_LOADED = frozenset({Hazard.INCOHERENT, Hazard.INSECURE_CODE, Hazard.FINANCIAL_FLOW})
TAKE_EFFECT_UNRUN = frozenset({Hazard.SECRET_EXPOSURE, Hazard.OVERSIGHT_EVASION})

# code and commands that stand in a document to be read: somebody would have to copy and run them, which leaves every
# row the least likelihood (1, or 2 for the surest rules)
ONLY_SHOWN = Contribution(Factor.LIKELIHOOD, -3, "model.only_shown_in_a_document")
SHOWN_HARMLESSLY = frozenset(Hazard) - {
    Hazard.SECRET_EXPOSURE,
    Hazard.OVERSIGHT_EVASION,
    Hazard.SCOPE_OVERREACH,
}

# a concrete way back in the text, for hazards that it can undo
WAY_BACK = Contribution(Factor.REVERSIBILITY, -1, "model.rollback_stated")
UNDONE_BY_WAY_BACK = frozenset(
    {Hazard.DESTRUCTIVE_DATA, Hazard.SCHEMA_MIGRATION, Hazard.INFRA_CHANGE, Hazard.INCOHERENT}
)

# a loosely described programme that can do several kinds of harm at once: nobody can watch all of them
PROGRAMME = "scope.many_changes_at_once"
MANY_KINDS = Contribution(Factor.LIKELIHOOD, +1, "model.many_kinds_of_harm")
LEAST_KINDS = 3
LIKELY = 3
KINDS_OF_HARM = frozenset(Hazard) - {Hazard.SCOPE_OVERREACH, Hazard.INCOHERENT}
