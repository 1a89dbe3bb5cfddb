"""A policy's table in files that others read: a sheet, JDM (GoRules), DMN 1.3. Only the table goes; what would not survive is refused."""
