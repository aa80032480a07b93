"""Optional scopes: what needs one is off where a workspace withholds it, and that is said once."""

import logging
from dataclasses import dataclass, field
from time import monotonic

logger = logging.getLogger(__name__)

# The app may be installed again with more scopes, and no process is told: now and then one refusal is risked. It is less than
# the hour between two looks at the directory.
BELIEVED_SECONDS = 1800.0


@dataclass(frozen=True)
class OptionalScope:
    """A scope of the manifest that a workspace may withhold."""

    name: str
    without: str  # what is done without it, for the log
    action: str
    _refused_at: dict[str, float] = field(default_factory=dict)  # by workspace, as far as is known to this process

    def is_withheld(self, workspace_id: str) -> bool:
        """Whether Slack has said so there before, not too long ago."""
        refused_at = self._refused_at.get(workspace_id)
        return refused_at is not None and monotonic() - refused_at < BELIEVED_SECONDS

    def withhold(self, workspace_id: str) -> None:
        """Slack has just said so."""
        if workspace_id not in self._refused_at:
            logger.warning("%s: the scope %s is missing", self.without, self.name, extra={"action": self.action})
        self._refused_at[workspace_id] = monotonic()
