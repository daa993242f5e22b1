using System.Text.Json.Serialization;

namespace Blackwall.Api.Problems;

/// <summary>What went wrong (RFC 9457).</summary>
/// <param name="Type">"about:blank": the status says it all; "license-limit": the licence does not go so far.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence for a person.</param>
/// <param name="Instance">The path that was asked for.</param>
/// <param name="TraceId">Finds the request in the log.</param>
/// <param name="Errors">What is wrong with each field or line.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string? Instance, string? TraceId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors);
