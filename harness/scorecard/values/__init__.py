"""What a scorecard shows, as plain values.

Names and texts in them are those of others: what writes them makes them harmless. Names of fields are those of the JSON.
"""
