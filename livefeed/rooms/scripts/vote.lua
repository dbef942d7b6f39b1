-- ARGV room id, voter, the voter as JSON, variation id, '1' to vote for it or '0' to take the vote back.
local room, user, shown, variation, on = args[1], args[2], args[3], args[4], args[5] == '1'
local refused = needs(user, ' owner editor ', 'Viewers do not vote: ask the owner to make you an editor.') or published()
if refused then return refused end
if call('HEXISTS', VARIATIONS, variation) == 0 then
  return refuse('not_found', 'There is no such variation in this room.')
end
if (call('HGET', VOTES, user) == variation) ~= on then vote(room, user, shown, variation, on) end
return ''
