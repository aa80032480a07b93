"""Faults on demand: what a real network and a real Slack do now and then."""

import random
from dataclasses import dataclass

BEFORE = ("429", "500", "503", "timeout", "reset_before", "slow", "garbage")
AFTER = ("500_after", "timeout_after", "reset_after", "garbage_after", "slow_after")  # though it took effect
KINDS = BEFORE + AFTER


@dataclass
class Fault:
    """Something that goes wrong with a method (`*` is any); `error:…` is one of Slack's own errors.

    It strikes `times` times, by default once; with `every` each so-manieth call, with `share` (0 to 1) that share of them by
    chance, both by default without end. `struck` says how often it did.
    """

    method: str
    kind: str
    times: int | None = None
    retry_after: int = 1
    seconds: float = 0.05
    every: int | None = None
    share: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS and not self.kind.startswith("error:"):
            raise ValueError(f"no fault «{self.kind}»; there are {', '.join(KINDS)} and error:<slack's word>")
        if self.times is None and self.every is None and self.share is None:
            self.times = 1
        self.calls = self.struck = 0
        self._chance = random.Random(self.seed)  # noqa: S311 — no secret: it only has to be repeatable

    def strikes(self) -> bool:
        """Whether it strikes this call of its method."""
        self.calls += 1
        if self.calls % (self.every or 1) or (self.share is not None and self._chance.random() >= self.share):
            return False
        self.struck += 1
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
