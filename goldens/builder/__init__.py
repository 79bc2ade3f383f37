"""Makes the pages of the golden sets `web` and `web-heldout` from the sites in goldens/sites."""
