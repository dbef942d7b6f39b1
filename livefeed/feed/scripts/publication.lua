-- Create a post: its state, `post.created` on its topic, the outbox. To be put in front of any body of the post's slot.
--   topic  which of the script's topics is post:{id}
--   k      keys[k] is the post's hash
--   a      args[a] and on: the post's JSON without `created` and totals and without its closing brace,
--          author id, tags (JSON list), parent ('' : none), how it was made (JSON, '' : not here), what it shows of
--          the picture it was made from (JSON, '' : nothing)
-- Returns the id of its event. A post that exists, or was deleted, stays as it is; a broken attempt is completed.
local function create_post(topic, k, a)
  local key = keys[k]
  local post, event, done, gone = unpack(call('HMGET', key, 'post', 'event', 'done', 'gone'))
  if done or gone then return event end
  if not post then
    post = args[a] .. string.format(',"created":%.0f}', now())
    call('HSET', key, 'post', post, 'author', args[a + 1], 'tags', args[a + 2], 'parent', args[a + 3],
      'made', args[a + 4] or '', 'told', '"reactions":{},"comments":0,"remixes":0')
  end
  local origin = args[a + 5]
  if origin ~= '' then call('HSET', key, 'origin', origin) end
  local data = '{"post":' .. post:sub(1, -2) .. (origin ~= '' and ',"origin":' .. origin or '') .. ',"reactions":{},"comments":0,"remixes":0}}'
  if not event then
    event = append(topic, 'post.created', data)
    call('HSET', key, 'event', event)
  end
  publish('post.created', event, data)
  call('HSET', key, 'done', '1')
  return event
end
