from typing import get_args

import pytest

from orchestration.control.states import TRANSITIONS, IllegalTransition, Status, check_transition


def test_every_state_has_its_transitions() -> None:
    assert set(TRANSITIONS) == set(get_args(Status))


@pytest.mark.parametrize("before", get_args(Status))
@pytest.mark.parametrize("after", get_args(Status))
def test_only_listed_transitions_pass(before: Status, after: Status) -> None:
    if after in TRANSITIONS[before]:
        check_transition(before, after)
    else:
        with pytest.raises(IllegalTransition, match=f"{before} cannot become {after}"):
            check_transition(before, after)


def test_nothing_returns_to_received_and_superseded_is_final() -> None:
    assert not any("received" in after for after in TRANSITIONS.values())
    assert not TRANSITIONS["superseded"]
