using Blackwall.Behavior.Judgement;

namespace Blackwall.Behavior.Memory;

/// <summary>A few kinds of evidence that a source's record keeps, by number; 4 bytes.</summary>
internal struct KindSet
{
    /// <summary>Kinds of sources have numbers below this.</summary>
    public const int Capacity = 32;

    private uint _numbers;

    public readonly bool Contains(EvidenceKind kind) => (_numbers & (1u << kind.Number)) != 0;

    public void Set(EvidenceKind kind, bool isIn) => _numbers = isIn ? _numbers | (1u << kind.Number) : _numbers & ~(1u << kind.Number);
}
