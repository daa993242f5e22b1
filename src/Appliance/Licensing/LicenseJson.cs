using System.Text.Json.Serialization;

namespace Blackwall.Licensing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LicensePayload))]
[JsonSerializable(typeof(RevocationPayload))]
[JsonSerializable(typeof(LicenseBody))]
internal sealed partial class LicenseJson : JsonSerializerContext;
