-- The codes of the wards on a path, from the top of the tree down: what geosan.ward_label wrote, read back.
CREATE FUNCTION geosan.ward_codes(path ltree) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(
        SELECT CASE WHEN label LIKE '\_\_%' THEN convert_from(decode(substr(label, 3), 'hex'), 'UTF8') ELSE label END
        FROM unnest(string_to_array(path::text, '.')) WITH ORDINALITY AS labels (label, position)
        ORDER BY position);
