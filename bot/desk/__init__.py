"""People take over: conversations of the website and WeChat that wait for a person or have one."""
