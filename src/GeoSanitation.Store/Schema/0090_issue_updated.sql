-- Who asks what has changed since a moment (Open311's updated_after, feeds, catalogs) reads these issues only, and the latest change is at the index's end.
CREATE INDEX issue_updated ON geosan.issue (updated_at);
