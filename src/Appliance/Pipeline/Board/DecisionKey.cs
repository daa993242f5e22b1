using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What makes two decisions the same one: what they speak about and who decided.</summary>
public readonly record struct DecisionKey(Prefix Scope, Origin Origin) : IComparable<DecisionKey>
{
    public int CompareTo(DecisionKey other)
    {
        int byScope = Scope.CompareTo(other.Scope);
        return byScope != 0 ? byScope : Origin.CompareTo(other.Origin);
    }

    public static bool operator <(DecisionKey left, DecisionKey right) => left.CompareTo(right) < 0;

    public static bool operator >(DecisionKey left, DecisionKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(DecisionKey left, DecisionKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DecisionKey left, DecisionKey right) => left.CompareTo(right) >= 0;
}
