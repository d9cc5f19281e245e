"""Address lookup tables: grown ahead of need through the attempts of the engine, reused for ever."""
