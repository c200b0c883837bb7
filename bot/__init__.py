"""The assistant: understanding (``nlu``), answering (``answering``), Rasa actions (``actions``) and the server."""
