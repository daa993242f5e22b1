namespace Blackwall.Tarpit.Ssh;

/// <summary>Numbers and limits of a channel as its opening has them.</summary>
/// <param name="Ours">Our number.</param>
/// <param name="Theirs">The peer's number.</param>
/// <param name="Window">Bytes that the peer accepts at first.</param>
/// <param name="LargestPacket">Bytes of one packet that the peer accepts.</param>
internal readonly record struct ChannelAddress(uint Ours, uint Theirs, uint Window, uint LargestPacket);
