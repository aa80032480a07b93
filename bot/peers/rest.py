"""Who rests from peer rounds. Pure."""

from collections.abc import Sequence


def rests(heard: Sequence[bool], after: int) -> bool:
    """Whether someone rests: nothing was heard from them in each of the last `after` rounds in which they took part.

    `heard` tells of their rounds, the newest last. ValueError if `after` is less than 1.
    """
    if after < 1:
        raise ValueError("nobody rests after no round at all")
    return len(heard) >= after and not any(heard[-after:])
