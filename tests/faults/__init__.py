"""Every fault that the parts of skillpulse can have, tried on real processes; each run ends in the audit."""
