namespace Blackwall.Pipeline.Model;

/// <summary>Which of the sources that detection knows.</summary>
/// <param name="Phase">Of this phase; null: of any.</param>
/// <param name="Within">In this prefix; null: in any.</param>
/// <param name="Order">The most first; of the same, the lower address first.</param>
/// <param name="After">Only what comes behind this place in the order; null: from the first on.</param>
/// <param name="Limit">At most so many.</param>
public sealed record SourceQuery(string? Phase, Prefix? Within, SourceOrder Order, SourcePlace? After, int Limit)
{
    /// <summary>Only addresses for which this holds; asked while detection waits, so it answers at once. Null: any.</summary>
    public Func<Address, bool>? Among { get; init; }
}
