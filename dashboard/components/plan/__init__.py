"""What the page Plan shows and asks.

``demands_form``: What page Plan demands beside the question's own demands, as controls.
``plan_panel``: The plan on its page: the path, the alternatives, the dates.
``plan_tables``: The plan's tables: numbers as numbers, units in the headings.
``plan_text``: The recommendation and the plan as sentences. Every number in them is computed.
``terms_form``: What moving costs and how prices fall, as controls.
"""
