"""How a step fails: in our own words, or as type and place. What an exception quotes goes into no log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.identity.errors import told


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turn what a step body raises into a `dagster.Failure` without cause; also a decorator.

    Dagster keeps the message of an exception, and of everything it was raised from, for ever.
    """
    try:
        yield
    except dg.Failure as failure:
        raise failure from None
    except Exception as error:
        here = error.__traceback__
        body = error.with_traceback(here.tb_next if here else None)
        raise dg.Failure(told(body), allow_retries=False) from None
