namespace Blackwall.Client.Classification;

/// <summary>The language model, and how it goes.</summary>
public sealed record ModelStatus(
    string Mode,
    string State,
    string Endpoint,
    string Model,
    string? FallbackModel,
    int FailuresInARow,
    string? LastFailure,
    long PausedSeconds,
    long TokensLeft,
    int Waiting,
    long Questions,
    long Failures,
    long Opinions,
    long Limits,
    bool Embedded,
    string EmbeddedVersion,
    string EmbeddedData);
