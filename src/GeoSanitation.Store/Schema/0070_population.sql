-- People who live in a ward, where somebody counted them: what its issues are divided by when wards are compared by rate.
ALTER TABLE geosan.ward ADD COLUMN population integer CHECK (population >= 0);
