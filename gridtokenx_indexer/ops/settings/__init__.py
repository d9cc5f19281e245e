"""Settings: one documented list, merged from defaults, `config.toml`, the environment and flags."""
