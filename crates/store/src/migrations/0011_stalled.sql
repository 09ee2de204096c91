-- A Borg that says nothing any more is shown.

-- Since when, while it is so.
ALTER TABLE jobs ADD COLUMN stalled_since TEXT;
