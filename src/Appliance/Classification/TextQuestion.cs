namespace Blackwall.Classification;

/// <summary>What a model is to write.</summary>
/// <param name="Endpoint">Of the server.</param>
/// <param name="Model">Its name.</param>
/// <param name="System">The instructions.</param>
/// <param name="Prompt">What they are about.</param>
/// <param name="MostTokens">Of the answer.</param>
internal sealed record TextQuestion(Uri Endpoint, string Model, string System, string Prompt, int MostTokens);
