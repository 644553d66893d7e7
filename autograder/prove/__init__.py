"""The proof that the tests of an exercise catch every wrong solution and pass every right one."""
