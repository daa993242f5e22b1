using Blackwall.Intel;
using Xunit;

namespace Blackwall.Tests.Intel;

public sealed class IndicatorMergeTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static IndicatorFact Decision(double hours, long id = 7, FactEffect effect = FactEffect.Assert) =>
        new(IndicatorKind.Ipv4, "198.51.100.7", "local", "brute-force", 90, Start) { DecisionId = id, ValidUntil = Start.AddHours(hours), Effect = effect };

    [Fact]
    public void A_renewed_decision_is_a_new_version_with_another_end_and_the_same_creation()
    {
        Indicator first = IndicatorMerge.Apply(null, Decision(1), Start, Day)!.Value.After;
        (Indicator second, bool changed, _) = IndicatorMerge.Apply(first, Decision(4) with { Sightings = 0 }, Start, Day)!.Value;
        Assert.True(changed);
        Assert.Equal(Start.AddHours(4), second.ValidUntil);
        Assert.Equal(first.Created, second.Created);

        // Within one millisecond too.
        Assert.True(second.Modified > first.Modified);
        Assert.Null(IndicatorMerge.Apply(second, Decision(4) with { Sightings = 0 }, Start.AddHours(1), Day));
    }

    [Fact]
    public void What_is_lifted_is_revoked_and_what_comes_after_has_another_identity()
    {
        Indicator first = IndicatorMerge.Apply(null, Decision(1), Start, Day)!.Value.After;
        Indicator revoked = IndicatorMerge.Apply(first, Decision(1, effect: FactEffect.Revoke), Start.AddMinutes(1), Day)!.Value.After;
        Assert.True(revoked.Revoked);
        Assert.Null(IndicatorMerge.Apply(revoked, Decision(1, effect: FactEffect.Revoke), Start.AddMinutes(2), Day));
        Indicator again = IndicatorMerge.Apply(revoked, Decision(2, id: 8), Start.AddMinutes(3), Day)!.Value.After;
        Assert.False(again.Revoked);
        Assert.Equal(1, again.Generation);
        Assert.True(again.Created > revoked.Modified);
    }

    [Fact]
    public void What_ends_by_itself_is_not_revoked_and_its_sightings_are_published()
    {
        Indicator known = IndicatorMerge.Apply(null, Decision(1), Start, Day)!.Value.After;
        (known, bool changed, bool told) = IndicatorMerge.Apply(known, Decision(1), Start.AddSeconds(1), Day)!.Value;
        Assert.True(!changed && told);
        (known, changed, told) = IndicatorMerge.Apply(known, Decision(1), Start.AddSeconds(2), Day)!.Value;
        Assert.False(changed || told);
        (known, changed, told) = IndicatorMerge.Apply(known, Decision(1, effect: FactEffect.Settle) with { Sightings = 0 }, Start.AddHours(1), Day)!.Value;
        Assert.True(!changed && told && !known.Revoked);
        Assert.Equal(3, known.ToldSightings);
    }

    [Fact]
    public void Evidence_alone_moves_its_end_in_steps()
    {
        IndicatorFact seen = new(IndicatorKind.Ipv4, "198.51.100.7", "local", "http-probe", 40, Start);
        Indicator known = IndicatorMerge.Apply(null, seen, Start, Day)!.Value.After;
        Assert.False(IndicatorMerge.Apply(known, seen with { Seen = Start.AddHours(1) }, Start.AddHours(1), Day)!.Value.IsChanged);
        Assert.True(IndicatorMerge.Apply(known, seen with { Seen = Start.AddHours(7) }, Start.AddHours(7), Day)!.Value.IsChanged);
        Assert.True(IndicatorMerge.Apply(known, seen with { Reason = "port-scan" }, Start.AddHours(1), Day)!.Value.IsChanged);
        Assert.Null(IndicatorMerge.Apply(null, seen with { Effect = FactEffect.Add }, Start, Day));
    }

    [Fact]
    public void An_end_of_validity_lies_after_its_beginning()
    {
        Indicator known = IndicatorMerge.Apply(null, Decision(-1), Start, Day)!.Value.After;
        Assert.True(known.ValidUntil > known.ValidFrom);
    }
}
