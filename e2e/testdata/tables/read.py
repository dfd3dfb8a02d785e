"""Prints what pandas reads, without any option, from the CSV file that is named: for each column its values, null where
one is missing, and the kind of its type (i, f, b, O)."""
import json
import sys

import pandas

table = pandas.read_csv(sys.argv[1])
print(json.dumps({
    column: {
        "kind": table[column].dtype.kind,
        "values": [None if pandas.isna(v) else v.item() if hasattr(v, "item") else v for v in table[column]],
    }
    for column in table.columns
}))
