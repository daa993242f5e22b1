using System.Text.Json.Serialization;

namespace Blackwall.Notifications;

/// <summary>How the bodies of notifications are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NotificationBody))]
[JsonSerializable(typeof(NotificationList))]
internal sealed partial class NotifyJson : JsonSerializerContext;
