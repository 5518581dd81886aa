"""Asks a server for maps and features as programs do that are written with OWSLib.

python3 client.py ADDRESS: prints what it was told as one JSON object.
"""

import json
import sys

from owslib.ogcapi.features import Features
from owslib.ogcapi.records import Records
from owslib.wms import WebMapService

AROUND = (112.6, 32.3, 112.8, 32.5)
SIZE = (320, 240)


def maps(address, version):
    """What WMS offers, and whether it draws and tells."""
    service = WebMapService(f"{address}/wms", version=version)
    asked = {"srs": "EPSG:4326", "bbox": AROUND, "size": SIZE}
    picture = service.getmap(layers=["heatmap", "issues"], styles=["", ""], format="image/png", transparent=True, **asked)
    told = service.getfeatureinfo(layers=["wards"], query_layers=["wards"], info_format="application/json", xy=(160, 120), feature_count=9, **asked)
    return {
        "version": service.identification.version,
        "type": service.identification.type,
        "layers": list(service.contents),
        "box": service.contents["issues"].boundingBoxWGS84,
        "time": bool(service.contents["issues"].timepositions),
        "picture": picture.read().hex(),
        "wards": [feature["properties"]["level"] for feature in json.loads(told.read())["features"]],
    }


def features(address):
    """What OGC API Features offers, and items of a box."""
    service = Features(f"{address}/ogc")
    items = service.collection_items("issues", bbox=list(AROUND), limit=7)
    return {
        "landing": [link["rel"] for link in service.links],
        "conformance": service.conformance()["conformsTo"],
        "collections": service.feature_collections(),
        "queryables": list(service.collection_queryables("issues")["properties"]),
        "matched": items["numberMatched"],
        "coordinates": [feature["geometry"]["coordinates"] for feature in items["features"]],
    }


def records(address):
    """What OGC API Records offers, where ArcGIS Hub has it, and what a search finds."""
    service = Records(f"{address}/api/search/v1")
    found = service.collection_items("all", q="责任区", limit=50)
    return {
        "collections": service.records(),
        "operations": list(service.api()["paths"]),
        "queryables": list(service.collection_queryables("dataset")["properties"]),
        "matched": found["numberMatched"],
        "found": [record["id"] for record in found["features"]],
        "title": service.collection_item("dataset", "wards")["properties"]["title"],
    }


if __name__ == "__main__":
    server = sys.argv[1].rstrip("/")
    json.dump({"older": maps(server, "1.1.1"), "newer": maps(server, "1.3.0"), "features": features(server), "records": records(server)}, sys.stdout)
