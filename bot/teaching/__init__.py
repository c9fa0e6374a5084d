"""What trainers do, from a message to a live model: services and the workbench's tools together."""
