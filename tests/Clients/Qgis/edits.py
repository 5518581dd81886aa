"""Issues added, changed, moved and deleted by PyQGIS through OGC API Features or a FeatureServer: prints one line of JSON. Usage: edits.py ADDRESS KEY TITLE OAPIF|arcgisfeatureserver"""
import json
import os
import sys

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsDataSourceUri, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

address, key, title, provider = sys.argv[1:]


def open_issues():
    manager = QgsApplication.authManager()
    manager.setMasterPassword("of this run", True)
    method = QgsAuthMethodConfig("APIHeader")
    method.setName("GeoSanitation")
    method.setConfigMap({"X-Api-Key": key})
    manager.storeAuthenticationConfig(method)
    uri = QgsDataSourceUri()
    if provider == "OAPIF":
        uri.setParam("url", address + "ogc")
        uri.setParam("typename", "issues")
        uri.setParam("pagingEnabled", "true")
    else:
        uri.setParam("url", address + "arcgis/rest/services/GeoSanitation/FeatureServer/0")
        uri.setParam("crs", "EPSG:4326")
        # It reads the numbers of all features first, and then a hundred features at a time.
        uri.setSql(f"title = '{title}'")
    uri.setAuthConfigId(method.id())
    return QgsVectorLayer(uri.uri(False), "issues", provider)


def found(layer):
    return list(layer.getFeatures(f"\"title\" = '{title}'"))


def said(layer):
    return [f"{f['severity']} {f['status']} {f.geometry().asWkt(4)}" for f in found(layer)]


def commit(layer, what):
    if not layer.commitChanges():
        raise SystemExit(f"{what}: {layer.commitErrors()}")


def main():
    layer = open_issues()
    told = {"valid": layer.isValid(), "can": layer.dataProvider().capabilitiesString()}
    feature = QgsFeature(layer.fields())
    feature.setAttribute("category", "exposed_rubbish")
    feature.setAttribute("source", "patrol")
    feature.setAttribute("title", title)
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(112.6885, 32.4172)))
    layer.startEditing()
    layer.addFeature(feature)
    commit(layer, "add")
    told["added"] = said(layer)

    layer.startEditing()
    one = found(layer)[0]
    layer.changeAttributeValue(one.id(), layer.fields().indexOf("severity"), 5)
    layer.changeGeometry(one.id(), QgsGeometry.fromPointXY(QgsPointXY(112.6895, 32.4182)))
    commit(layer, "change")
    told["changed"] = said(layer)
    told["id"] = one["id"]

    layer.startEditing()
    layer.deleteFeature(one.id())
    commit(layer, "delete")
    told["left"] = said(layer)
    # The layer must be gone before QGIS is.
    del layer, feature, one
    return told


QgsApplication.setPrefixPath(os.environ["QGIS_PREFIX_PATH"], True)
application = QgsApplication([b"x"], True)
application.initQgis()
result = main()
print(json.dumps(result))
application.exitQgis()
