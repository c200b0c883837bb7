"""Indexes for what is deleted every day by its age."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_desk_conversations_until", "desk_conversations", ["until"])
    op.create_index("ix_wechat_people_seen_at", "wechat_people", ["seen_at"])


def downgrade() -> None:
    op.drop_index("ix_wechat_people_seen_at", "wechat_people")
    op.drop_index("ix_desk_conversations_until", "desk_conversations")
