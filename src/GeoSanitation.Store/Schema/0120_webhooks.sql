-- Addresses that are told of changes: what each wants to hear, how far it was told, and how that went. Nothing wrote the table before.
DELETE FROM geosan.subscription;
ALTER TABLE geosan.subscription
    DROP COLUMN filter,
    ALTER COLUMN secret SET NOT NULL,
    ADD COLUMN collections  text[] NOT NULL,
    -- Codes of wards, whose descendants count too; all issues where there are none.
    ADD COLUMN wards        text[] NOT NULL,
    ADD COLUMN events       text[] NOT NULL,
    -- The server's address as whoever subscribed sees it, for what is sent.
    ADD COLUMN source       text NOT NULL,
    -- What it was told, as the change feed says it: whichever server comes next goes on from there.
    ADD COLUMN cursor       text NOT NULL,
    ADD COLUMN delivered    bigint NOT NULL DEFAULT 0,
    ADD COLUMN delivered_at timestamptz,
    ADD COLUMN failures     integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    ADD COLUMN error        text,
    ADD COLUMN next_at      timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN dead_at      timestamptz,
    -- The server that is at it has it until then.
    ADD COLUMN leased_until timestamptz NOT NULL DEFAULT '-infinity';

-- Whom to tell of a run: addresses for its result, its progress and its failure, the server's address as whoever asked sees it, and the form of the result.
ALTER TABLE geosan.run ADD COLUMN callback jsonb;

-- What is to be sent once of a run, until it has arrived.
CREATE TABLE geosan.delivery (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id          bigint NOT NULL REFERENCES geosan.run ON DELETE CASCADE,
    content         text NOT NULL CHECK (content IN ('event', 'status', 'results')),
    -- One of the two: an address that subscribed, or one that whoever asked for the run named.
    subscription_id integer REFERENCES geosan.subscription ON DELETE CASCADE,
    url             text,
    failures        integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    error           text,
    next_at         timestamptz NOT NULL DEFAULT now(),
    dead_at         timestamptz,
    leased_until    timestamptz NOT NULL DEFAULT '-infinity',
    created_at      timestamptz NOT NULL DEFAULT now(),
    CHECK ((subscription_id IS NULL) = (url IS NOT NULL))
);
CREATE INDEX delivery_due ON geosan.delivery (next_at) WHERE dead_at IS NULL;
CREATE INDEX delivery_run ON geosan.delivery (run_id);
CREATE INDEX delivery_subscription ON geosan.delivery (subscription_id);

-- In the transaction that changes the run, so that nothing is sent of what did not happen and nothing that happened is not.
CREATE FUNCTION geosan.note_run_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO geosan.delivery (run_id, content, url)
    SELECT NEW.id, content, url
    FROM (VALUES
        ('running', 'status', NEW.callback->>'inProgressUri'), ('done', 'results', NEW.callback->>'successUri'),
        ('failed', 'status', NEW.callback->>'failedUri'), ('cancelled', 'status', NEW.callback->>'failedUri')) AS wanted (state, content, url)
    WHERE state = NEW.state AND url IS NOT NULL;
    IF NEW.state IN ('done', 'failed', 'cancelled') THEN
        INSERT INTO geosan.delivery (run_id, content, subscription_id)
        SELECT NEW.id, 'event', id FROM geosan.subscription WHERE 'jobs' = ANY (collections) AND dead_at IS NULL;
    END IF;
    NOTIFY geosan_change;
    RETURN NULL;
END
$$;
CREATE TRIGGER note_state AFTER UPDATE ON geosan.run FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION geosan.note_run_state();
