"""What may be told of an error: our own words, else its type and place, never what it quotes."""

from __future__ import annotations

import traceback
from pathlib import Path

from orchestration.control.refusals import refusal

ROOM = "orchestration"


class IdentityError(Exception):
    """Something about who people are cannot be done; the message says what to do and names nobody."""


class VaultError(IdentityError):
    """The vault cannot do what was asked."""


class KeysError(IdentityError):
    """The keys cannot be used; the message holds no secret."""


def told(error: Exception) -> str:
    """What may be said outside the vault; an exception that is not ours may quote a person."""
    if type(error).__module__.split(".")[0] == ROOM:
        return str(error)
    if (said := refusal(error)) is not None:
        return said
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if ROOM in Path(frame.filename).parts] or list(frames)
    place = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
    return (
        f"Something unforeseen went wrong ({type(error).__name__} in {place}). Its message is not shown, "
        "because it may quote a person. Please tell whoever maintains Pathways this type and place."
    )
