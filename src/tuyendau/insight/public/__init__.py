"""What everybody may see without signing in: communes in bands, places to be tested at. No person."""
