"""What happens after goods came back: others go out, some are repaired, suppliers owe for the rest."""
