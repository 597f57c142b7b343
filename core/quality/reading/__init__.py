"""How files of queries and documents are read: rows, columns, texts, and what is said of them.

``column_names``: The names that columns of queries, documents and ids have in the usual exports.
``corpus_remarks``: What a reader of the figures must know of the files: counted, merged, left out,
    easy.
``document_shelf``: The different documents of a test, found again by their text or their id.
``fit_text``: A field of a file as a text that can be sent, or as the id of a document.
``table_rows``: Rows of a small file of texts: CSV, a list in JSON, or one JSON object a line.
"""
