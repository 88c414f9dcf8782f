"""A sample county in mid-campaign, played by the same actions as the pages and dated relative to today."""
