"""The WeChat public account: WeChat's wire, five seconds, exactly once, and replies that fit."""
