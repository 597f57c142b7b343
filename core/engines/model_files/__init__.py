"""Where a model's files are, and whether they are whole.

``model_source``: Where a model's files are: the packaged one, a folder, or the hub's cache on this
    computer.
``weights``: A model's files before they are loaded: there, whole, and whose they are.
"""
