namespace Blackwall.Pipeline.Ports;

/// <summary>A thread without which nothing is judged or enforced, and how often it went round: a number that stands still for seconds is a thread that hangs.</summary>
/// <param name="Name">Whose thread.</param>
/// <param name="Read">Rounds so far; grows at least once in two seconds.</param>
public sealed record RoundCounter(string Name, Func<long> Read);
