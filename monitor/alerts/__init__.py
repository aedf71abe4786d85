"""Telling people of what happened to incidents: by mail, in a chat, to another program."""
