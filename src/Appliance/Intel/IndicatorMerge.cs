namespace Blackwall.Intel;

/// <summary>What an indicator becomes by a fact. Pure: the same facts in the same order give the same indicator.</summary>
internal static class IndicatorMerge
{
    private const int MaxFingerprints = 4;
    private const int CertainlySeen = 999_999_999;

    /// <summary>Sightings are published again when they have doubled or after this.</summary>
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(1);

    /// <summary>Evidence without a decision moves the end of validity in steps of a quarter of it, so that a busy source does not make a version a second.</summary>
    private const int ValiditySteps = 4;

    /// <summary>The indicator after the fact, whether it has to be published anew, and whether its sightings have; null: nothing changes.</summary>
    /// <param name="before">Null: there is none.</param>
    /// <param name="fact">What happened.</param>
    /// <param name="now">When it is published.</param>
    /// <param name="validity">How long evidence without a decision counts.</param>
    public static (Indicator After, bool IsChanged, bool TellSightings)? Apply(Indicator? before, IndicatorFact fact, DateTimeOffset now, TimeSpan validity)
    {
        now = Whole(now);
        bool isOver = before is null || before.Revoked;
        if (isOver && fact.Effect is not FactEffect.Assert)
        {
            return null;
        }

        if (isOver)
        {
            Indicator made = new(
                fact.Kind, fact.Value, fact.Source, before is null ? 0 : before.Generation + 1, Later(now, before), Later(now, before), Whole(fact.Seen), End(fact, validity), fact.Confidence,
                fact.Reason is null ? [] : [fact.Reason], Whole(fact.Seen), Whole(fact.Seen), fact.Sightings, fact.Sightings, now)
            {
                DecisionId = fact.DecisionId,
                Fingerprints = fact.Fingerprint is null ? [] : [fact.Fingerprint],
            };
            return (Sane(made), true, fact.Sightings > 0);
        }

        Indicator after = Counted(before!, fact);
        bool changed = false;
        switch (fact.Effect)
        {
            case FactEffect.Revoke:
                (after, changed) = (after with { Revoked = true }, true);
                break;
            case FactEffect.Settle:
                // What is seen from now on is evidence again, with a validity of its own.
                after = after with { DecisionId = 0 };
                break;
            default:
                after = Grown(after, fact, validity);
                changed = !Same(before!, after);
                break;
        }

        bool told = after.Sightings > after.ToldSightings
            && (changed || fact.Effect is FactEffect.Settle || now - after.Told >= TellEvery || after.Sightings >= 2 * after.ToldSightings);
        after = after with
        {
            Modified = changed ? Later(now, before) : after.Modified,
            ToldSightings = told ? after.Sightings : after.ToldSightings,
            Told = told ? now : after.Told,
        };
        return after == before ? null : (Sane(after), changed, told);
    }

    private static Indicator Counted(Indicator before, IndicatorFact fact) => before with
    {
        Sightings = Math.Min(CertainlySeen, before.Sightings + fact.Sightings),
        FirstSeen = fact.Sightings > 0 && fact.Seen < before.FirstSeen ? Whole(fact.Seen) : before.FirstSeen,
        LastSeen = fact.Sightings > 0 && fact.Seen > before.LastSeen ? Whole(fact.Seen) : before.LastSeen,
    };

    private static Indicator Grown(Indicator before, IndicatorFact fact, TimeSpan validity)
    {
        DateTimeOffset? end = End(fact, validity);
        bool decides = fact.DecisionId != 0;
        bool isExtended = decides
            ? end != before.ValidUntil
            : before.DecisionId == 0 && before.ValidUntil is { } until && end > until + (validity / ValiditySteps);
        return before with
        {
            ValidUntil = isExtended ? end : before.ValidUntil,
            DecisionId = decides ? fact.DecisionId : before.DecisionId,
            Source = decides ? fact.Source : before.Source,
            Confidence = Math.Max(before.Confidence, fact.Confidence),
            Reasons = fact.Reason is { } reason && before.Reasons.Count < Indicator.MaxReasons && !before.Reasons.Contains(reason, StringComparer.Ordinal) ? [.. before.Reasons, reason] : before.Reasons,
            Fingerprints = fact.Fingerprint is { } print && before.Fingerprints.Count < MaxFingerprints && !before.Fingerprints.Contains(print, StringComparer.Ordinal) ? [.. before.Fingerprints, print] : before.Fingerprints,
        };
    }

    private static bool Same(Indicator one, Indicator other) =>
        one.ValidUntil == other.ValidUntil && one.Confidence == other.Confidence && one.Reasons.Count == other.Reasons.Count && one.Fingerprints.Count == other.Fingerprints.Count
        && string.Equals(one.Source, other.Source, StringComparison.Ordinal) && one.DecisionId == other.DecisionId;

    private static DateTimeOffset? End(IndicatorFact fact, TimeSpan validity) =>
        fact.DecisionId != 0 ? fact.ValidUntil is { } until ? Whole(until) : null : Whole(fact.Seen + validity);

    // STIX 2.1 section 4.7: an end of validity lies after its beginning.
    private static Indicator Sane(Indicator indicator) =>
        indicator.ValidUntil <= indicator.ValidFrom ? indicator with { ValidUntil = indicator.ValidFrom.AddMilliseconds(1) } : indicator;

    private static DateTimeOffset Later(DateTimeOffset now, Indicator? before) => before is null || now > before.Modified ? now : before.Modified.AddMilliseconds(1);

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
