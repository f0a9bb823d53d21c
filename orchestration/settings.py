"""Where a home is and what its clock says: the one place that reads the environment.

A home is one folder with everything one installation knows. `home.toml` in it may fix the clock
(`as_at`), mark the home as synthetic and set the coverage that a release needs.
"""

from __future__ import annotations

import os
import sysconfig
import tomllib
import warnings
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT = Path(__file__).resolve().parent.parent
RETURNS_FOLDER = PROJECT / "orchestration" / "defs" / "returns"
DBT_PROJECT = PROJECT / "dbt_project"
EXPECTATIONS = PROJECT / "expectations"
REFERENCE = PROJECT / "seeds" / "reference"
SCRIPTS = Path(sysconfig.get_path("scripts"))  # of this Python: not whatever is on PATH

QUIET = {
    "DO_NOT_TRACK": "1",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "GX_ANALYTICS_ENABLED": "false",
}
WAREHOUSE_VARIABLE = "PATHWAYS_WAREHOUSE"  # what dbt's profile reads
SPARK_VARIABLE = "PATHWAYS_SPARK"  # and its macros for Spark
TARGETS = ("duckdb", "spark")
DAGSTER: dict[str, Any] = {
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    "compute_logs": {  # what libraries print may quote a person, and says nothing that events do not
        "module": "dagster._core.storage.noop_compute_log_manager",
        "class": "NoOpComputeLogManager",
    },
}
DATABASES = {"control_store": "PATHWAYS_CONTROL_STORE", "dagster_storage": "PATHWAYS_DAGSTER_STORAGE"}
"""Settings that name a database, and the variable that goes before each."""


class SettingsError(Exception):
    """The home or its `home.toml` cannot be used; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """One home and its clock.

    `as_at` is the only "now"; `minimum_coverage` is the share (0 to 1) of expected returns that
    must be in use, current or carried forward, before anything is released. `notify_url` is posted
    to and `notify_mail` written to (through `mail_host`) after each run that a sensor watches.
    `landing_area` is a folder or URL (whatever fsspec reaches) to use instead of the home's own inbox.
    `workers` is how many processes take returns in, if nothing else is said one for each core.
    `control_store` and `dagster_storage` are URLs of Postgres databases to use instead of files in the home.
    `target` is the engine that builds the models, one of `TARGETS`; `spark_area` is a URL that Spark reads
    and writes at where it does not see the home.
    """

    home: Path
    as_at: date
    is_synthetic: bool = False
    minimum_coverage: float = 0.5
    notify_url: str = ""
    notify_mail: str = ""
    mail_host: str = "localhost"
    landing_area: str = ""
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    control_store: str = ""
    dagster_storage: str = ""
    target: str = "duckdb"
    spark_area: str = ""

    def __post_init__(self) -> None:
        if self.target not in TARGETS:
            raise SettingsError(f"There is no target '{self.target}'. Known: {', '.join(TARGETS)}.")

    @property
    def landing(self) -> Path:
        """The home's own inbox: one folder a return."""
        return self.home / "landing"

    @property
    def inbox(self) -> str:
        """Where returns land: the folder or URL that `home.toml` names, else the home's own inbox."""
        return self.landing_area or str(self.landing)

    @property
    def vault(self) -> Path:
        """The only place that stores identifiers."""
        return self.home / "vault"

    @property
    def accepted(self) -> Path:
        """Parquet without identifiers."""
        return self.home / "accepted"

    @property
    def builds(self) -> Path:
        """One folder a run that built a warehouse."""
        return self.home / "builds"

    @property
    def candidate(self) -> Path:
        """The warehouse being built, under one path for all: dbt parses anew when its profile changes."""
        return self.builds / "candidate" / "warehouse.duckdb"

    @property
    def profiles(self) -> Path:
        """Folder of dbt's `profiles.yml`: the home, where it has one of its own, else the project."""
        return self.home if (self.home / "profiles.yml").exists() else DBT_PROJECT

    @property
    def releases(self) -> Path:
        """Published releases and `current.json`."""
        return self.home / "releases"

    @property
    def control_db(self) -> Path | str:
        """Where the control store is: an SQLite file in the home, or the URL of a Postgres database."""
        return self.control_store or self.home / "control.db"

    @property
    def lock_file(self) -> Path:
        """Held for the whole of a run, where the control store is a file."""
        return self.home / "refresh.lock"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own instance folder."""
        return self.home / "dagster"

    def aside(self, folder: Path) -> Settings:
        """The same clock and policy on a home in `folder` that shares nothing with this one."""
        return replace(self, home=folder, control_store="", dagster_storage="", landing_area="")


def load_settings(as_at: date | None = None, target: str | None = None) -> Settings:
    """Read `PATHWAYS_HOME` (default `./state`), its `home.toml`, and what the environment says otherwise.

    Raises `SettingsError` for a `home.toml` that cannot be read, or a setting that cannot be used.
    """
    settings = settings_of(Path(os.environ.get("PATHWAYS_HOME", "state")).resolve())
    settings = replace(settings, target=target) if target else settings
    return replace(settings, as_at=as_at) if as_at else settings


def load_home(as_at: date | None = None, target: str | None = None) -> Settings:
    """Settings of a home that is there.

    Raises `SettingsError` where there is none: a mistyped path must not become a new, empty home.
    """
    settings = load_settings(as_at, target)
    if not any((settings.home / name).exists() for name in ("home.toml", "control.db")):
        raise SettingsError(
            f"There is no home at {settings.home}. Make one with 'pathways init', "
            "or name another in PATHWAYS_HOME."
        )
    return settings


def settings_of(home: Path) -> Settings:
    """Settings of a home by its `home.toml` and the environment. Raises `SettingsError`."""
    stated = _home_file(home / "home.toml")
    stated |= {name: os.environ[said] for name, said in DATABASES.items() if said in os.environ}
    for name in DATABASES:
        check_database(name, stated.get(name, ""))
    if clock := os.environ.get("PATHWAYS_AS_AT"):
        try:
            stated["as_at"] = date.fromisoformat(clock)
        except ValueError as error:
            raise SettingsError(f"PATHWAYS_AS_AT is no day: {clock}. Write it as 2026-03-31.") from error
    if target := os.environ.get("PATHWAYS_TARGET"):
        stated["target"] = target
    return replace(Settings(home, date.today()), **stated)


def check_database(name: str, url: str) -> None:
    """Refuse a URL that is none of Postgres, or holds a password: what is no secret may be shown and logged.

    Raises `SettingsError`.
    """
    parts = urlsplit(url)
    if url and parts.scheme.partition("+")[0] != "postgresql":
        raise SettingsError(f"{name} is to be a URL as postgresql+psycopg://user@host/database.")
    if parts.password or "password" in parse_qs(parts.query):
        raise SettingsError(
            f"{name} holds a password. Leave it out of the URL; put it into the file that PGPASSFILE names."
        )


def silence() -> None:
    """Keep libraries from calling home, and from warning of what is not used here; they ask when imported."""
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")  # it gets none


def point_dbt_at(warehouse: Path, spark: str = "") -> None:
    """Tell dbt which warehouse file this process builds, and where Spark's tables lie if not beside it."""
    os.environ[WAREHOUSE_VARIABLE] = str(warehouse)
    os.environ[SPARK_VARIABLE] = spark or f"{warehouse}.spark"


