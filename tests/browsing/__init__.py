"""What the browser tests and the judges share: sites to look at, browsers, and what to see in a page."""
