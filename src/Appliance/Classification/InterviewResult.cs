namespace Blackwall.Classification;

/// <summary>A valid answer.</summary>
/// <param name="Model">Who gave it.</param>
/// <param name="Exchange">Number of the exchange; 0: it could not be stored.</param>
/// <param name="Opinions">In the order in which the sources were asked about.</param>
internal sealed record InterviewResult(string Model, long Exchange, IReadOnlyList<(OpinionCategory Category, int Percent)> Opinions);
