"""Many machines: servers over one PostgreSQL, one Redis and one RabbitMQ, behind a proxy; and what happens when a part fails."""
