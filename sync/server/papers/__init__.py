"""The office's papers from what the office holds: each kind reads its content and has it drawn."""
