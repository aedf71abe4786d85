"""config.yaml as values; the only reader of the environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """What all sections share: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Network(Section):
    """How Linkwell reaches the internet, and how politely."""

    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: tuple[str, ...] = ()
    ca_file: Path | None = None
    allow_private: bool = False
    contact: str | None = None
    per_host: int = Field(default=4, ge=1, le=64)
    starts_per_second: float = Field(default=20, gt=0)
    connect_timeout: timedelta = timedelta(seconds=10)
    read_timeout: timedelta = timedelta(seconds=20)
    link_budget: timedelta = timedelta(seconds=60)
    attempts: int = Field(default=3, ge=1, le=10)
    longest_wait: timedelta = timedelta(seconds=30)
    redirects: int = Field(default=10, ge=0, le=50)
