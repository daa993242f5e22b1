namespace Blackwall.Lab.Edge;

/// <summary>Body of POST /decisions.</summary>
/// <param name="TtlSeconds">How long it shall hold.</param>
public sealed record DecisionWish(string Scope, string Verdict, int TtlSeconds, string Comment);
