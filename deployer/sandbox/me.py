"""``GET /v1/me`` and ``GET /v2/me``: the app and the company that a key belongs to; no permission is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.sandbox.calls import Call, answer

if TYPE_CHECKING:
    from deployer.sandbox.model import Response


def get_me(call: Call) -> Response:
    """Answer with the five fields of Attentive's OpenAPI files."""
    row = call.db.execute("SELECT company_id, company_name FROM account").fetchone()
    label = re.sub(r"[^a-z0-9]+", "-", row["company_name"].lower()).strip("-") or "company"
    return answer(
        200,
        {
            "applicationName": call.caller.app_name,
            "attentiveDomainName": f"{label}.attn.tv",
            "companyName": row["company_name"],
            "contactEmail": f"developers@{label}.example",
            "companyId": row["company_id"],
        },
    )
