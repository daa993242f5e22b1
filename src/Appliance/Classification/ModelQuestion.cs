namespace Blackwall.Classification;

/// <summary>One question to a model.</summary>
/// <param name="Endpoint">Of the server.</param>
/// <param name="Model">Its name.</param>
/// <param name="Cases">The sources as JSON: numbers under words of ours.</param>
/// <param name="Count">How many sources.</param>
/// <param name="Timeout">For all of it.</param>
internal sealed record ModelQuestion(Uri Endpoint, string Model, string Cases, int Count, TimeSpan Timeout);
