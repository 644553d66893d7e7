"""From solutions/ to what students get, and the instructor's hidden pack."""
