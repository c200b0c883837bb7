"""Every table of the first version.

Databases made before there were revisions have these tables already, some of them or all: what is there stays as it is, row by
row, what is missing is made. A table of the same name with other columns is none of ours, and nothing is touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.state.schema import SchemaError

revision = "0001"
down_revision = None

_metadata = sa.MetaData()
sa.Table(
    "accounts",
    _metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.String(200)),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("made", sa.DateTime, nullable=False),
)
sa.Table(
    "login_failures",
    _metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until", sa.DateTime),
)
sa.Table(
    "sessions",
    _metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    sa.Column("begun", sa.DateTime, nullable=False),
    sa.Column("seen", sa.DateTime, nullable=False),
)
sa.Table(
    "tokens",
    _metadata,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False, index=True),
    sa.Column("made", sa.DateTime, nullable=False),
    sa.Column("expires", sa.DateTime, nullable=False),
)
sa.Table(
    "audit",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False, index=True),
    sa.Column("what", sa.String(32), nullable=False),
    sa.Column("subject", sa.String(128), index=True),
)
sa.Table(
    "conversation_memory",
    _metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("slots", sa.JSON, nullable=False),
    sa.Column("spoken_at", sa.Float, nullable=False, index=True),
)
sa.Table(
    "documents",
    _metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False, index=True),
)
sa.Table(
    "ratings",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("item", sa.String(64)),
    sa.Column("region", sa.String(128)),
    sa.Column("jurisdiction", sa.String(32)),
    sa.Column("aspects", sa.JSON, nullable=False),
    sa.Column("useful", sa.Boolean, nullable=False),
    sa.Column("reason", sa.String(500)),
)
sa.Table(
    "web_conversations",
    _metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("region", sa.String(128)),
    sa.Column("used_at", sa.DateTime, nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("with_person", sa.Boolean, nullable=False),
)
sa.Table(
    "web_messages",
    _metadata,
    sa.Column("conversation", sa.ForeignKey("web_conversations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("sender", sa.String(8), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("payload", sa.JSON),
    sa.Column("link", sa.String(512)),
    sa.Column("client_id", sa.String(64)),
    sa.Column("claimed_at", sa.DateTime),
    sa.Column("answered", sa.Boolean),
    sa.Column("answers", sa.Integer),
    sa.UniqueConstraint("conversation", "client_id"),
)
sa.Table(
    "wechat_people",
    _metadata,
    sa.Column("id", sa.String(80), primary_key=True),
    sa.Column("session", sa.Integer, nullable=False),
    sa.Column("place", sa.String(128)),
    sa.Column("seen_at", sa.DateTime, nullable=False),
)
sa.Table(
    "desk_conversations",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("since", sa.DateTime, nullable=False, index=True),
    sa.Column("until", sa.DateTime),
    sa.Column("agent", sa.String(64)),
    sa.Column("open", sa.String(128), unique=True),
)
sa.Table(
    "desk_words",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("desk_id", sa.ForeignKey("desk_conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("message", sa.String(64)),
    sa.Column("delivered", sa.Boolean, nullable=False),
    sa.Column("speaker", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("desk_id", "message"),
)
sa.Table(
    "duty",
    _metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("since", sa.DateTime, nullable=False),
)
sa.Table(
    "recent_turns",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(128), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
)
sa.Table(
    "calls",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("since", sa.DateTime, nullable=False, index=True),
    sa.Column("until", sa.DateTime, index=True),
    sa.Column("external_id", sa.String(128), index=True),
    sa.Column("item", sa.String(64)),
    sa.Column("region", sa.String(128)),
    sa.Column("outcome", sa.String(16)),
    sa.Column("document", sa.JSON, nullable=False),
)
sa.Table(
    "learning",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.DateTime, nullable=False, index=True),
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("origin", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("about", sa.String(64), nullable=False),
    sa.Column("text", sa.String(1000), nullable=False),
    sa.Column("suggested", sa.JSON, nullable=False),
    sa.Column("right_item", sa.String(64)),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("item", sa.String(64)),
    sa.Column("note", sa.String(500)),
    sa.UniqueConstraint("origin", "kind", "about"),
)


def upgrade() -> None:
    database = op.get_bind()
    there = sa.inspect(database)
    for table in _metadata.tables.values():
        if there.has_table(table.name):
            _check(table, {column["name"] for column in there.get_columns(table.name)})
    _metadata.create_all(database)
    for table in _metadata.tables.values():
        for index in table.indexes:
            index.create(database, checkfirst=True)


def downgrade() -> None:
    _metadata.drop_all(op.get_bind())


def _check(table: sa.Table, columns: set[str]) -> None:
    ours = set(table.columns.keys())
    if columns != ours:
        raise SchemaError(
            f"the state database has a table {table.name!r} that this assistant did not make "
            f"(missing: {sorted(ours - columns)}, unknown: {sorted(columns - ours)}). Nothing was changed. "
            "Give the assistant a database of its own (YIBAO_STATE)."
        )
