using Blackwall.Behavior.Judgement;

namespace Blackwall.Behavior;

/// <summary>How often each kind of evidence was found. Written by the packet path, read by anybody.</summary>
internal sealed class EvidenceCounts
{
    private readonly long[] _counts = new long[EvidenceKind.All.Count];

    public long this[EvidenceKind kind] => Volatile.Read(ref _counts[kind.Number]);

    public void Count(EvidenceKind kind) => Volatile.Write(ref _counts[kind.Number], _counts[kind.Number] + 1);
}
