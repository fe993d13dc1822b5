"""Which files no service can do without, by their names."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.text.central_files import Part, part_of


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("server.js", Part.ENTRY),
        ("./src/app.ts", Part.ENTRY),
        ("/index.mjs", Part.ENTRY),
        ("package.json", Part.MANIFEST),
        ("routes/api.js", Part.ROUTER),
        ("src/routes/index.ts", Part.ROUTER),
        ("api/index.js", Part.ROUTER),
        ("routes/users.js", Part.DOOR),
        ("routes/api/v1/auth.routes.js", Part.DOOR),
        ("api/v2/checkout.js", Part.DOOR),
        ("routes/payment-methods.js", Part.DOOR),
        ("middleware/requireAuth.js", Part.DOOR),
        ("middlewares/jwtMiddleware.js", Part.DOOR),
        ("services/billingService.js", Part.DOOR),
        ("src/services/payments/payment-gateway.ts", Part.DOOR),
        ("config/payments.js", Part.DOOR),
        ("config/express.js", Part.ROUTER),
        ("Dockerfile", Part.START),
        ("./docker-entrypoint.sh", Part.START),
        ("models/index.js", Part.MODELS),
        ("src/models/User.js", Part.MODELS),
        ("config/database.js", Part.DATABASE),
        ("src/db/index.ts", Part.DATABASE),
        ("db.js", Part.DATABASE),
        ("knexfile.js", Part.DATABASE),
        ("config/config.json", Part.DATABASE),
        (".env", Part.SETTINGS),
        (".env.production", Part.SETTINGS),
        ("config/mail.env", Part.SETTINGS),
        ("secrets/database_url", Part.SETTINGS),
        ("routes/preferences.js", None),
        ("routes/userPreferences.js", None),
        ("services/users.js", None),
        ("services/billing-report.js", None),
        ("services/payments/refund-letters.js", None),
        ("conf/payments.js", None),
        ("config/express-setup.js", None),
        ("tools/Dockerfile", None),
        ("scripts/entrypoint.sh", None),
        ("models/note.js", None),
        ("config/redis.js", None),
        ("config/database.yml", None),
        ("packages/dates/index.js", None),
        ("packages/dates/package.json", None),
        ("tests/routes/users.js", None),
        ("docs/server.js", None),
        ("server.test.js", None),
        (".env.example", None),
        ("app.css", None),
        ("", None),
    ],
)
def test_a_name_tells_what_of_a_service_a_file_is(path: str, part: Part | None) -> None:
    assert part_of(path) is part
