"""How the formulas and the note's claims are shown.

``claim_texts``: The claims of the project's first note: what it said, what is right, and why.
``method_sections``: The sections of the method: contents, formulas, and a link from each to its
    functions.
``method_texts``: Explanations, kept as markdown files in ``dashboard/texts``.
``section_link``: An address that names a section of the page leads there.
"""
