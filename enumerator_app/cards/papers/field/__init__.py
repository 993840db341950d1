"""The papers of a day in the village: pure functions from plain content to blocks or sheets.

Each module holds one paper: its content as a dataclass, and what makes the paper from it. None of
them claims cover; each that a worker sees says that it is free.
"""
