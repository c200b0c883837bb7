"""Front doors: each turns its wire format into a question and a reply into its wire format."""
