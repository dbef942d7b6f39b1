-- ARGV as create_post takes them. Returns the post as JSON.
create_post(1, 1, 1)
local post = alive()
if not post then return refuse('not_found', 'This picture was deleted.') end
return shown(post)
