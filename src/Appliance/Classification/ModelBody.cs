using Blackwall.Api.Contracts;

namespace Blackwall.Classification;

/// <summary>The language model, and how it goes.</summary>
/// <param name="Mode">What its opinions are for.</param>
/// <param name="State">off, ready, paused (it failed and is left alone) or waiting (the minute's tokens are spent).</param>
/// <param name="Endpoint">Where its server is.</param>
/// <param name="Model">Its name.</param>
/// <param name="FallbackModel">Asked when the first one gives no valid answer; null: none.</param>
/// <param name="FailuresInARow">Since the last valid answer.</param>
/// <param name="LastFailure">What went wrong last; null: nothing has since the start.</param>
/// <param name="PausedSeconds">How long the server is still left alone.</param>
/// <param name="TokensLeft">What is left of the minute's tokens.</param>
/// <param name="Waiting">Sources that wait to be asked about.</param>
/// <param name="Questions">Questions since the start.</param>
/// <param name="Failures">Questions without a valid answer.</param>
/// <param name="Opinions">Opinions since the start.</param>
/// <param name="Limits">Rate limits that followed.</param>
/// <param name="Embedded">Whether the embedded model looks at flows (ai.embedded).</param>
/// <param name="EmbeddedVersion">Hash of its weights and code.</param>
/// <param name="EmbeddedData">Hash of what it was trained on.</param>
public sealed record ModelBody(
    [property: Word(OpinionWords.ModeList)] string Mode,
    [property: Word(OpinionWords.StateList)] string State,
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