def point_dagster_at(settings: Settings) -> None:
    """Make this process, and those it starts, use the home's own Dagster instance and clock."""
    settings.dagster_home.mkdir(parents=True, exist_ok=True)
    _tell_dagster(settings.dagster_home / "dagster.yaml", settings.dagster_storage)
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["PATHWAYS_HOME"] = str(settings.home)
    os.environ["PATHWAYS_AS_AT"] = settings.as_at.isoformat()
    os.environ["PATHWAYS_TARGET"] = settings.target


def key_file() -> Path | None:
    """Return the mounted file of secrets that `PATHWAYS_KEY_FILE` names; None keeps them in the vault."""
    named = os.environ.get("PATHWAYS_KEY_FILE")
    return Path(named) if named else None


def _tell_dagster(path: Path, storage: str) -> None:
    """Write `dagster.yaml`; of one that is there, only where Dagster's own tables are."""
    import yaml

    known = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    wanted = {name: value for name, value in (known or DAGSTER).items() if name != "storage"}
    if storage:
        _, _, place = storage.partition("://")  # Dagster's SQL is for this driver only
        wanted["storage"] = {"postgres": {"postgres_url": f"postgresql+psycopg2://{place}"}}
    if wanted != known:
        path.write_text(yaml.safe_dump(wanted, sort_keys=False), "utf-8")


def change_home_file(home: Path, **changed: str) -> None:
    """Write settings into `home.toml`, everything else as it is; an empty one is left out."""
    import tomlkit

    path = home / "home.toml"
    document = tomlkit.parse(path.read_text("utf-8") if path.exists() else "")
    for name in changed:
        document.pop(name, None)
    document.update({name: value for name, value in changed.items() if value})
    path.with_suffix(".new").write_text(tomlkit.dumps(document), "utf-8")
    path.with_suffix(".new").replace(path)


def _home_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        stated = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML ({error}). Correct it and try again.") from error
    unknown = set(stated) - ({f.name for f in fields(Settings)} - {"home"})
    if unknown:
        raise SettingsError(f"{path} holds an unknown setting: {', '.join(sorted(unknown))}.")
    return stated
