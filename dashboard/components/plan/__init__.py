"""What the page Plan shows and asks.

``demands_form``: What an option must satisfy, as controls. Their values live in the session, not in
    a link.
``plan_panel``: The plan on its page: the path, the alternatives, the dates.
``plan_tables``: The plan's tables: numbers as numbers, units in the headings.
``plan_text``: The recommendation and the plan as sentences. Every number in them is computed.
``terms_form``: What moving costs and how prices fall, as controls.
"""
