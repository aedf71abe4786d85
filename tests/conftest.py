"""What all tests share: hypothesis does not measure time, for the machine may be busy."""

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
