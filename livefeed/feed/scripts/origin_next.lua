-- ARGV how many. Returns remixes that may still show something of this post.
return call('SRANDMEMBER', REMIXES, args[1])
