"""What deploy/, the Dockerfile and the compose file say is valid, and in step with the code."""
