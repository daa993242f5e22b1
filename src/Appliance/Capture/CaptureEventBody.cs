using Blackwall.Api.Contracts;

namespace Blackwall.Capture;

/// <summary>Data of the event "capture".</summary>
/// <param name="Change">started, ended or deleted.</param>
/// <param name="Capture">The capture after it.</param>
public sealed record CaptureEventBody([property: Word(CaptureFeature.ChangeWords)] string Change, CaptureBody Capture)
{
    public const string Started = "started";
    public const string Ended = "ended";
    public const string Deleted = "deleted";
}
