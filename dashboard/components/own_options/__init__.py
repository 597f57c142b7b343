"""How a person adds something of his own, sees it, and removes it.

``api_form``: An API of one's own, typed.
``form_fields``: What every form of one's own has: its keys, and the fields that several share.
``hardware_forms``: A machine, a rate and a card of one's own, typed.
``own_panel``: One's own options on the page Prices: the list, and what may be added.
"""
