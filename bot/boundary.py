"""Where a failure stays: the few places at which one bad thing must not stop the others."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Boundary:
    """Whether what was tried inside failed."""

    failed: bool = False


@contextmanager
def failures_stay(
    logger: logging.Logger,
    told: str,
    *,
    action: str,
    level: int = logging.ERROR,
    unless: tuple[type[Exception], ...] = (),
    **about: object,
) -> Iterator[Boundary]:
    """Whatever fails inside is logged, with its trace if it is an error, and goes no further.

    What is in `unless` passes: an outage is nobody's own failure, and whoever waits for it must hear of it.
    """
    boundary = Boundary()
    try:
        yield boundary
    except unless:
        raise
    except Exception:
        boundary.failed = True
        logger.log(level, told, exc_info=level >= logging.ERROR, extra={"action": action, **about})
