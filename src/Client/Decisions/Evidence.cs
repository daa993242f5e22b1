
namespace Blackwall.Client.Decisions;

/// <summary>One thing seen of a source, and what class of proof it is.</summary>
public sealed record Evidence(long Id, string Source, string Kind, string Class, double Weight, DateTimeOffset Seen, string Detail);
