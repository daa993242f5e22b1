using System.Text.Json;
using Blackwall.Api.Contracts;

namespace Blackwall.Events;

/// <summary>One event that the stream told.</summary>
/// <param name="Id">As in the stream.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">decision, lifted, evidence, status or change.</param>
/// <param name="Data">As in the stream: a DecisionEventBody, an EvidenceBody or a WallBody.</param>
public sealed record EventBody(string Id, DateTimeOffset Time, [property: Word(WordLists.EventKind)] string Kind, JsonElement Data);
