"""Tokens of payment services and shops."""

from __future__ import annotations

from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex, token

FORMATS = (
    token(
        "stripe_key",
        "A live Stripe key",
        r"\b(?:(?:sk|rk)_(?:live|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{32,64}={0,2})",
        "sk_live_" + made_up(24),
        "sk_test_" + made_up(24),
        "pk_live_" + made_up(24),
        "STRIPE_KEY=sk_live_your_key_here",
        "sk_live_" + "x" * 24,
    ),
    token(
        "square_token",
        "A Square token",
        r"\bsq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,43}|\bEAAA[lE][A-Za-z0-9_-]{59}(?:[^A-Za-z0-9_-]|$)",
        "sq0csp-" + made_up(43),
        "sq0idp-your-application-id-here",
    ),
    token(
        "braintree_token",
        "A Braintree token",
        r"\baccess_token\$(?i:production)\$[a-z0-9]{16}\$[a-f0-9]{32}\b",
        "access_token$production$" + made_up_hex(16) + "$" + made_up_hex(32),
        "access_token$sandbox$" + made_up_hex(16) + "$" + made_up_hex(32),
    ),
    token(
        "shopify_token",
        "A Shopify token",
        r"\bshp(?:at|ca|pa|ss|tka|ua)_[a-fA-F0-9]{32}\b",
        "shpat_" + made_up_hex(32),
        "shpat_" + "x" * 32,
    ),
    token(
        "flutterwave_key",
        "A Flutterwave, Paystack, Razorpay or Mollie key",
        r"\bFLWSECK-[a-zA-Z0-9]{12,40}-X\b|\bsk_live_[a-f0-9]{40}\b|\brzp_live_[A-Za-z0-9]{14}\b|"
        r"\blive_[A-Za-z0-9]{30}\b",
        "rzp_live_" + made_up(14),
        "rzp_test_" + made_up(14),
    ),
    token(
        "adyen_key",
        "An Adyen, Lob, EasyPost or Plaid key",
        r"\bAQE[a-zA-Z0-9]{1,6}[A-Za-z0-9+/=]{60,}-[A-Za-z0-9+/=]{20,}-[^\s\"']{10,}|\bEZAK[A-Za-z0-9]{54}\b|"
        r"\blive_[a-f0-9]{35}\b|"
        r"\baccess-production-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "EZAK" + made_up(54),
        "EZTK" + made_up(54),
    ),
    token(
        "duffel_key",
        "A GoCardless, Duffel or Coinbase key",
        r"\b(?:live_[A-Za-z0-9_=-]{40}|duffel_live_[A-Za-z0-9_=-]{43})(?:[^A-Za-z0-9_=-]|$)",
        "duffel_live_" + made_up(43),
        "duffel_test_" + made_up(43),
    ),
)
