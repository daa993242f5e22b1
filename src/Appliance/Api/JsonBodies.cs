using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Blackwall.Api;

/// <summary>How bodies are read and written: strictly, and by what the features declare alone.</summary>
internal static class JsonBodies
{
    public static void Configure(JsonSerializerOptions options, IEnumerable<IJsonTypeInfoResolver?> features)
    {
        // Ours alone: a type that nobody declared is a bug, not a reason for reflection.
        options.TypeInfoResolverChain.Clear();
        foreach (IJsonTypeInfoResolver resolver in features.OfType<IJsonTypeInfoResolver>())
        {
            options.TypeInfoResolverChain.Add(resolver);
        }

        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 16;
    }
}
