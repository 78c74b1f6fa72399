ALTER TABLE dead_letters
    ADD COLUMN replayed_at Nullable(DateTime64(3, 'UTC'))
    COMMENT 'When `skillpulse dead-letters replay` sent the record again; NULL while nobody has.';
