"""
What can be set from outside, read once at start.

Every setting has a default, so that `make up` works on a fresh clone. Values come from the
environment (prefix `MAKEGOOD_`) or from a `.env` file beside the Makefile.
"""

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.obstacles import CannotStart

ROOT = Path(__file__).resolve().parent.parent


class BrokenSettings(CannotStart):
    """A setting cannot be used; the text says which one and what to do."""


class Settings(BaseSettings):
    """Addresses, places and limits of one running house."""

    model_config = SettingsConfigDict(
        env_prefix="MAKEGOOD_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    actions_port: int = Field(default=5055, ge=1, le=65535)
    state: Path = Path("var")
    project: Path = ROOT
    """The Rasa project that the workbench writes and trains: a checkout of ours."""
    rulebook: Path = ROOT / "rulebook"
    templates: Path = ROOT / "templates"
    database_url: str = Field(default="", pattern=r"^(sqlite:///.+|postgresql(\+psycopg)?://.+)?$")
    bus_url: str = ""
    public_url: str = ""
    trusted_proxies: str = ""
    """Addresses whose X-Forwarded-For is believed, comma separated; nobody's by default."""
    turn_deadline: float = Field(default=10.0, gt=0, le=120)
    """Seconds after which a message without an answer goes to a person."""
    gateway: Literal["ledger", "webhook"] = "ledger"
    """Who carries remedies out: the seller by hand, or their own system (docs/WEBHOOK.md)."""
    gateway_url: str = Field(default="", repr=False)
    gateway_status_url: str = Field(default="", repr=False)
    gateway_secret: str = Field(default="", repr=False)
    gateway_timeout: float = Field(default=15.0, gt=0, le=120)
    """Seconds for a whole call to the seller's system."""
    worker: Literal["embedded", "separate"] = "embedded"
    """Where remedies are sent from: the web process, or `makegood worker`."""
    smtp_url: str = Field(default="", repr=False)
    """Whoever takes e-mails, such as smtp://user:password@mail.example:587 (docs/DESK.md)."""
    mail_from: str = ""
    """The address that e-mails come from, such as My Shop <desk@shop.example>."""
    alert_mail_to: str = ""
    """Who is told of deadlines at the desk by e-mail, comma separated."""
    alert_webhook_url: str = Field(default="", repr=False)
    alert_webhook_secret: str = Field(default="", repr=False)
    """A system of the seller's that is told the same by a signed call."""
    training_priority: Literal["idle", "nice", "normal"] = "idle"
    """What a training that the workbench begins gets of the processors while others want them."""
    collect: Literal["nightly", "hourly", "never"] = "nightly"
    """When messages of conversations come into the training inbox by themselves (at 2:47 UTC)."""
    session_days: int = Field(default=30, ge=1, le=365)
    log_level: str = "INFO"

    @property
    def state_dir(self) -> Path:
        """The folder of everything that must survive a restart, absolute."""
        return self.state if self.state.is_absolute() else ROOT / self.state

    @property
    def store_url(self) -> str:
        """Where the store is: PostgreSQL by URL, or a SQLite file in the state folder."""
        return self.database_url or f"sqlite:///{self.state_dir / 'makegood.db'}"

    @property
    def web_url(self) -> str:
        """The address that buyers reach us at."""
        return (self.public_url or self.local_url).rstrip("/")

    @property
    def desk_url(self) -> str:
        """Where agents answer."""
        return f"{self.web_url}/desk"

    @property
    def local_url(self) -> str:
        """The address at which this machine reaches the web process."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def rasa_url(self) -> str:
        """Rasa listens on loopback only."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """The action server listens on loopback only."""
        return f"http://127.0.0.1:{self.actions_port}"

    @cached_property
    def actions_secret(self) -> str:
        """What web, rasa and actions show each other before they talk."""
        return os.environ.get("MAKEGOOD_ACTIONS_SECRET") or self.secret("actions")

    def secret(self, name: str) -> str:
        """A secret of this installation, made on first use and kept with mode 600."""
        return keep_secret(self.state_dir / "secrets" / name)


def keep_secret(path: Path) -> str:
    """The secret in that file, made on first use and kept with mode 600."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole beside its place, then linked: of two processes starting at
        # once one wins, and neither reads a half-written file.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()

    return path.read_text("ascii").strip()


def get_settings() -> Settings:
    """The settings as the environment has them now; `BrokenSettings` names the wrong one."""
    try:
        return Settings()
    except UnicodeDecodeError as error:
        raise BrokenSettings(".env is not UTF-8 text. Save it as UTF-8 and start again.") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = "MAKEGOOD_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BrokenSettings(
            f"{name}={first['input']!r}: {first['msg']}. Correct it in the "
            "environment or in .env and start again."
        ) from error
