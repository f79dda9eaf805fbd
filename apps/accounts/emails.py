"""Mails about people, rendered when they are sent."""
