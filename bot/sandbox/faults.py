"""Faults on demand: what a real network and a real Slack do now and then."""

from dataclasses import dataclass

KINDS = ("429", "500", "503", "timeout", "reset_before", "reset_after", "slow", "garbage")


@dataclass
class Fault:
    """Something that goes wrong `times` times with a method; `error:…` is one of Slack's own errors."""

    method: str
    kind: str
    times: int = 1
    retry_after: int = 1
    seconds: float = 0.05


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self.coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """One more. ValueError for a kind that does not exist."""
        if fault.kind not in KINDS and not fault.kind.startswith("error:"):
            raise ValueError(f"no fault «{fault.kind}»; there are {', '.join(KINDS)} and error:<slack's word>")
        self.coming.append(fault)

    def next_for(self, method: str) -> Fault | None:
        """The fault that strikes this call, if any; it is then used up."""
        for fault in self.coming:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self.coming.remove(fault)
                return fault
        return None
