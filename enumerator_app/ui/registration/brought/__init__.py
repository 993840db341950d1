"""What the office gave before leaving, beside the form: the village's list, places, known NIKs."""
