"""What a file holds that anybody may have written."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypeIs


def is_object(content: object) -> TypeIs[dict[str, Any]]:
    """Whether it has names for its parts, as a JSON object and a state dict have."""
    return isinstance(content, dict)
