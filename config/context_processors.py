"""What every page knows about the product."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, Any]:
    """Name, version and where the source code is (AGPL, section 13)."""
    return {
        "product_version": settings.VERSION,
        "source_code_url": settings.SOURCE_CODE_URL,
        "demo_mode": settings.DEMO_MODE,
    }
