
namespace Blackwall.Capture;

/// <summary>What came of asking for a capture: one of the two.</summary>
/// <param name="Capture">The capture that runs.</param>
/// <param name="Refusal">Why there is none, in a sentence.</param>
/// <param name="IsNew">False: the source was captured already, and is for longer now.</param>
internal readonly record struct CaptureAnswer(CaptureRecord? Capture, string? Refusal, bool IsNew);
