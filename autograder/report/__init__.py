"""Reports: what a student reads."""
