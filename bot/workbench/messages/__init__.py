"""Messages of real buyers, before anybody has said what they mean."""
