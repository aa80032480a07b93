"""Optional scopes: what needs one is off where a workspace withholds it, and that is said once."""

import logging
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OptionalScope:
    """A scope of the manifest that a workspace may withhold."""

    name: str
    without: str  # what is done without it, for the log
    action: str
    _withheld_by: set[str] = field(default_factory=set)  # workspaces, as far as is known to this process

    def is_withheld(self, workspace_id: str) -> bool:
        """Whether Slack has said so there before."""
        return workspace_id in self._withheld_by

    def withhold(self, workspace_id: str) -> None:
        """Slack has just said so."""
        if workspace_id not in self._withheld_by:
            self._withheld_by.add(workspace_id)
            logger.warning("%s: the scope %s is missing", self.without, self.name, extra={"action": self.action})
