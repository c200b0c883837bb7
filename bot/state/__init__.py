"""What the assistant itself remembers: conversations of its front doors, ratings, accounts. Never what a guide says."""
