using System.Text.Json.Serialization;

namespace Blackwall.Lab.Story;

/// <summary>What <c>--json</c> prints.</summary>
/// <param name="Ended">Null, or why the story did not come to its end.</param>
public sealed record FactReport(bool Ok, string? Ended, IReadOnlyList<Fact> Facts);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(FactReport))]
internal sealed partial class FactJson : JsonSerializerContext;
