"""Who may: people with roles, their passwords, sessions and tokens, and the log of who looked at what."""
