using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Packets;

namespace Blackwall.Kernel.Tests.Harness;

/// <summary>What a program made of a frame.</summary>
/// <param name="Code">XDP or tc action.</param>
/// <param name="Reason">The counter that moved; null: none did.</param>
/// <param name="Would">It only would have been, for the wall observes.</param>
/// <param name="Bytes">The frame afterwards.</param>
public sealed record Outcome(int Code, Reason? Reason, bool Would, byte[] Bytes)
{
    public View View => new(Bytes);
}
