"""Tables, queries and migrations. The only part of the house that imports SQLAlchemy."""
