"""What every page draws alike: charts, errors, the colour scheme.

``chart``: A chart with its title, its words, and the same as a table that can be downloaded.
``csv_file``: Tables as CSV, in which no cell is a formula, whoever wrote it and whatever opens it.
``error_boxes``: Errors as sentences: what a person sees instead of a traceback.
``labels``: Texts of choices that tell the choices apart.
``meant_endpoint``: What is changed of a typed address, below its field.
``money_columns``: Tables in the reader's currency: whatever a column's name says is in USD.
``scheme``: Which colours are in force: the reader's choice of light or dark.
``server_option``: Which machine of the catalogue a server is, with which model: two selects.
``toolbar``: The buttons over a chart, in one list for every chart: none of them sends anything
    anywhere.
"""
