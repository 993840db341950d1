"""The one place where objects are built and joined: `laptops` for one home, `window` for people.

`window` imports nothing heavy: the unlock page is painted before the file's code is loaded.
"""
