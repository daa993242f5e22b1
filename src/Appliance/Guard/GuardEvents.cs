using Blackwall.Events;

namespace Blackwall.Guard;

/// <summary>What is told of the guard set.</summary>
internal static class GuardEvents
{
    public static readonly EventType<GuardEventBody, GuardEventBody> Changed = EventType.For("guard", GuardJson.Default.GuardEventBody);
}
