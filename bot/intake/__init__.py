"""Files from shops and marketplaces, read and checked as what they are: somebody else's."""
