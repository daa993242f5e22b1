using System.Text.Json.Serialization;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Changes;

/// <summary>What a change wants, as it is stored: written once. Times are milliseconds since 1970.</summary>
internal sealed record SavedChange(
    IReadOnlyList<SavedRule> Put,
    IReadOnlyList<string> Remove,
    int? Mode,
    string? Comment,
    string Actor,
    long Created)
{
    public static SavedChange From(PolicyChange change) => new(
        [.. change.Rules.Put.Select(SavedRule.From)],
        [.. change.Rules.Remove.Select(scope => scope.ToString())],
        (int?)change.Mode,
        change.Comment,
        change.Actor,
        change.Created.ToUnixTimeMilliseconds());

    public PolicyChange ToChange(long id, SavedCourse course) => new(
        id,
        (ChangeState)course.State,
        new RuleChange([.. Put.Select(rule => rule.ToRequest())], [.. Remove.Select(scope => Prefix.Parse(scope))]),
        (EnforcementMode?)Mode,
        Comment,
        Actor,
        DateTimeOffset.FromUnixTimeMilliseconds(Created))
    {
        Deadline = At(course.Deadline),
        Ends = course.Ends ?? course.Deadline ?? long.MaxValue,
        Ended = At(course.Ended),
        Outcome = course.Outcome,
        ModeBefore = (EnforcementMode)course.ModeBefore,
        Replaced = [.. course.Replaced.Select(rule => rule.ToDecision())],
    };

    private static DateTimeOffset? At(long? milliseconds) => milliseconds is { } some ? DateTimeOffset.FromUnixTimeMilliseconds(some) : null;
}

[JsonSerializable(typeof(SavedChange))]
[JsonSerializable(typeof(SavedCourse))]
internal sealed partial class SavedChangeJson : JsonSerializerContext;
