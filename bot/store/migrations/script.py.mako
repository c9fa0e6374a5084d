<%!
    def without_notes(body):
        return "\n".join(line for line in body.splitlines() if "# ###" not in line).strip()
%>\
"""${message[0].upper() + message[1:]}."""

import sqlalchemy as sa
from alembic import op
% if imports:
${imports}
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """To this version."""
    ${without_notes(upgrades) if upgrades else "pass"}


def downgrade() -> None:
    """Back to the version before."""
    ${without_notes(downgrades) if downgrades else "pass"}
