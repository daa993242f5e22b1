using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Tests.Capture;

/// <summary>Stands where the kernel stands: remembers what is watched, and hands out what the test makes up.</summary>
internal sealed class TapStub : IPacketTap
{
    public IPacketReceiver? Taker { get; private set; }

    public Dictionary<Prefix, TapTerms> Watched { get; } = [];

    public GuardSet Guard { get; private set; } = GuardSet.Empty;

    public IReadOnlyList<ushort> OwnPorts { get; private set; } = [];

    public bool Available => true;

    public string? Fault => null;

    public long Lost => 0;

    public void Open(IPacketReceiver taker, int ringMegabytes) => Taker = taker;

    public void Protect(GuardSet guard, IReadOnlyList<ushort> ownPorts) => (Guard, OwnPorts) = (guard, ownPorts);

    public bool TryWatch(Prefix scope, TapTerms terms)
    {
        Watched[scope] = terms;
        return true;
    }

    public void Unwatch(Prefix scope) => Watched.Remove(scope);
}
