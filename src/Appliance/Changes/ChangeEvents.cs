using Blackwall.Events;

namespace Blackwall.Changes;

/// <summary>What is told of changes of the policy.</summary>
internal static class ChangeEvents
{
    public static readonly EventType<PolicyChange, ChangeEventBody> Change = EventType.For<PolicyChange, ChangeEventBody>("change", ChangeEventBody.From, ChangeJson.Default.ChangeEventBody);
}
