"""Why a rule says yes or no: reasons as codes with facts and a citation. The words are the templates'.

Decided: a Refusal is a value, not an exception: the person is told everything that stands in the way at once, and what is met as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.domain.lawbook import Value


@dataclass(frozen=True)
class Reason:
    """One condition. `met` None: the app cannot know, the office looks at it. `facts` are the numbers and days for the sentence."""

    code: str
    met: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    citation: Value | None = None


@dataclass(frozen=True)
class Refusal:
    """Not now: `reasons` holds every condition, `unmet` those that stand in the way."""

    reasons: tuple[Reason, ...]

    @property
    def unmet(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.met is False)
