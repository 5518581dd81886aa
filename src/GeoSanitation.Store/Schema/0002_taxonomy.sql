-- What can be wrong, who answers for it and by when.
CREATE TABLE geosan.category (
    code             text PRIMARY KEY CHECK (code <> '' AND octet_length(code) <= 200),
    parent_code      text REFERENCES geosan.category CHECK (parent_code <> code),
    name             text NOT NULL CHECK (name <> ''),
    name_en          text,
    clause           text,
    department       text,
    deadline_amount  integer CHECK (deadline_amount > 0),
    deadline_unit    text CHECK (deadline_unit IN ('hours', 'working_hours')),
    default_severity smallint NOT NULL DEFAULT 3 CHECK (default_severity BETWEEN 1 AND 5),
    CHECK ((deadline_amount IS NULL) = (deadline_unit IS NULL))
);
CREATE INDEX category_parent ON geosan.category (parent_code);

-- Days that differ from the ordinary week: public holidays and make-up working days.
CREATE TABLE geosan.calendar_day (
    day     date PRIMARY KEY,
    working boolean NOT NULL,
    name    text
);

CREATE TABLE geosan.responsibility (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ward_code     text,
    category_code text REFERENCES geosan.category,
    body          text NOT NULL CHECK (body <> ''),
    valid_from    date NOT NULL DEFAULT '-infinity',
    valid_to      date CHECK (valid_to > valid_from)
);
CREATE INDEX responsibility_ward ON geosan.responsibility (ward_code, category_code);

CREATE TABLE geosan.round (
    id        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code      text NOT NULL UNIQUE CHECK (code <> ''),
    name      text NOT NULL CHECK (name <> ''),
    name_en   text,
    kind      text NOT NULL CHECK (kind <> ''),
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL CHECK (ends_at > starts_at),
    area      geometry(MultiPolygon, 4326),
    visits    integer CHECK (visits >= 0)
);
