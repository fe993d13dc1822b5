"""Database engine, transactions and migrations. Knows no table of any slice."""
