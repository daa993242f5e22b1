using Blackwall.Behavior.Judgement;

namespace Blackwall.Behavior;

/// <summary>How often each kind of evidence was found. Written by the packet path, read by anybody.</summary>
internal sealed class EvidenceCounts
{
    private readonly long[] _counts = new long[EvidenceKinds.Count];

    public long this[EvidenceKind kind] => Volatile.Read(ref _counts[(int)kind]);

    public void Count(EvidenceKind kind) => Volatile.Write(ref _counts[(int)kind], _counts[(int)kind] + 1);
}
