"""A catalogue folder of the user's own, read after the rows that ship and never instead of them.

``drafts``: What a person says of something of his own, and the rows that are made of it.
``joined``: The catalogue that ships with a folder of one's own behind it, or why that is refused.
``own_bundle``: One's own files in one document, to be carried elsewhere; what comes from elsewhere
    is checked.
``own_files``: Which files a folder of one's own has; what is no catalogue file is refused.
``own_list``: What is of one's own, as a list: each option and rate with its price, its place and
    its file.
``own_rows``: The rows of a folder of one's own, checked; none names a key or a row that ships.
``own_turn``: One writer at a time in a folder of one's own: two commands, or two tabs, lose
    nothing.
``own_writing``: Rows added to a folder of one's own, and taken out of it: all of them, or none.
``price_rows``: Newer prices of offers that ship: all that may be added to a provider that ships.
``replacing``: Files that are written whole: a reader sees the old one or the new one.
``toml_text``: A table of the catalogue as TOML text, which reads back as the very same table.
"""
