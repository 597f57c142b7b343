"""The only place where prices meet measurements. Pure: no files, clock, store or probe."""
