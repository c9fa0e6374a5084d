"""The public face: the widget's API, its files, the demo shop and the health page."""
