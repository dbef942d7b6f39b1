-- ARGV post id, comment id, user, the comment's JSON as it is, as it is to be without `edited` and its closing brace.
-- Returns the comment as JSON.
local stored = alive() and call('HGET', COMMENTS, args[2])
local comment = stored and cjson.decode(stored)
if not comment or comment.deleted then
  return refuse('not_found', 'This comment does not exist, or it was deleted.')
elseif comment.author.id ~= args[3] then
  return refuse('forbidden', 'Only its author can change a comment.')
elseif stored ~= args[4] then
  return refuse('conflict', 'This comment was changed at the same moment; look at it and try again.')
end
local new = args[5] .. string.format(',"edited":%.0f}', now())
local event = append(1, 'comment.updated', '{"comment":' .. new .. '}')
publish('comment.updated', event, concerning(new, comment.parent or ''))
call('HSET', COMMENTS, args[2], new)
return new
