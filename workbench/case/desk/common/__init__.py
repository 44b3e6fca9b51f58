"""What inbox, drafts and imports of the desk share."""
