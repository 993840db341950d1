"""Life after the insurer's yes: months that are paid, who enters and leaves, the end of cover."""
