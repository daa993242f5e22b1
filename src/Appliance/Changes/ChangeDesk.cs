using System.Globalization;
using Blackwall.Api.Contracts;
using Blackwall.Decisions;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Changes;

/// <summary>Reads what a client wants changed, and shows how a change stands.</summary>
internal sealed class ChangeDesk(ChangeBook book)
{
    public const int MaxRules = 200_000;
    private const int Shown = 1000;

    public static RuleChange Read(ChangeInput input, string actor, DecisionReader reader)
    {
        IReadOnlyList<DecisionInput> rules = input.Rules ?? [];
        IReadOnlyList<string> remove = input.Remove ?? [];
        if (rules.Count + remove.Count > MaxRules)
        {
            reader.Fail("rules", string.Create(CultureInfo.InvariantCulture, $"At most {MaxRules} rules in one change."));
            return new RuleChange([], []);
        }

        List<DecisionRequest> put = new(rules.Count);
        for (int i = 0; i < rules.Count && reader.Errors.Count < 100; i++)
        {
            DecisionReader one = new();
            put.Add(one.Request(rules[i] ?? new DecisionInput(null, null, null, null, null), actor));
            foreach ((string field, string[] errors) in one.Errors)
            {
                reader.Fail(string.Create(CultureInfo.InvariantCulture, $"rules[{i}].{field}"), errors[0]);
            }
        }

        List<Prefix> gone = new(remove.Count);
        for (int i = 0; i < remove.Count && reader.Errors.Count < 100; i++)
        {
            if (reader.Scope(string.Create(CultureInfo.InvariantCulture, $"remove[{i}]"), remove[i], required: true) is { } scope)
            {
                gone.Add(scope);
            }
        }

        return new RuleChange(put, gone);
    }

    public ChangeBody ToBody(PolicyChange change)
    {
        IReadOnlyDictionary<int, ulong> met = book.ShadowHits(change);
        bool counted = change.State == ChangeState.Shadow;
        long? dropped = counted ? (long)met.Where(hit => change.Rules.Put[hit.Key].Verdict == Verdict.Drop).Aggregate(0ul, (sum, hit) => sum + hit.Value) : null;
        var (listed, more) = counted ? book.ShadowSources() : ([], 0);
        ChangeSourceBody[] sources = [.. listed
            .Where(source => source.Rule < change.Rules.Put.Count)
            .Select(source => (source.Source, Rule: change.Rules.Put[source.Rule]))
            .Select(source => new ChangeSourceBody($"{source.Source}", $"{source.Rule.Scope}", Words.For(source.Rule.Verdict)))];
        string? note = more > 0 ? string.Create(CultureInfo.InvariantCulture, $"{more} more sightings of sources that are not listed.") : null;
        return ToBody(change, met, new Dictionary<int, Decision>(), dropped, sources, note);
    }

    /// <summary>As it would be; nothing is changed.</summary>
    public static ChangeBody ToBody(PolicyChange change, PolicyPreview preview) => ToBody(change, new Dictionary<int, ulong>(), preview.Overruled, null, [], null) with { Id = null };

    public static ChangeRuleBody ToBody(DecisionRequest rule, ulong? met, Decision? overruled) => new(
        $"{rule.Scope}",
        Words.For(rule.Verdict),
        rule.Ttl is { } ttl ? (long)ttl.TotalSeconds : null,
        rule.Comment,
        (long?)met,
        overruled is null ? null : $"{Words.For(overruled.Verdict)} {overruled.Scope} ({Words.For(overruled.Origin)}, {overruled.Reason})");

    private static ChangeBody ToBody(
        PolicyChange change,
        IReadOnlyDictionary<int, ulong> met,
        IReadOnlyDictionary<int, Decision> overruled,
        long? dropped,
        IReadOnlyList<ChangeSourceBody> sources,
        string? note) => new(
            change.Id,
            Words.Kebab($"{change.State}"),
            change.Mode is { } mode ? Words.Kebab($"{mode}") : null,
            change.Rules.Put.Count,
            change.Rules.Remove.Count,
            [.. (met.Count == 0 ? Enumerable.Range(0, change.Rules.Put.Count) : Enumerable.Range(0, change.Rules.Put.Count).OrderByDescending(i => met.GetValueOrDefault(i)))
                .Take(Shown)
                .Select(i => ToBody(change.Rules.Put[i], met.TryGetValue(i, out ulong hits) ? hits : null, overruled.GetValueOrDefault(i)))],
            [.. change.Rules.Remove.Take(Shown).Select(scope => $"{scope}")],
            dropped,
            sources,
            change.Comment,
            change.Actor,
            change.Created,
            change.Deadline,
            change.Ended,
            change.Outcome,
            note)
        {
            Stored = change.Stored,
        };
}
