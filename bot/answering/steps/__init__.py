"""One file a step; ``bot/answering/pipeline.py`` has their order."""
