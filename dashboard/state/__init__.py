"""What the page remembers: the scenario in the session, in the link and in the widgets.

``controls``: The controls of the scenario in this session: their keys, and what they say.
``currency``: The currency in which this session shows amounts: in its link and controls, never in
    the model.
``inputs``: The scenario's numeric inputs, read from its declarations: label, unit, limits, URL key.
``link``: The scenario as URL parameters, and back. A link is a stranger's text: nothing in it is
    trusted.
``own_ranges``: The user's own ranges of inputs: kept for the session, for a link does not carry
    them.
``session``: The scenario in the session: begun from the link, absorbed from the widgets.

The only place that touches session state, URL parameters and widget keys. The scenario lives in
the URL, so a reload, a second tab, a bookmark and the browser's back button all bring it back. It
is written by hand rather than by Streamlit's bound widgets, because those drop what they cannot
use without a word, snap no value to a slider's steps, and do not follow the back button within a
session (tried on 1.67). One `Scenario` in the session is the truth; widgets are seeded from it and
absorbed into it, so a control that is not drawn loses nothing.
"""
