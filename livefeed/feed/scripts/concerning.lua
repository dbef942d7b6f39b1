-- What the outbox says of a comment: itself, whose post it is on (`owner`), and whose comment it replies to (`above`).
local function concerning(comment, parent)
  local stored = parent ~= '' and call('HGET', COMMENTS, parent)
  local above = stored and ',"above":' .. cjson.encode(cjson.decode(stored).author.id) or ''
  return '{"comment":' .. comment .. ',"owner":' .. cjson.encode(call('HGET', POST, 'author')) .. above .. '}'
end
