"""How a subject is run on a case."""
