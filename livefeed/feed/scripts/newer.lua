-- Tell whether event `mark` is newer than the one known, if any.
local function is_newer(known, mark)
  if not known then return true end
  local known_ms, known_n = known:match('(%d+)-(%d+)')
  local ms, n = mark:match('(%d+)-(%d+)')
  ms, known_ms = tonumber(ms), tonumber(known_ms)
  return ms > known_ms or (ms == known_ms and tonumber(n) > tonumber(known_n))
end

-- Tell whether event `mark` is newer than the last one noted at `key`.
local function newer(key, mark) return is_newer(call('GET', key), mark) end
