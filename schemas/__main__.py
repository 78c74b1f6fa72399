"""`python -m schemas`: generate the published JSON Schema files anew."""

from schemas.published import write

for path in write():
    print(path)
