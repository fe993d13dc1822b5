"""Tokens of services that send messages, and addresses to which anybody may post."""

from __future__ import annotations

from gatekeeper.assessment.secrets.checksums import decoded
from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex, token

_DISCORD_BOT = "MTE3OTQ2MzgyMDU3NDYxODMwMg." + "GxQ7Lm." + made_up(38)


def _names_discord_bot(text: bytes) -> bool:
    return decoded(text.partition(b".")[0]).isdigit()


FORMATS = (
    token(
        "slack_token",
        "A Slack token or webhook",
        r"\bxox[abeprs]-(?:[0-9]-)?[0-9A-Za-z-]{20,}|\bxapp-[0-9]-[A-Z0-9]{8,}-[0-9]{8,}-[a-z0-9]{32,}|"
        r"\bhooks\.slack\.com/(?:services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}|(?:workflows|"
        r"triggers)/T[A-Z0-9]{6,}/[A-Z0-9]{6,}(?:/[0-9]{6,})?)"
        r"/[A-Za-z0-9]{20,}",
        "xoxb-" + "204857361923-" + made_up(24),
        "xoxb-your-token-goes-here-please",
        "https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24,
    ),
    token(
        "twilio_key",
        "A Twilio key",
        r"\bSK[0-9a-f]{32}\b|(?i)\btwilio[\w.-]{0,20}(?:token|secret)[\"']?\s*(?:=>|[:=])\s*[\"']?([0-9a-f]{32})\b|"
        r"\b(?-i:AC)[0-9a-f]{32}[\"'`]?\s*[,:]\s*[\"'`]?[0-9a-f]{32}\b",
        "SK" + made_up_hex(32),
        "TWILIO_ACCOUNT_SID=AC" + made_up_hex(32),
        "SK" + "0" * 32,
    ),
    token(
        "sendgrid_key",
        "A SendGrid key",
        r"\b(?i:SG)\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}",
        "SG." + made_up(22) + "." + made_up(43),
        "SG.your_key_goes_here.and_the_rest_of_it_comes_after_the_dot",
    ),
    token(
        "mailgun_key",
        "A Mailgun key",
        r"\bkey-[0-9a-f]{32}\b|\b[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}\b",
        "key-" + made_up_hex(32),
        "key-" + "0" * 32,
        "key-value-pairs-of-the-cache",
    ),
    token(
        "mailchimp_key",
        "A Mailchimp key",
        r"\b[0-9a-f]{32}-us[0-9]{1,2}\b",
        made_up_hex(32) + "-us14",
        "region-us14",
    ),
    token(
        "mail_service_key",
        "A Brevo, Resend, Postmark or Mandrill key",
        r"\bxkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}\b|\bre_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}\b|"
        r"\bmd-[A-Za-z0-9_-]{22}(?:[^A-Za-z0-9_-]|$)",
        "xkeysib-" + made_up_hex(64) + "-" + made_up(16),
        "re_export_everything_from_here",
    ),
    token(
        "discord_token",
        "A Discord bot token or webhook",
        r"\b([MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38})",
        _DISCORD_BOT,
        "Mxxxxxxxxxxxxxxxxxxxxxxx.xxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "MaximumNumberOfCustomers" + ".inside.theCollectionOfAllTheOrders",
        holds=_names_discord_bot,
    ),
    token(
        "discord_webhook",
        "A Discord or Teams address to which anybody may post",
        r"\bdiscord(?:app)?\.com/api/(?:v[0-9]+/)?webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,}|"
        r"\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}",
        "https://discord.com/api/webhooks/118305927461830274/" + made_up(68),
        "https://discord.com/api/webhooks/{id}/{token}",
    ),
    token(
        "telegram_token",
        "A Telegram bot token",
        r"(?:^|[^0-9A-Za-z])(?:bot)?([0-9]{8,10}:A[A-Za-z0-9_-]{34})(?:[^A-Za-z0-9_-]|$)",
        "6084172953:AA" + made_up(33),
        "6084172953:AA" + "x" * 33,
    ),
    token(
        "facebook_token",
        "A Facebook or Twitter token",
        r"\bEAA[A-Za-z0-9]{100,}|\b[0-9]{15,16}\|[A-Za-z0-9_-]{27}\b|\bA{22}[A-Za-z0-9%]{80,100}",
        "EAACEdEose0c" + made_up(140),
        "EAACEdEose0c is how it begins",
    ),
    token(
        "intercom_token",
        "A HubSpot, Intercom or Zendesk token",
        r"\bpat-(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|"
        r"\bdG9rO[A-Za-z0-9=]{54,60}",
        "pat-eu1-3f7a1c52-9be4-4d08-a6f1-5c72e80b9d34",
        "pat-eu1 is a region",
    ),
)
