"""After a revoke nothing that was open before answers any more."""
