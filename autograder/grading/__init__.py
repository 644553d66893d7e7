"""Grade submissions and keep what was decided, in the ledger and in nbgrader's gradebook."""
