"""What the image is built from: its steps are not run here, so each thing that they name is looked up."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import sys
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

from orchestration.settings import PROJECT

Step = tuple[str, list[str]]


def steps() -> list[Step]:
    """Instruction and words of each step, the continued lines joined."""
    text = (PROJECT / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], shlex.split(line)[1:]) for line in lines]


def words(instruction: str) -> list[list[str]]:
    return [said for name, said in steps() if name == instruction]


def variables() -> dict[str, str]:
    return dict(one.split("=", 1) for said in words("ENV") for one in said)


def test_what_is_copied_is_there_and_what_is_installed_was_copied() -> None:
    copied = [one for said in words("COPY") for one in said[:-1] if not one.startswith("--")]
    assert all((PROJECT / one).exists() for one in copied)
    assert {"orchestration", "dbt_project", "expectations", "seeds"} <= set(copied)
    locks = re.findall(r"-r (\S+)", " ".join(one for said in words("RUN") for one in said))
    assert locks == ["requirements.lock", "requirements-postgres.lock"]
    assert set(locks) <= set(copied)


def test_it_runs_as_a_user_of_its_own_with_the_home_on_a_volume() -> None:
    made = next(said for said in words("RUN") if said[0] == "useradd")
    uid = made[made.index("--uid") + 1]
    assert words("USER") == [[uid]]
    assert int(uid) > 0
    assert words("VOLUME") == [[variables()["PATHWAYS_HOME"]]]
    assert variables()["PATHWAYS_HOME"] in made
    assert Path(variables()["DAGSTER_HOME"]) == Path(variables()["PATHWAYS_HOME"]) / "dagster"


def test_its_python_is_one_that_the_project_runs_on() -> None:
    ((image,),) = words("FROM")
    wanted = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert image.split(":")[1].removesuffix("-slim") in SpecifierSet(wanted)


def test_what_it_starts_is_there() -> None:
    line = next(
        line for line in (PROJECT / "Containerfile").read_text("utf-8").splitlines() if line.startswith("CMD")
    )
    command = json.loads(line.removeprefix("CMD"))
    assert shutil.which(command[0], path=Path(sys.executable).parent)
    assert importlib.util.find_spec(command[-1])
    ((port,),) = words("EXPOSE")
    assert command[command.index("-p") + 1] == port
    assert f":{port}/" in " ".join(next(iter(words("HEALTHCHECK"))))
