"""A talking clip made by code: nobody lent it a face."""
