"""One module a version of the tables. What is released here is never changed."""
