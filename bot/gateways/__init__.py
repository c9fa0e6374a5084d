"""Those who carry remedies out. The only part of the house that imports httpx."""
