"""How the trained Rasa model answers here: its components, rules and actions in this process, without TensorFlow.

``rasa run`` serves the same model in Rasa's own way; docs/adr/0009 says why there are two.
"""
