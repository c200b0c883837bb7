"""The WeChat public account."""
