"""Papers of the district office: each a pure function of its content and the occasion.

ready = notice_paper(content, occasion)
written = write_paper(ready.paper, ready.blocks, output)
"""
