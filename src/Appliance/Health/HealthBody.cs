using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;

namespace Blackwall.Health;

/// <summary>How the appliance is.</summary>
/// <param name="Status">live; ready, degraded or starting.</param>
/// <param name="Faults">What is wrong and what to do, by part; only for callers with a key.</param>
public sealed record HealthBody([property: Word(WordLists.Health)] string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Faults);
