-- Name of the key that added an object; empty: the appliance itself.
ALTER TABLE stix_object ADD COLUMN owner TEXT NOT NULL DEFAULT '';
