"""What the desk's API sends and takes about agents."""

from datetime import datetime

import msgspec

from bot.casework.accounts import Account, AgentSession
from bot.casework.agents import May, Role


class Me(msgspec.Struct):
    """Whoever is signed in; `may` is what their role allows, `totp` whether codes are asked for."""

    id: str
    name: str
    first_name: str
    email: str
    role: Role
    team: str
    reads: list[str]
    may: list[May]
    totp: bool


class Login(msgspec.Struct):
    """E-mail and password; `code` where a second factor is on."""

    email: str
    password: str
    code: str = ""


class LinkToken(msgspec.Struct):
    """The token of a one-time link."""

    token: str


class Invitation(msgspec.Struct):
    """Whose link it is; for the first owner's all is empty, and they say who they are."""

    first_owner: bool
    email: str = ""
    name: str = ""
    totp: bool = False


class Welcome(msgspec.Struct):
    """A one-time link used: the first owner gives name and e-mail as well."""

    token: str
    password: str
    name: str = ""
    email: str = ""
    code: str = ""


class Password(msgspec.Struct):
    """One's own password, once more."""

    password: str


class NewPassword(msgspec.Struct):
    """A new password; the old one shows that it is really you."""

    old: str
    new: str


class Code(msgspec.Struct):
    """What the authenticator app shows."""

    code: str


class TotpSecret(msgspec.Struct):
    """A second factor to confirm: for the app as a QR code (an SVG), and to type in by hand."""

    secret: str
    address: str
    svg: str


class OpenSession(msgspec.Struct):
    """Where one is signed in; `here` is this browser."""

    began_at: datetime
    seen_at: datetime
    here: bool


class OpenSessions(msgspec.Struct):
    """All of them, the last used first."""

    sessions: list[OpenSession]


class Ended(msgspec.Struct):
    """How many sessions were ended."""

    ended: int


def to_me(account: Account) -> Me:
    """The account as its owner sees it."""
    agent = account.agent

    return Me(
        id=agent.id,
        name=agent.name,
        first_name=agent.first_name,
        email=agent.email,
        role=agent.role,
        team=agent.team,
        reads=list(agent.reads),
        may=[what for what in May if agent.may(what)],
        totp=account.has_totp,
    )


def to_session(session: AgentSession, here: str) -> OpenSession:
    """The session; `here` is the checksum of this browser's token."""
    return OpenSession(
        began_at=session.created_at, seen_at=session.seen_at, here=session.token_hash == here
    )
