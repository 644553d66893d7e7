"""Reference implementations for a course in neural network design.

Nothing is imported here: `course_lib.functional` and `course_lib.design` need NumPy alone, and each other part
imports what it needs when it is imported itself.
"""
