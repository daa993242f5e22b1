using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Where a claim lies in order of scope: as <see cref="Prefix.CompareTo"/> has it, then by origin and owner, so that each is distinct.</summary>
internal readonly record struct ScopeKey(ulong High, ulong Low, byte Length, byte Origin, ushort Owner) : IComparable<ScopeKey>
{
    /// <summary>Before every claim about the scope.</summary>
    public ScopeKey(Prefix scope)
        : this((ulong)(scope.Network.Value >> 64), (ulong)scope.Network.Value, scope.Length, 0, 0)
    {
    }

    public static ScopeKey From(ClaimRows rows, int slot)
    {
        ref ClaimRow row = ref rows[slot];
        return new ScopeKey(row.High, row.Low, row.Length, row.OriginCode, row.Owner);
    }

    public int CompareTo(ScopeKey other)
    {
        if (High != other.High)
        {
            return High < other.High ? -1 : 1;
        }

        if (Low != other.Low)
        {
            return Low < other.Low ? -1 : 1;
        }

        if (Length != other.Length)
        {
            return Length - other.Length;
        }

        return Origin != other.Origin ? Origin - other.Origin : Owner - other.Owner;
    }
}
