"""What a secretary sees at a glance of an organisation of any level: `above` units, and within one (`unit`)."""
