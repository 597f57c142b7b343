"""How the catalogue is shown.

``account_tables``: Tables of what an account may do, where it is served, and which sources
    contradict each other.
``catalogue_cells``: Rows of the catalogue's tables as text: what a search looks in, what a reader
    sees.
``catalogue_doubts``: What in the catalogue deserves doubt: disagreement, impossible rates, offers
    gone from sale.
``catalogue_tables``: The catalogue as tables: one row a number, with its unit as billed and its
    source.
``catalogue_view``: The catalogue's tables on the page: choose one, search it, open a row, take it
    away.
``law_panel``: The law of size against every measured batch: a chart, its words, and all rows as a
    table.
``newer_prices``: Prices of another list that are newer: one button shows them, one writes them.
``processor_table``: Kinds of processor as a table: what a vCPU of each could do, and did.
``rates_panel``: Published throughputs as a chart: by card and model, with what was timed.
"""
