"""How somebody gets in at the desk: passwords, one-time links, sessions, wrong tries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.casework.agents import Agent

LINK_LASTS: Final = timedelta(hours=24)
IDLE: Final = timedelta(hours=12)
"""A session that nobody used for so long is over."""
LONGEST_SESSION: Final = timedelta(days=7)
TRIES_COUNT_FOR: Final = timedelta(minutes=15)
MOST_TRIES_OF_EMAIL: Final = 5
MOST_TRIES_OF_IP: Final = 20
"""More than of an e-mail: a whole team may sit behind one address."""
LONGEST_PASSWORD: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    An agent with what they sign in by.

    `password_hash` is None until their first link was used. `totp_step` is the last step whose
    code was used; while it is None, the secret was shown but no code of it was ever given.
    """

    agent: Agent
    password_hash: str | None = field(default=None, repr=False)
    totp_secret: str | None = field(default=None, repr=False)
    totp_step: int | None = None
    created_at: datetime

    @property
    def has_totp(self) -> bool:
        """Whether a code is asked for beside the password."""
        return self.totp_secret is not None and self.totp_step is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A one-time link; `agent_id` is None for the first owner's, who is nobody yet."""

    agent_id: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        """Whether it may be used."""
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSession:
    """Somebody who is signed in. `expires_at` is the end that nothing puts off."""

    token_hash: str = field(repr=False)
    account: Account
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def lives(self, now: datetime) -> bool:
        """Whether it lets its agent in."""
        return not self.account.agent.disabled and now < min(self.expires_at, self.seen_at + IDLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """When it was tried in vain lately, the oldest first: for an e-mail, and from an address."""

    of_email: tuple[datetime, ...]
    of_ip: tuple[datetime, ...]

    def locked_until(self) -> datetime | None:
        """When it may be tried again; None if it may now."""
        ends = [
            times[-most] + TRIES_COUNT_FOR
            for times, most in (
                (self.of_email, MOST_TRIES_OF_EMAIL),
                (self.of_ip, MOST_TRIES_OF_IP),
            )
            if len(times) >= most
        ]

        return max(ends, default=None)


class Keys(Protocol):
    """Passwords and the codes of authenticator apps. Slow on purpose: never inside a unit."""

    def hash(self, password: str) -> str:
        """What is stored of a password."""

    def is_right(self, password: str, password_hash: str | None) -> bool:
        """Whether it is that password; where there is none, as much work for a no."""

    def new_secret(self) -> str:
        """A secret that an app makes its codes from."""

    def address(self, secret: str, email: str) -> str:
        """The secret as an app reads it from a QR code."""

    def find_step(self, secret: str, code: str, now: datetime) -> int | None:
        """The step of that code, if it is of now or next to it."""


class Accounts(Protocol):
    """Agents, their links and their sessions. Tokens are known by their checksum only."""

    def hold(self) -> None:
        """Let no other unit change who may what until this one ends."""

    def add(self, agent: Agent, now: datetime) -> None:
        """A new agent, without a password."""

    def get(self, agent_id: str) -> Account:
        """The account; Missing if there is none."""

    def find_by_email(self, email: str) -> Account | None:
        """The account of that e-mail, which is in lower case."""

    def listed(self) -> tuple[Account, ...]:
        """All accounts, by name."""

    def exist(self) -> bool:
        """Whether there is any agent."""

    def change(self, agent: Agent, now: datetime) -> None:
        """Store the agent as they are now."""

    def set_password(self, agent_id: str, password_hash: str) -> None:
        """From now on this password."""

    def set_totp(self, agent_id: str, secret: str | None, step: int | None) -> None:
        """From now on this second factor; None for none."""

    def use_totp_step(self, agent_id: str, step: int) -> bool:
        """Mark the code of that step and all before it as used; False if it was already."""

    def add_link(
        self, token_hash: str, agent_id: str | None, expires_at: datetime, now: datetime
    ) -> None:
        """A one-time link, which ends the older ones for the same agent."""

    def end_links(self, agent_id: str | None, now: datetime) -> None:
        """The agent's unused links work no more."""

    def find_link(self, token_hash: str) -> Link | None:
        """The link of that token."""

    def use_link(self, token_hash: str, now: datetime) -> bool:
        """Mark the link as used; False if somebody else did."""

    def add_session(
        self, token_hash: str, agent_id: str, expires_at: datetime, now: datetime
    ) -> None:
        """Somebody signed in. Sessions that are over anyway are swept away."""

    def find_session(self, token_hash: str) -> AgentSession | None:
        """The session of that token, be it over or not."""

    def sessions_of(self, agent_id: str) -> tuple[AgentSession, ...]:
        """All sessions of an agent, the last used first, those that are over too."""

    def touch_session(self, token_hash: str, now: datetime) -> None:
        """It was used just now."""

    def end_session(self, token_hash: str) -> None:
        """Signed out."""

    def end_sessions(self, agent_id: str, but: str = "") -> int:
        """Sign an agent out everywhere but in the session of that token; how often that was."""


class LoginTries(Protocol):
    """Signing in in vain. Of what was typed as an e-mail only the checksum is known."""

    def hold(self, email_hash: str, ip: str) -> None:
        """Let no other unit count or add such tries until this one ends."""

    def recent(self, email_hash: str, ip: str, since: datetime) -> Tries:
        """The tries since then."""

    def add(self, email_hash: str, ip: str, now: datetime) -> int:
        """Write down a try before it is known whether it is wrong; its number."""

    def forget(self, number: int) -> None:
        """It was not wrong."""

    def forget_email(self, email_hash: str) -> None:
        """Whoever has that e-mail signed in."""

    def sweep(self, until: datetime) -> None:
        """Forget what is older than that."""
