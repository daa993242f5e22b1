using System.Text.Json.Serialization;

namespace Blackwall.Api.Settings;

/// <summary>How the bodies of /config are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReloadBody))]
internal sealed partial class SettingsJson : JsonSerializerContext;
