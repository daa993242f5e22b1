namespace Blackwall.Lab.Story;

/// <summary>Something counted, beside what it has to be.</summary>
/// <param name="Scene">Where in the story it was counted.</param>
/// <param name="Expected">In words; "reported" when every value is fine.</param>
public sealed record Fact(string Scene, string Name, string Expected, string Actual, bool Holds);
