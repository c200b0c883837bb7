"""Many machines: servers over one PostgreSQL, Redis and RabbitMQ, behind a proxy; and what happens when a part fails."""
