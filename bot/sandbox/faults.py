"""Faults on demand: what a real network and a real Slack do now and then."""

from dataclasses import dataclass

KINDS = ("429", "500", "503", "timeout", "reset_before", "reset_after", "slow", "garbage")


@dataclass
class Fault:
    """Something that goes wrong with a method (`*` is any); `error:…` is one of Slack's own errors.

    It strikes `times` times, by default once; with `every` each so-manieth call, by default without end.
    """

    method: str
    kind: str
    times: int | None = None
    retry_after: int = 1
    seconds: float = 0.05
    every: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not self.kind.startswith("error:"):
            raise ValueError(f"no fault «{self.kind}»; there are {', '.join(KINDS)} and error:<slack's word>")
        if self.times is None and self.every is None:
            self.times = 1
        self.calls = 0

    def strikes(self) -> bool:
        """Whether it strikes this call of its method."""
        self.calls += 1
        if self.calls % (self.every or 1):
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self.coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """One more."""
        self.coming.append(fault)

    def next_for(self, method: str) -> Fault | None:
        """The fault that strikes this call, if any; the last time it is then used up."""
        for fault in self.coming:
            if fault.method in (method, "*") and fault.strikes():
                if fault.times == 0:
                    self.coming.remove(fault)
                return fault
        return None
