using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Kernel.Tapping;

/// <summary>Stands in for the tap while the mode is off.</summary>
internal sealed class NoTap : IPacketTap
{
    public bool Available => false;

    public string? Fault => null;

    public long Lost => 0;

    public void Open(IPacketReceiver taker, int ringMegabytes)
    {
        // There is nothing to open.
    }

    public void Protect(GuardSet guard, IReadOnlyList<ushort> ownPorts)
    {
        // Nothing is tapped.
    }

    public bool TryWatch(Prefix scope, TapTerms terms) => false;

    public void Unwatch(Prefix scope)
    {
        // Nothing is watched.
    }
}
