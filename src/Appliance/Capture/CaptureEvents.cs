using Blackwall.Events;

namespace Blackwall.Capture;

/// <summary>What is told of captures; for whoever may read them.</summary>
internal static class CaptureEvents
{
    public static readonly EventType<CaptureEventBody, CaptureEventBody> Moved =
        EventType.For("capture", CaptureJson.Default.CaptureEventBody, scope: CaptureScopes.Read);
}
