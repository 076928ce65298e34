"""Who and where: provinces, and later the register of enterprises."""
