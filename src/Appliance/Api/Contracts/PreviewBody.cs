using System.Text.Json.Serialization;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Contracts;

/// <summary>What a change would do (dry run), or which part of a change that was made is not enforced or not stored yet.</summary>
/// <param name="Before">What was there; null: nothing.</param>
/// <param name="After">What is there then, with id 0 while it is only asked for; null: nothing.</param>
/// <param name="Winner">The decision that decides about the scope then; null: none, packets pass.</param>
public sealed record PreviewBody(DecisionBody? Before, DecisionBody? After, DecisionBody? Winner)
{
    /// <summary>Not in a dry run: whether the wall acts on the change; when not, it will as soon as it can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Enforced { get; init; }

    /// <summary>Not in a dry run: whether the change is on the disk; when not, it is tried until it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Stored { get; init; }

    /// <summary>Answer to a change that was made but is not yet enforced or not yet stored, where the endpoint has no other body.</summary>
    internal static PreviewBody Made(bool enforced, bool stored) => new(null, null, null) { Enforced = enforced, Stored = stored };

    internal static PreviewBody From(ChangePreview preview) => new(Body(preview.Before), Body(preview.After), Body(preview.Winner));

    private static DecisionBody? Body(Decision? decision) => decision is null ? null : DecisionBody.From(decision, [], enforced: false);
}
