"""Anonymous ballots: codes, sealing, questionnaires, what may be shown. No module here knows the database.

`docs/anonymity.md` says what is promised, how each promise is kept, and what is not promised.
"""
