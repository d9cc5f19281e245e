"""One enumeration per state column; a test compares each with the CHECK in the database."""
