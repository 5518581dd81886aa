-- Servers ask the feed all the time, so it stays short; programs elsewhere ask once an hour or once a day. What the feed forgets is kept here for some days.
CREATE TABLE geosan.old_change (LIKE geosan.change INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE INDEX old_change_xid ON geosan.old_change (xid);
CREATE INDEX old_change_at ON geosan.old_change (at);

-- Every change that is still known, wherever it is kept: each row is in one of the two at any moment.
CREATE VIEW geosan.known_change AS
    SELECT xid, kind, id_from, id_to, at, before FROM geosan.change
    UNION ALL
    SELECT xid, kind, id_from, id_to, at, before FROM geosan.old_change;

-- Changes of transactions up to lost_xid are known no more; began_xid is older than all that were noted.
ALTER TABLE geosan.feed ADD COLUMN lost_xid xid8 NOT NULL DEFAULT '0', ADD COLUMN began_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
UPDATE geosan.feed SET lost_xid = forgotten_xid;
