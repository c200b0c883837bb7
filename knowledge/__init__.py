"""The structured knowledge base: what each official guide says about each handling item.

Data stands in the YAML files beside this package and is read by :mod:`knowledge.files`, checked by
:mod:`knowledge.check`, built into a database by :mod:`knowledge.database` and asked through
:class:`knowledge.query.KnowledgeBase`. Nothing here knows Rasa or HTTP.
"""
