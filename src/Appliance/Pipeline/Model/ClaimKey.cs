namespace Blackwall.Pipeline.Model;

/// <summary>What makes two claims the same one: what they speak about, and who makes them.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Origin">Kind of owner.</param>
/// <param name="Owner">Name of the owner among its kind.</param>
public readonly record struct ClaimKey(Prefix Scope, Origin Origin, string Owner) : IComparable<ClaimKey>
{
    public int CompareTo(ClaimKey other)
    {
        int byScope = Scope.CompareTo(other.Scope);
        if (byScope != 0)
        {
            return byScope;
        }

        int byOrigin = Origin.CompareTo(other.Origin);
        return byOrigin != 0 ? byOrigin : string.CompareOrdinal(Owner, other.Owner);
    }

    public static bool operator <(ClaimKey left, ClaimKey right) => left.CompareTo(right) < 0;

    public static bool operator >(ClaimKey left, ClaimKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(ClaimKey left, ClaimKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ClaimKey left, ClaimKey right) => left.CompareTo(right) >= 0;
}
