"""The office in numbers: people by village and state, by day, and laptops. No names."""
