using System.Text.Json;
using Blackwall.Events;

namespace Blackwall.Changes;

/// <summary>What is told of changes of the policy.</summary>
internal static class ChangeEvents
{
    public static readonly EventType Change = EventType.For<PolicyChange>("change", change => JsonSerializer.SerializeToUtf8Bytes(ChangeEventBody.Of(change), ChangeJson.Default.ChangeEventBody));
}
