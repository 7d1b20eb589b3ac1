"""The answer for those who do not look at it: announced to screen readers, and spoken where wanted."""
