"""All training runs: a table, their curves over each other, what differs, and what can be done with them."""
