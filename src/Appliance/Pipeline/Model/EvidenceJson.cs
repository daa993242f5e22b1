using System.Text.Json;
using System.Text.Json.Serialization;

namespace Blackwall.Pipeline.Model;

/// <summary>Facts of evidence as JSON, as the store keeps them and clients read them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EvidenceFacts))]
internal sealed partial class EvidenceJson : JsonSerializerContext
{
    public static string? Write(EvidenceFacts? facts) => facts is null ? null : JsonSerializer.Serialize(facts, Default.EvidenceFacts);

    /// <summary>Null: there are none, or they make no sense.</summary>
    public static EvidenceFacts? Read(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, Default.EvidenceFacts);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
