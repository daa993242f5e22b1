namespace Blackwall.Lab.Edge;

/// <summary>A refusal (RFC 9457).</summary>
public sealed record ProblemView(string? Title, string? Detail, int? Status);
