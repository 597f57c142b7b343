"""A whole question in one text: everything that defines its answer, to be carried elsewhere.

``asked_question``: The question with one's own rows, its plan, its demands and its ranges.
``moved_demands``: Demands of page Plan that belong to the question by now: a question kept before
    is read so.
``snapshot_text``: A question as a text for a link or a file, and back; what is hostile is refused.
"""
