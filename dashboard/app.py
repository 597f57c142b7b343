"""What `streamlit run` opens: the server around the page, and the page itself.

This one file is read twice, so that no way of starting the page leaves its server out. Streamlit
imports it once, finds ``app`` and serves that; then it runs the file as its script, ``__main__``,
for every visitor and click. Tests of a page run it as the script alone.
"""

import streamlit as st

if __name__ == "__main__":
    from dashboard.router import show

    show()
else:
    from dashboard.server.life import lifespan
    from dashboard.server.start import middleware

    app = st.App(__file__, middleware=middleware(), lifespan=lifespan)
