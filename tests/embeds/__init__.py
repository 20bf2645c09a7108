"""Other platforms' HTML as it is pasted, each with what must be known of it; the words are our own."""
