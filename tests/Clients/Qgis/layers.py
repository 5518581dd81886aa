"""What PyQGIS sees of a server: prints one line of JSON. Usage: layers.py ADDRESS PICTURE"""
import json
import os
import sys

from qgis.core import (
    QgsApplication, QgsCoordinateReferenceSystem, QgsDataSourceUri, QgsFeature, QgsGeometry, QgsMapRendererParallelJob, QgsMapSettings, QgsPointXY, QgsRasterLayer,
    QgsRectangle, QgsVectorLayer, QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize

address, picture = sys.argv[1:]


def oapif(collection, sql=""):
    uri = QgsDataSourceUri()
    uri.setParam("url", address + "ogc")
    uri.setParam("typename", collection)
    uri.setParam("pagingEnabled", "true")
    if sql:
        uri.setSql(sql)
    return QgsVectorLayer(uri.uri(False), collection, "OAPIF")


def count(layer):
    return sum(1 for _ in layer.getFeatures())


def main():
    told = {}
    issues = oapif("issues")
    told["issues_valid"] = issues.isValid()
    told["issues_fields"] = [f.name() for f in issues.fields()]
    told["issues_count"] = count(issues)
    told["issues_crs"] = issues.crs().authid()
    wards = oapif("wards")
    told["wards_count"] = count(wards)
    subset = oapif("issues")
    told["subset_taken"] = subset.setSubsetString("\"severity\" = 5 AND \"status\" = 'dispatched'")
    told["subset_count"] = count(subset)
    esri = QgsVectorLayer(f"crs='EPSG:4326' url='{address}arcgis/rest/services/GeoSanitation/FeatureServer/1'", "e", "arcgisfeatureserver")
    told["esri_valid"] = esri.isValid()
    told["esri_count"] = count(esri)
    tiles = QgsVectorTileLayer(f"type=xyz&url={address}tiles/wards/{{z}}/{{x}}/{{y}}.mvt&zmin=0&zmax=14", "t")
    told["tiles_valid"] = tiles.isValid()
    heat = QgsRasterLayer(f"type=xyz&url={address}tiles/heatmap/{{z}}/{{x}}/{{y}}.png&zmin=0&zmax=18", "h", "wms")
    told["heat_valid"] = heat.isValid()
    settings = QgsMapSettings()
    settings.setLayers([heat])
    settings.setOutputSize(QSize(512, 512))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(12530000, 3805000, 12555000, 3830000))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    told["heat_colors"] = len({image.pixel(x, y) for x in range(0, 512, 8) for y in range(0, 512, 8)})
    # Layers must be gone before QGIS is.
    del issues, wards, subset, esri, tiles, heat, job, settings
    return told


QgsApplication.setPrefixPath(os.environ["QGIS_PREFIX_PATH"], True)
application = QgsApplication([b"x"], True)
application.initQgis()
result = main()
print(json.dumps(result))
application.exitQgis()
