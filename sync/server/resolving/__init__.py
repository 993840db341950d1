"""What people at the office decide: cases, links of two records, visits by their samples."""
