"""What Alembic runs: over the connection it is handed; or, from its own command line, over the database of the settings."""

from __future__ import annotations

from alembic import context

handed = context.config.attributes.get("connection")
if handed is not None:
    context.configure(connection=handed)
    context.run_migrations()
else:
    from bot.services import services
    from bot.state.database import alone
    from bot.state.tables import METADATA

    with alone(services().state) as own:
        context.configure(connection=own, target_metadata=METADATA, render_as_batch=True)
        context.run_migrations()
