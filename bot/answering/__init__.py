"""Answering one question. :data:`bot.answering.pipeline.STEPS` lists the steps from question to reply, in order."""
