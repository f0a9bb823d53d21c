"""Rows of people who are in a register already: they come back, are sent again, or are sent twice."""

from __future__ import annotations

import random
from dataclasses import replace

from seeds.returns.journeys import Journey
from seeds.returns.model import after
from seeds.returns.people import weighted
from seeds.returns.volumes import SOURCES, Volumes


def second_referrals(rng: random.Random, volumes: Volumes, rows: dict[str, Journey]) -> list[Journey]:
    """Re-entries, second referrals without a start, and duplicates; `rows`: first referrals by reference."""
    return _re_entries(rng, volumes, rows) + _again(rng, volumes, rows) + _duplicates(rng, volumes, rows)


def _re_entries(rng: random.Random, volumes: Volumes, rows: dict[str, Journey]) -> list[Journey]:
    """Second spells: every other one under a new reference, so that only the person tells."""
    candidates = [
        j
        for j in rows.values()
        if j.end and j.end_reason != "job" and after(j.end, 45) <= volumes.last and j.person.nino
    ]
    extra = []
    for i, old in enumerate(rng.sample(candidates, volumes.re_entries)):
        referral = after(old.end or old.referral, rng.randint(5, 20))
        start = after(referral, rng.randint(5, 15))
        has_new_ref = i % 2 == 0
        extra.append(
            replace(
                old,
                ref=f"{volumes.prefix}-{9000 + i:04d}" if has_new_ref else old.ref,
                episode=1 if has_new_ref else 2,
                referral=referral,
                start=start,
                end=None,
                end_reason="",
                job=None,
                placement=None,
            )
        )
    return extra


def _again(rng: random.Random, volumes: Volumes, rows: dict[str, Journey]) -> list[Journey]:
    waiting = [j for j in rows.values() if not j.start and after(j.referral, 70) <= volumes.last]
    return [
        replace(j, episode=2, referral=after(j.referral, rng.randint(25, 60)), triage="redirected")
        for j in rng.sample(waiting, volumes.again)
    ]


def _duplicates(rng: random.Random, volumes: Volumes, rows: dict[str, Journey]) -> list[Journey]:
    candidates = [j for j in rows.values() if after(j.referral, 20) <= volumes.last]
    return [
        Journey(
            ref=j.ref,
            person=j.person,
            referral=after(j.referral, rng.randint(1, 18)),
            source=weighted(rng, SOURCES),
            triage="duplicate",
            episode=None,
        )
        for j in rng.sample(candidates, volumes.duplicates)
    ]
