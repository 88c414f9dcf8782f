"""The round trip: a list is downloaded to be edited in Excel, sent back, looked at, and applied.

`description` says what a list is, `cells` and `keys` what stands in a cell and in the key of a row, `book` writes,
`reading` and `comparing` read, `campaign.actions.roundtrip` checks and applies. Each list is described where it lives.
"""
