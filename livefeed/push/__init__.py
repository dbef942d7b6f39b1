"""Push notifications: what concerns somebody reaches their browsers while no page of ours is open.

What a person is told goes into a line in their own slot, one entry for each of their browsers, in the step that tells
it; a consumer group takes it from there to the browsers' push services, sealed, until they have it. Source: RFC 8030,
RFC 8291, RFC 8292; docs/push.md.
"""
