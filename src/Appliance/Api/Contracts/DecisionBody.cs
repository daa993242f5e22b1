using System.Text.Json.Serialization;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;

namespace Blackwall.Api.Contracts;

/// <summary>A verdict over a scope, with its reason, author and end.</summary>
/// <param name="Id">Unique over restarts.</param>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Origin">guard, operator, local, model, mesh or feed.</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Start">When it came into force.</param>
/// <param name="Expiry">When it ends; null: when somebody lifts it.</param>
/// <param name="Evidence">What it rests on; old pieces may be forgotten.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who decided.</param>
/// <param name="Enforced">Whether the wall holds it and acts on it now.</param>
/// <param name="Ended">How it ended; not there while it is in force.</param>
public sealed record DecisionBody(
    long Id,
    string Scope,
    [property: Word(WordLists.Verdict)] string Verdict,
    [property: Word(WordLists.Origin)] string Origin,
    string Reason,
    double Confidence,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<EvidenceBody> Evidence,
    string? Comment,
    string Actor,
    bool Enforced,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EndBody? Ended = null) : IStorable
{
    /// <summary>Whose claim it is, among those of its origin: the name of a feed, sensor or model, "operator", "config", the path of a list, "appliance".</summary>
    public string Owner { get; init; } = "";

    /// <summary>The stronger decision that decides at its scope in its place, such as an operator's allow; not there where it decides itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OverruledBy { get; init; }

    /// <summary>Where the scope, by its first address, is used; not there where the operator's databases do not know, and in events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlaceBody? Place { get; init; }

    /// <summary>Everything that is claimed of the scope, by those who name it or a wider one, strongest first. Only where one decision or address was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClaimBody>? Claims { get; init; }

    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;

    internal static DecisionBody From(EndedDecision past) =>
        From(past.Decision, [], enforced: false) with { Ended = new EndBody(past.Ended, Words.Kebab(past.Cause.ToString()), past.By) };

    internal static DecisionBody From(Decision decision, IReadOnlyList<Evidence> evidence, bool enforced) => new(
        decision.Id,
        decision.Scope.ToString(),
        Words.For(decision.Verdict),
        Words.For(decision.Origin),
        decision.Reason,
        decision.Confidence,
        decision.Start,
        decision.Expiry,
        [.. evidence.Select(EvidenceBody.From)],
        decision.Comment,
        decision.Actor,
        enforced)
    {
        Owner = decision.Owner,
    };
}
