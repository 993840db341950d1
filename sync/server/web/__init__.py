"""The pages of the district office: made by the server, without scripts, without outside files."""
