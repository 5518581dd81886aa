-- The change feed: what servers that keep issues in memory must read again. A row tells which transaction wrote it, so that a reader takes what
-- its snapshot shows and its last one did not: a transaction that commits late is not missed, whatever its place in any sequence.
CREATE TABLE geosan.change (
    xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
    -- Table that changed.
    kind     text NOT NULL,
    -- Issues that changed, by id; both null for other tables.
    id_from  bigint,
    id_to    bigint CHECK (id_to >= id_from),
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((kind = 'issue') = (id_from IS NOT NULL AND id_to IS NOT NULL))
);
CREATE INDEX change_xid ON geosan.change (xid);

-- One row. Rows of the feed are forgotten after a while; who has not read them reads everything.
CREATE TABLE geosan.feed (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    -- Names this database, in versions that its clients keep.
    database_id    text NOT NULL,
    forgotten      bigint NOT NULL DEFAULT 0,
    forgotten_xid  xid8 NOT NULL DEFAULT '0'
);
INSERT INTO geosan.feed (database_id) VALUES (lpad(floor(random() * 1e8)::text, 8, '0'));

CREATE FUNCTION geosan.note_issue_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO geosan.change (kind, id_from, id_to) VALUES ('issue', OLD.id, OLD.id);
    ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        INSERT INTO geosan.change (kind, id_from, id_to) VALUES ('issue', OLD.id, OLD.id), ('issue', NEW.id, NEW.id);
    ELSE
        INSERT INTO geosan.change (kind, id_from, id_to) VALUES ('issue', NEW.id, NEW.id);
    END IF;
    NOTIFY geosan_change;
    RETURN NULL;
END
$$;

-- Every issue, for a statement that changes very many: in the transaction that has set geosan.bulk to 'on' rows are not noted one by one.
CREATE FUNCTION geosan.note_bulk_change() RETURNS void LANGUAGE sql AS $$
    INSERT INTO geosan.change (kind, id_from, id_to) VALUES ('issue', -9223372036854775808, 9223372036854775807);
    NOTIFY geosan_change;
$$;

CREATE FUNCTION geosan.note_truncation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM geosan.note_bulk_change();
    RETURN NULL;
END
$$;

CREATE FUNCTION geosan.note_table_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geosan.change (kind) VALUES (TG_TABLE_NAME);
    NOTIFY geosan_change;
    RETURN NULL;
END
$$;

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON geosan.issue
    FOR EACH ROW WHEN (current_setting('geosan.bulk', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION geosan.note_issue_change();
CREATE TRIGGER note_truncation AFTER TRUNCATE ON geosan.issue FOR EACH STATEMENT EXECUTE FUNCTION geosan.note_truncation();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON geosan.ward FOR EACH STATEMENT EXECUTE FUNCTION geosan.note_table_change();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON geosan.category FOR EACH STATEMENT EXECUTE FUNCTION geosan.note_table_change();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON geosan.round FOR EACH STATEMENT EXECUTE FUNCTION geosan.note_table_change();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON geosan.calendar_day FOR EACH STATEMENT EXECUTE FUNCTION geosan.note_table_change();
