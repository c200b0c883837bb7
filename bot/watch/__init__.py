"""The server seen from outside: what is measured, what is logged, whether it is alive and ready, how it stops."""
