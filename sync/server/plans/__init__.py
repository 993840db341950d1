"""What the office means to do: which village is visited when, and until when all are registered."""
