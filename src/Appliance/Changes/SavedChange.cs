using System.Text.Json.Serialization;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Changes;

/// <summary>A change as it is stored. Times are milliseconds since 1970.</summary>
internal sealed record SavedChange(
    int State,
    IReadOnlyList<SavedRule> Put,
    IReadOnlyList<string> Remove,
    int? Mode,
    string? Comment,
    string Actor,
    long Created,
    long? Deadline,
    long? Ended,
    string? Outcome,
    int ModeBefore,
    IReadOnlyList<SavedRule> Replaced)
{
    public static SavedChange Of(PolicyChange change) => new(
        (int)change.State,
        [.. change.Rules.Put.Select(SavedRule.Of)],
        [.. change.Rules.Remove.Select(scope => scope.ToString())],
        (int?)change.Mode,
        change.Comment,
        change.Actor,
        change.Created.ToUnixTimeMilliseconds(),
        change.Deadline?.ToUnixTimeMilliseconds(),
        change.Ended?.ToUnixTimeMilliseconds(),
        change.Outcome,
        (int)change.ModeBefore,
        [.. change.Replaced.Select(SavedRule.Of)]);

    public PolicyChange ToChange(long id) => new(
        id,
        (ChangeState)State,
        new RuleChange([.. Put.Select(rule => rule.ToRequest())], [.. Remove.Select(scope => Prefix.Parse(scope))]),
        (EnforcementMode?)Mode,
        Comment,
        Actor,
        DateTimeOffset.FromUnixTimeMilliseconds(Created))
    {
        Deadline = At(Deadline),
        Ended = At(Ended),
        Outcome = Outcome,
        ModeBefore = (EnforcementMode)ModeBefore,
        Replaced = [.. Replaced.Select(rule => rule.ToDecision())],
    };

    private static DateTimeOffset? At(long? milliseconds) => milliseconds is { } some ? DateTimeOffset.FromUnixTimeMilliseconds(some) : null;
}

[JsonSerializable(typeof(SavedChange))]
internal sealed partial class SavedChangeJson : JsonSerializerContext;
