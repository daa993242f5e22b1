using System.Collections.Frozen;

namespace Blackwall.Mesh.Libp2p;

/// <summary>What was refused, cut and lost, by reason. Nothing is lost without being counted here.</summary>
public sealed class MeshCounters
{
    private readonly long[] _values = new long[Enum.GetValues<MeshLoss>().Length];

    public long this[MeshLoss loss] => Interlocked.Read(ref _values[(int)loss]);

    public void Count(MeshLoss loss) => Interlocked.Increment(ref _values[(int)loss]);

    /// <summary>All of them, by name.</summary>
    public FrozenDictionary<string, long> Read() => Enum.GetValues<MeshLoss>().ToFrozenDictionary(loss => loss.ToString(), loss => this[loss], StringComparer.Ordinal);
}
