-- ARGV the root of the post's lineage. What has expired stays away.
if call('EXISTS', POST) == 1 then call('HSET', POST, 'root', args[1]) end
return ''
