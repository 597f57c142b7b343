"""The page. The only package that imports streamlit."""
