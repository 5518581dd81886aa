-- For wrk: asks for random tiles of a zoom. Arguments: zoom, first and last column, first and last row.
local z, x0, x1, y0, y1

function init(args)
  z, x0, x1, y0, y1 = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  math.randomseed(1)
end

function request()
  return wrk.format("GET", string.format("/tiles/issues/%s/%d/%d.mvt?aggregate=none&properties=category", z, math.random(x0, x1), math.random(y0, y1)))
end
