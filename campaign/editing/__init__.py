"""Editing a campaign's playbook in pages: what may be edited, how it is told apart, and what must stay as it is."""
