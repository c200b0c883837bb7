"""WeChat's side, played on this machine: a peer for people who try the account and for tests of its channel."""
