// What ArcGIS REST JS reads of a feature service, and what becomes of its changes: as JSON.
// node client.mjs ROOT KEY, where ROOT is scheme, host and port.
import {
  addFeatures, applyEdits, decodeValues, deleteFeatures, getAllLayersAndTables, getFeature, getLayer, getService, queryAllFeatures, queryFeatures, updateFeatures,
} from '@esri/arcgis-rest-feature-service'
import { ApiKeyManager, request } from '@esri/arcgis-rest-request'

const [root, key] = process.argv.slice(2)
const service = `${root}/arcgis/rest/services/GeoSanitation/FeatureServer`
const [issues, wards] = [`${service}/0`, `${service}/1`]
const authentication = ApiKeyManager.fromKey(key)
const gravest = { url: issues, where: 'severity = 5', orderByFields: ['reported_at DESC', 'OBJECTID'], outFields: ['OBJECTID', 'status', 'reported_at'], resultRecordCount: 3 }
const refusal = async (asking) => asking.then(() => null, (refused) => `${refused.name} ${refused.code}`)

const described = {
  service: (await getService({ url: service })).layers.map((layer) => layer.name),
  layers: (await getAllLayersAndTables({ url: service })).layers.map((layer) => layer.geometryType),
  capabilities: [(await getLayer({ url: issues })).capabilities, (await getLayer({ url: issues, authentication })).capabilities],
  feature: await getFeature({ url: issues, id: 7 }),
}

const queried = {
  json: await queryFeatures(gravest),
  pbf: await queryFeatures({ ...gravest, f: 'pbf-as-arcgis' }),
  geojson: await queryFeatures({ ...gravest, f: 'geojson' }),
  pbfGeojson: await queryFeatures({ ...gravest, f: 'pbf-as-geojson' }),
  count: (await queryFeatures({ url: issues, returnCountOnly: true })).count,
  all: (await queryAllFeatures({ url: issues, where: 'severity >= 4', outFields: ['OBJECTID'], returnGeometry: false })).features.map((feature) => feature.attributes.OBJECTID),
  wards: (await queryAllFeatures({ url: wards, where: "level = 'community'", outFields: ['code'], f: 'pbf-as-geojson' })).features.map((ward) => [ward.properties.code, ward.geometry.type]),
  decoded: (await decodeValues({ url: issues, queryResponse: await queryFeatures(gravest) })).features.map((feature) => feature.attributes.status),
}

// Who asks from generation to generation is told of each change once.
const generations = async () => (await request(service)).changeTrackingInfo.layerServerGens
const before = await generations()
const place = { x: 112.68, y: 32.43, spatialReference: { wkid: 4326 } }
const added = await addFeatures({ url: issues, authentication, features: [{ geometry: place, attributes: { category: 'standing_sewage', source: 'patrol', title: 'ArcGIS REST JS' } }] })
const id = added.addResults[0].objectId
const changes = {
  id,
  added,
  updated: await updateFeatures({ url: issues, authentication, features: [{ attributes: { OBJECTID: id, severity: 5 } }] }),
  refused: await applyEdits({
    url: issues, authentication, rollbackOnFailure: true, adds: [], deletes: [],
    updates: [{ attributes: { OBJECTID: id, title: 'changed' } }, { attributes: { OBJECTID: 7, severity: 9 } }],
  }),
  withoutKey: await refusal(updateFeatures({ url: issues, features: [{ attributes: { OBJECTID: id, severity: 1 } }] })),
  now: (await getFeature({ url: issues, id })).attributes,
  extracted: await request(`${service}/extractChanges`, { params: { layers: [0], layerServerGens: before, returnIdsOnly: true } }),
  deleted: await deleteFeatures({ url: issues, authentication, objectIds: [id] }),
}

console.log(JSON.stringify({ described, queried, changes }))
