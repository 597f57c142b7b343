"""Prices, cards, models, throughputs and assumptions: dated, sourced, never overwritten.

``check/``: The catalogue's API prices beside those of other lists, and newer ones written down.
``own/``: A catalogue folder of the user's own, read after the rows that ship.
``rows/``: The kinds of rows that a catalogue holds; each carries where its numbers come from.
``complaints``: Validation errors of pydantic as sentences: which row, which field, what is wrong,
    the mend.
``device_card``: Which card of the catalogue a device is, by the name that its driver gives it.
``load``: Read the catalogue's TOML files into one checked, immutable Catalog.
``option_names``: What an option is called, chosen or not.
``references``: What one row alone cannot show: ids are unique, and every reference points at
    something.
``schema``: The whole catalogue and its look-ups; the types of its rows come from the modules
    beside.
``shipped_endpoints``: How the providers of the product's own catalogue are spoken to, without
    reading what they sell.
``table_files``: TOML files as tables: parsed once, and kept beside the hash of their bytes.
"""
