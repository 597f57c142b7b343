"""How one's own use is read from a file and taken into the question.

``load_panel``: Import of one's own use: a file says a load, and a person takes it, or takes it
    back.
"""
