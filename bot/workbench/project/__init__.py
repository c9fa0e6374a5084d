"""The project's own files: found, edited where they say it, checked, kept in a journal."""
