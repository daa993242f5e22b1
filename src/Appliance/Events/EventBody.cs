using System.Text.Json;
using Blackwall.Api.Contracts;

namespace Blackwall.Events;

/// <summary>One event that was told.</summary>
/// <param name="Id">As in the stream.</param>
/// <param name="Time">When.</param>
/// <param name="Kind">One of the kinds of events.</param>
/// <param name="Version">Of the shape of the data; counts up when that changes otherwise than by additions.</param>
/// <param name="Data">As in the stream: the body of that kind.</param>
public sealed record EventBody(string Id, DateTimeOffset Time, [property: Word(WordLists.EventKind)] string Kind, int Version, JsonElement Data);
